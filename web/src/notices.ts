// <gmail-notices>: who has written, live.

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { Problem } from "./api.js";
import { GmailElement } from "./element.js";
import { events } from "./live.js";
import { shared } from "./style.js";
import type { Notice } from "./types.js";

/** The pause after the first fault; each further one doubles it, up to the last. A stream that lasted longer went well. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;
const PAGE = 50;
/** What has not come by then does not come, and the stream waits for it. */
const LIST_MS = 45_000;
/** After these events the list may lack something: before the stream was ready, nothing was told. */
const UNTOLD = new Set(["ready", "reset"]);

interface Page {
  items: Notice[];
  next_cursor: string | null;
}

/**
 * Notices of contacts' mail, newest first. Opening one fires `gmail-open-contact`
 * (detail: `{contactId, mailbox, messageId}`), which the host's page turns into its own way to a record.
 */
@customElement("gmail-notices")
export class GmailNotices extends GmailElement {
  static override styles = [
    shared,
    css`
      li {
        border-block-end: 1px solid var(--_line);
        padding-block: calc(var(--_gap) / 2);
      }
      li:last-child {
        border: 0;
      }
      .unread {
        font-weight: 700;
      }
      /* The name is underlined, not the dot and the gap beside it. */
      button.plain {
        text-decoration: none;
      }
      button.plain bdi {
        text-decoration: underline;
      }
      .unread::before {
        content: "";
        display: inline-block;
        inline-size: 0.6em;
        block-size: 0.6em;
        border-radius: 50%;
        background: var(--_main);
        margin-inline-end: 0.4em;
      }
    `,
  ];

