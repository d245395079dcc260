// <gmail-record contact-id>: a contact, the deals, and the mail exchanged with the contact, read live.

import { css, html, noChange, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";

import "./composer.js";
import { allows } from "./consent.js";
import { contactCard } from "./contact-card.js";
import { draftCard } from "./draft-card.js";
import { deleteDraft, isTo, unsent } from "./drafts.js";
import { GmailElement } from "./element.js";
import "./failed-mails.js";
import { key, olderThan, withOpened } from "./mail-list.js";
import { rowHead, rowStyle } from "./mail-row.js";
import "./message.js";
import { isShared, share } from "./shares.js";
import { sourceCard, toolsCard, toSettings, type Source } from "./source-card.js";
import { shared } from "./style.js";
import type { ContactPage, Mailbox, MessageSummary, WrittenDraft } from "./types.js";
import { Windowed, type Block } from "./windowed.js";
import type { Key, Values } from "./words/index.js";

const PAGE = 25;

/**
 * `settings-url` is the host's page with `<gmail-settings>`, offered where the user must act there.
 * Call `refresh()` when the contact or the mail may have changed.
 */
@customElement("gmail-record")
export class GmailRecord extends GmailElement {
  static override styles = [
    shared,
    rowStyle,
    css`
      :host {
        container-type: inline-size;
      }
      .columns {
        display: grid;
        gap: var(--_gap);
        grid-template-columns: minmax(0, 1fr);
      }
      @container (min-width: 48rem) {
        .columns {
          grid-template-columns: minmax(14rem, 19rem) minmax(0, 1fr);
          align-items: start;
        }
      }
      .line {
        padding-block: 0.4em;
      }
      .address {
        overflow-wrap: anywhere;
      }
      .list {
        padding: 0;
        overflow: clip;
      }
      .top {
        justify-content: space-between;
        margin-block-end: calc(var(--_gap) / 2);
      }
      .top h2 {
        margin: 0;
      }
    `,
  ];

  @property({ attribute: "contact-id" }) contactId = "";
  @property({ attribute: "settings-url" }) settingsUrl: string | null = null;

  @state() private contact: ContactPage["contact"] | null = null;
  @state() private mails: MessageSummary[] = [];
  @state() private sources: Source[] = [];
  @state() private next: string | null = null;
  @state() private open: string | null = null;
  @state() private composing = false;
  @state() private drafts: WrittenDraft[] = [];
  /** The draft that the composer goes on with. */
  private draft: WrittenDraft | null = null;
  @state() private offline = !navigator.onLine;
  @state() private loadingMore = false;
  /** The caller's mailbox; null where none is connected, undefined while that is not known. */
  @state() private mailbox: Mailbox | null | undefined = undefined;
  /** Why that, and what is shared, could not be read. */
  @state() private unknown: unknown = null;
  /** Counts the contacts that were shown: what was asked for an earlier one is dropped when it comes. */
  private turn = 0;
  /** Counts the readings of the newest mail: of two under way the later one is true. */
  private readings = 0;
  private readonly windowed = new Windowed(this, () => this.renderRoot);
  /** Whether mail with this contact is shared; null where sharing is not chosen by contact. */
  @state() private isShared: boolean | null = null;

  private readonly word = (key: Key, values?: Values): string => this.say(key, values);

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("online", this.onLine);
    window.addEventListener("offline", this.onLine);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("online", this.onLine);
    window.removeEventListener("offline", this.onLine);
  }

  private readonly onLine = (): void => {
    this.offline = !navigator.onLine;
    if (!this.offline) void this.refresh();
  };

  override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!changed.has("contactId") || changed.get("contactId") === undefined) return;
    this.leave();
    if (!changed.has("token")) void this.load();
  }

  /** Nothing of the contact before is left: not the list, nor what was opened or begun. */
  private leave(): void {
    this.turn += 1;
    this.contact = null;
    this.mails = [];
    this.sources = [];
    this.next = null;
    this.open = null;
    this.composing = false;
    this.draft = null;
    this.drafts = [];
    this.isShared = null;
    this.unknown = null;
    this.loadingMore = false;
    this.fault = null;
    this.said = "";
    this.windowed.forget();
  }

  /** The answer; where another contact is shown by then, a fault that `doing` tells nobody. */
  private async ofThisContact<Answer>(asked: Promise<Answer>): Promise<Answer> {
    const { turn } = this;
    const answer = await asked;
    if (turn !== this.turn) throw new Error("another contact is shown");
    return answer;
  }

  protected override doing(work: () => Promise<void>): Promise<boolean> {
    const { turn } = this;
    return super.doing(async () => {
      try {
        await work();
      } catch (fault) {
        if (turn === this.turn) throw fault;
      }
    });
  }

  /** Reads the contact and the newest mail again; what is open stays open. */
  async refresh(): Promise<void> {
    await this.load();
  }

  private pagePath(cursor: string | null): string {
    const from = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    return `/proxy/contacts/${encodeURIComponent(this.contactId)}/messages?limit=${PAGE}${from}`;
  }

  protected override async load(): Promise<void> {
    if (this.contactId === "") return;
    void this.loadSharing();
    const { said } = this;
    const reading = ++this.readings;
    await this.doing(async () => {
      const page = await this.ofThisContact(this.api.call<ContactPage>("GET", this.pagePath(null)));
      this.said ||= said;
      if (reading !== this.readings) return;
      const older = this.contact === null ? [] : olderThan(page, this.mails);
      this.contact = page.contact;
      this.mails = withOpened([...page.items, ...older], this.mails.find((mail) => key(mail) === this.open));
      this.sources = page.sources;
      if (older.length === 0) this.next = page.next_cursor;
    });
  }

  /** Apart from the mail: that it cannot be told is no reason to show none. */
  private async loadSharing(): Promise<void> {
    const { turn } = this;
    try {
      this.mailbox = await this.ofThisContact(this.api.mailbox());
      const custom = this.mailbox?.settings.sharing === "custom" ? this.mailbox : null;
      this.isShared = custom ? await this.ofThisContact(isShared(this.api, custom.id, this.contactId)) : null;
      const waits = this.shadowRoot?.activeElement?.matches(".again");
      this.unknown = null;
      // The button is gone. Who went on elsewhere stays there.
      if (waits) void this.focusOn(".write");
      await this.loadDrafts();
    } catch (fault) {
      if (turn !== this.turn) return;
      this.mailbox = undefined;
      this.unknown = fault;
    }
  }

  /** The drafts are the mailbox's, whichever contact is shown. */
  private async loadDrafts(): Promise<void> {
    this.drafts = this.mailbox && allows("send", this.mailbox) ? await unsent(this.api) : [];
  }

  private async more(): Promise<void> {
    if (this.loadingMore) return;
    this.loadingMore = true;
    const before = this.mails.length;
    const { turn } = this;
    let waits: boolean | undefined;
    await this.doing(async () => {
      const page = await this.ofThisContact(this.api.call<ContactPage>("GET", this.pagePath(this.next)));
      waits = this.shadowRoot?.activeElement?.matches(".older");
      this.mails = [...this.mails, ...page.items];
      this.sources = page.sources;
      this.next = page.next_cursor;
    });
    if (turn !== this.turn) return;
    this.loadingMore = false;
    const first = this.mails[before];
    if (first) this.windowed.bring(first, this.mails, key);
    this.requestUpdate();
    // The button may be gone; the keyboard goes on at the first mail that is new. Who went on elsewhere stays there.
    if (waits) await this.focusOn(`li[aria-posinset="${before + 1}"] > .head`);
  }

  private async share(mailbox: string, on: boolean): Promise<void> {
    this.isShared = on;
    await this.doing(async () => {
      const { stands, fault } = await this.ofThisContact(share(this.api, mailbox, this.contactId, on));
      this.isShared = stands;
      if (fault) throw fault;
      this.said = this.say(stands ? "share.on" : "share.off");
    });
  }

  private changed(event: CustomEvent<{ what: string; id: string }>): void {
    const { what, id } = event.detail;
    const change = what === "read" ? { unread: false } : what === "undone" ? { category: null } : {};
    this.mails = this.mails.map((mail) => (mail.id === id && mail.owner.you ? { ...mail, ...change } : mail));
    if (what === "drafted") void this.loadDrafts();
    else if (what !== "read") void this.refresh();
  }

  private closed(sent: boolean): void {
    const held = this.shadowRoot?.activeElement?.matches("gmail-composer");
    this.composing = false;
    // The focus goes back to the button that the mail began with.
    if (held) void this.focusOn(".write");
    if (!sent) {
      void this.loadDrafts();
      return;
    }
    this.said = this.say("compose.sent");
    void this.refresh();
  }

  protected override render(): TemplateResult {
    return html`
      <div role="status">${this.said ? html`<p class="quiet">${this.said}</p>` : nothing}</div>
      ${this.offline ? html`<p class="wrong card" role="alert">${this.say("problem.offline")}</p>` : nothing}
      ${this.fault && !this.offline ? this.wrong() : nothing} ${this.contact ? this.page(this.contact) : this.waiting()}
    `;
  }

  private waiting(): TemplateResult | typeof nothing {
    if (this.fault) return nothing;
    return html`<section class="card" aria-busy="true"><p class="quiet">${this.say("mail.loading")}</p></section>`;
  }

  private wrong(): TemplateResult {
    return html`<section class="card">
      <p class="wrong" role="alert">${this.explain(this.fault)}</p>
      <button @click=${() => this.refresh()}>${this.say("list.again")}</button>
    </section>`;
  }

  private page(contact: ContactPage["contact"]): TemplateResult {
    return html`<div class="columns">
      <div>${contactCard(contact, this.word, this.formats)}</div>
      <section aria-labelledby="mail">
        <div class="row top">
          <h2 id="mail">${this.say("mail.title")}</h2>
          ${this.mailbox ? this.tools(this.mailbox.id) : nothing}
        </div>
        ${this.unknown && !this.fault ? toolsCard(this.explain(this.unknown), () => this.loadSharing(), this.word) : nothing}
        ${this.failed()}
        ${this.composing ? this.composer(contact) : this.unsent(contact)} ${this.sources.map((source) => sourceCard(source, this.settingsUrl, this.word))}
        ${this.mailbox === null ? html`<p class="card">${this.say("mail.not_connected")} ${toSettings(this.settingsUrl, this.word)}</p>` : nothing}
        ${this.list()}
      </section>
    </div>`;
  }

  private tools(mailbox: string): TemplateResult {
    return html`<div class="row">
      ${this.isShared === null
        ? nothing
        : html`<label class="row">
            <input
              type="checkbox"
              .checked=${live(this.isShared)}
              @change=${(event: Event) => this.share(mailbox, (event.target as HTMLInputElement).checked)}
            />
            ${this.say("share.email")}
          </label>`}
      <button class="write" ?disabled=${this.composing} @click=${() => this.write()}>${this.say("compose.new")}</button>
    </div>`;
  }

  private write(draft: WrittenDraft | null = null): void {
    this.draft = draft;
    this.composing = true;
  }

  /** New mail to the contact that was begun and not sent; answers are offered below the mail they answer. */
  private unsent(contact: ContactPage["contact"]): TemplateResult[] {
    const discard = (draft: WrittenDraft): Promise<boolean> =>
      this.doing(() => deleteDraft(this.api, draft.id).then(() => this.loadDrafts()));
    return this.drafts
      .filter((draft) => draft.in_reply_to === null && isTo(draft, contact.addresses))
      .map((draft) => draftCard(draft, () => this.write(draft), () => discard(draft), this.word, this.formats));
  }

  private composer(contact: ContactPage["contact"]): TemplateResult {
    const { turn } = this;
    const closed = (event: CustomEvent<{ sent: boolean }>): void => {
      // One that went out after its contact was left must not close another one's.
      if (turn === this.turn) this.closed(event.detail.sent);
    };
    return html`<gmail-composer
      .returnUrl=${this.returnUrl}
      .endpoint=${this.endpoint}
      .token=${this.token}
      .mailbox=${this.mailbox?.id ?? noChange}
      .to=${contact.addresses[0] ?? ""}
      .draft=${this.draft}
      @gmail-composer-closed=${closed}
    ></gmail-composer>`;
  }

  private failed(): TemplateResult {
    return html`<gmail-failed-mails .mailbox=${this.mailbox} @gmail-changed=${(event: CustomEvent) => this.changed(event)}></gmail-failed-mails>`;
  }

  private list(): TemplateResult {
    if (this.mails.length === 0) return html`<p class="card quiet">${this.say("mail.none")}</p>`;
    const blocks = this.windowed.blocks(this.mails, key);
    return html`<div class="card list" role="list" aria-labelledby="mail" @gmail-changed=${(event: CustomEvent) => this.changed(event)}>
        ${repeat(blocks, (block) => block.number, (block) => this.block(block))}
      </div>
      ${this.next
        ? html`<button class="older" aria-disabled=${this.loadingMore} @click=${() => this.more()}>${this.say("mail.more")}</button>`
        : nothing}`;
  }

  /** A block far from the screen is empty, and as high as it was. */
  private block({ number, at: first, rows }: Block<MessageSummary>): TemplateResult {
    const near = this.windowed.isNear(number);
    const height = near ? "" : `block-size:${this.windowed.heightOf(number, rows.length)}px`;
    return html`<ul class="plain" role="presentation" data-block=${number} .style=${height}>
      ${near ? repeat(rows, key, (mail, at) => this.row(mail, first + at)) : nothing}
    </ul>`;
  }

  private row(mail: MessageSummary, at: number): TemplateResult {
    const name = key(mail);
    const open = this.open === name;
    const toggle = (): void => {
      const left = this.open !== null;
      this.open = open ? null : name;
      // The mail that is left may have an answer begun in it.
      if (left) void this.updateComplete.then(() => this.loadDrafts());
    };
    // The last one's number is not known while there is older mail (WAI-ARIA 1.2, aria-setsize).
    const size = this.next === null ? this.mails.length : -1;
    const drafted = mail.owner.you && this.drafts.some((draft) => draft.in_reply_to !== null && draft.thread_id === mail.thread_id);
    return html`<li class="mail" role="listitem" aria-posinset=${at + 1} aria-setsize=${size}>
      ${rowHead(mail, open, drafted, `mail-${name}`, toggle, this.word, this.formats)}
      ${open
        ? html`<div class="body" id=${`mail-${name}`}>
            <gmail-message .returnUrl=${this.returnUrl} .endpoint=${this.endpoint} .token=${this.token} .summary=${mail} .drafts=${this.drafts}></gmail-message>
          </div>`
        : nothing}
    </li>`;
  }
}