  @state() private notices: Notice[] | null = null;
  @state() private next: string | null = null;
  /** The list could not be read when it should have been, or holds what is gone. */
  private behind = false;
  /** Ends the stream that is followed; null before anything was read. */
  private leaving: AbortController | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved to another place of the page, it goes on there.
    if (this.leaving) void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leaving?.abort();
  }

  protected override async load(): Promise<void> {
    this.leaving?.abort();
    this.leaving = new AbortController();
    // Lit also updates what is in no page; it reads when it comes into one.
    if (!this.isConnected) return;
    const { signal } = this.leaving;
    await this.refresh(signal);
    void this.follow(signal);
  }

  private async refresh(signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(LIST_MS);
    try {
      const path = `/notify/notices?limit=${PAGE}`;
      const page = await this.api.call<Page>("GET", path, undefined, {}, AbortSignal.any([signal, limit]));
      const known = this.notices ?? [];
      const listed = new Set(page.items.map((row) => row.id));
      // Where a full page holds nothing that was known, others may lie between: the list begins anew.
      const goesOn = page.next_cursor !== null && known.some((row) => listed.has(row.id));
      const oldest = page.items.at(-1);
      const last = oldest === undefined ? -Infinity : receivedMs(oldest);
      // What the page should hold and does not is gone.
      const older = goesOn ? known.filter((row) => !listed.has(row.id) && receivedMs(row) <= last) : [];
      this.notices = merged([...known.filter((row) => listed.has(row.id)), ...older], page.items);
      if (older.length === 0) this.next = page.next_cursor;
      this.behind = false;
      this.fault = null;
    } catch (fault) {
      if (signal.aborted) return;
      this.behind = true;
      this.fault = limit.aborted ? new Problem(0, { code: "unreachable" }) : fault;
    }
  }

  /**
   * Follows the stream. The server ends it with its token, and before its own time is over: the next one begins at once,
   * with a new token. Where there is none, or it breaks, it is tried again ever more slowly, and the list read meanwhile.
   */
  private async follow(signal: AbortSignal): Promise<void> {
    let last = "";
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const began = Date.now();
      let broken = false;
      try {
        for await (const event of events(this.api, "/notify/stream", last, signal)) {
          if (signal.aborted) return;
          if (event.id) last = event.id;
          // A list that is behind is read again with whatever is told.
          if (UNTOLD.has(event.event) || this.behind) await this.refresh(signal);
          else if (event.event === "notice") this.notices = merged(this.notices ?? [], [JSON.parse(event.data) as Notice]);
        }
      } catch (fault) {
        if (signal.aborted) return;
        broken = true;
        if (fault instanceof Problem && fault.status === 401) this.fault = fault;
      }
      if (Date.now() - began > LAST_PAUSE_MS) pause = FIRST_PAUSE_MS;
      if (!broken && Date.now() - began > FIRST_PAUSE_MS) continue;
      // Not all pages at the same moment, when a server is there again.
      await new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 4)));
      pause = Math.min(2 * pause, LAST_PAUSE_MS);
      if (!signal.aborted) await this.refresh(signal);
    }
  }

  private async more(): Promise<void> {
    await this.doing(async () => {
      const { next } = this;
      const page = await this.api.call<Page>("GET", `/notify/notices?limit=${PAGE}&cursor=${next ?? ""}`);
      // Pressed twice, or the list has begun anew since: these are not the rows that come next.
      if (next !== this.next) return;
      this.notices = merged(this.notices ?? [], page.items);
      this.next = page.next_cursor;
    });
  }

  private open(notice: Notice): void {
    const detail = { contactId: notice.contact?.id ?? null, mailbox: notice.mailbox, messageId: notice.id };
    this.dispatchEvent(new CustomEvent("gmail-open-contact", { detail, bubbles: true, composed: true }));
    void this.markRead(notice);
  }

  private async markRead(notice: Notice): Promise<void> {
    await this.doing(async () => {
      try {
        await this.api.call("POST", `/notify/notices/${encodeURIComponent(notice.id)}/read`);
        this.notices = (this.notices ?? []).map((row) => (row.id === notice.id ? { ...row, read: true } : row));
      } catch (fault) {
        if (!(fault instanceof Problem && fault.status === 404)) throw fault;
        // It was erased elsewhere, and others may be with it. Only the stream reads the list: beside it, a notice that is
        // told meanwhile would be taken for gone.
        this.notices = (this.notices ?? []).filter((row) => row.id !== notice.id);
        this.behind = true;
      }
    });
  }

  protected override render(): TemplateResult {
    return html`<section class="card" aria-busy=${this.notices === null && !this.fault}>
      <h2>
        ${this.say("notices.title")}
        <span role="status">
          ${this.notices === null ? nothing : this.unread(this.notices)}
        </span>
      </h2>
      ${this.fault ? html`<p class="wrong" role="alert">${this.explain(this.fault)}</p>` : nothing}
      ${this.list()}
      ${this.next ? html`<button @click=${() => this.more()}>${this.say("list.more")}</button>` : nothing}
    </section>`;
  }

  /** Only what was read can be counted: while there is more, the number is the least that it may be. */
  private unread(notices: Notice[]): TemplateResult | typeof nothing {
    const n = notices.filter((notice) => !notice.read).length;
    if (this.next === null) return html`<span class="chip">${this.say("notices.unread", { n })}</span>`;
    return n === 0 ? nothing : html`<span class="chip">${this.say("notices.unread_at_least", { n })}</span>`;
  }

  private list(): TemplateResult | typeof nothing {
    if (this.notices === null) return this.fault ? nothing : html`<p class="quiet">${this.say("list.loading")}</p>`;
    if (this.notices.length === 0) return html`<p class="quiet">${this.say("notices.none")}</p>`;
    return html`<ul class="plain">
      ${this.notices.map((notice) => this.row(notice))}
    </ul>`;
  }

  private row(notice: Notice): TemplateResult {
    const who = notice.contact?.name ?? notice.from;
    return html`<li>
      <div class="row">
        <button class="plain ${notice.read ? "" : "unread"}" @click=${() => this.open(notice)}><bdi>${who}</bdi></button>
        <span class="quiet">${this.formats.moment(notice.received_at)}</span>
        ${notice.read
          ? nothing
          : html`<button
              aria-label=${this.say("notices.mark_read_of", { who })}
              @click=${() => this.markRead(notice)}
            >
              ${this.say("notices.mark_read")}
            </button>`}
      </div>
    </li>`;
  }
}

/** Each notice once, newest mail first; what is read stays so. */
function merged(known: Notice[], rows: Notice[]): Notice[] {
  const all = new Map(known.map((row) => [row.id, row]));
  for (const row of rows) all.set(row.id, { ...row, read: row.read || all.get(row.id)?.read === true });
  return [...all.values()].sort((a, b) => receivedMs(b) - receivedMs(a));
}

/** A number, because as text a whole second ("…54Z") stands after its own fractions ("…54.029Z"). */
function receivedMs(notice: Notice): number {
  return Date.parse(notice.received_at);
}
