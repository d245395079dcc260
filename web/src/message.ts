// <gmail-message>: one opened mail: its text, pictures, files, why it is labelled, and the answer to it.

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";

import "./composer.js";
import { draftCard } from "./draft-card.js";
import { deleteDraft, modeOf } from "./drafts.js";
import { explanation, type Explanation } from "./explanation.js";
import { GmailElement } from "./element.js";
import { filesOf, save } from "./files.js";
import { foldQuotes, frameDocument, guessedHeight, SANDBOX, withInlinePictures } from "./frame.js";
import type { Mode } from "./replying.js";
import { shared } from "./style.js";
import type { Attachment, Message, MessageSummary, Person, WrittenDraft } from "./types.js";
import { isKey, type Key } from "./words/index.js";

const MODES: Mode[] = ["reply", "reply_all", "forward"];

interface Undone {
  reversed: number;
  skipped: { id: string; because: string }[];
}

/** Fires `gmail-changed` after something was sent, drafted, read or undone: the list around it is no longer true. */
@customElement("gmail-message")
export class GmailMessage extends GmailElement {
  static override styles = [
    shared,
    css`
      iframe {
        inline-size: 100%;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        display: block;
        resize: vertical;
      }
      .text {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .row,
      details {
        margin-block: calc(var(--_gap) / 2);
      }
      /* Whose buttons are whose. */
      details > gmail-message {
        border-inline-start: 3px solid var(--_line);
        padding-inline-start: calc(var(--_gap) / 2);
      }
      summary {
        cursor: pointer;
        color: var(--_main);
      }
    `,
  ];

  @property({ attribute: false }) summary!: MessageSummary;
  /** The mail itself, where it has been read already as part of a conversation. */
  @property({ attribute: false }) given: Message | null = null;

  /** The unsent drafts of the mailbox's owner, whichever mail they answer. */
  @property({ attribute: false }) drafts: readonly WrittenDraft[] = [];

  @state() private message: Message | null = null;
  /** The mail's HTML with the pictures that came in it; null where it has none. */
  @state() private page: string | null = null;
  @state() private height = 0;
  @state() private why: Explanation | null = null;
  @state() private thread: Message[] | null = null;
  @state() private answering: Mode | null = null;
  /** The draft that the answer goes on with. */
  private draft: WrittenDraft | null = null;

  private get path(): string {
    const { mailbox, id } = this.summary;
    return `/proxy/mailboxes/${encodeURIComponent(mailbox)}/messages/${encodeURIComponent(id)}`;
  }

  protected override async load(): Promise<void> {
    // Pictures that the reader asked for stay.
    const pictures = this.message?.images === "show";
    await this.doing(async () => this.show((!pictures && this.given) || (await this.read(pictures))));
    if (this.message?.unread && this.message.owner.you) void this.markRead();
  }

  private read(pictures: boolean): Promise<Message> {
    return this.api.call<Message>("GET", pictures ? `${this.path}?images=show` : this.path);
  }

  private async show(message: Message): Promise<void> {
    if (message.html !== null) {
      const bytes = (id: string): Promise<Blob> => this.bytes(id);
      this.page = await withInlinePictures(message, message.html, bytes);
      this.height ||= guessedHeight(foldQuotes(this.page, ""), this.clientWidth);
    }
    this.message = message;
  }

  private async markRead(): Promise<void> {
    const path = `/proxy/messages/${encodeURIComponent(this.summary.id)}/flags`;
    // A mail that stays marked as unread is no reason to trouble its reader.
    await this.api.call("POST", path, { read: true }).then(() => this.changed("read"), () => undefined);
  }

  private changed(what: "read" | "sent" | "drafted" | "undone"): void {
    const detail = { what, id: this.summary.id };
    this.dispatchEvent(new CustomEvent("gmail-changed", { detail, bubbles: true, composed: true }));
  }

  private async bytes(attachment: string): Promise<Blob> {
    const response = await this.api.raw("GET", `${this.path}/attachments/${encodeURIComponent(attachment)}`);
    return response.blob();
  }

  private async showPictures(): Promise<void> {
    await this.doing(async () => this.show(await this.read(true)));
  }

  private async saveFile(file: Attachment): Promise<void> {
    await this.doing(async () => save(await this.bytes(file.id), file.name || file.id));
  }

  private async ask(): Promise<void> {
    if (this.why) {
      this.why = null;
      return;
    }
    const path = `/labeler/explain/${encodeURIComponent(this.summary.id)}`;
    await this.doing(async () => {
      this.why = await this.api.call<Explanation>("GET", path);
    });
  }

  private async undo(): Promise<void> {
    await this.doing(async () => {
      const undone = await this.api.call<Undone>("POST", "/labeler/undo", { message: this.summary.id });
      this.why = null;
      const because = `skip.${undone.skipped[0]?.because ?? ""}`;
      const why = isKey(because) ? ` ${this.say(because)}` : "";
      this.said = undone.reversed > 0 ? this.say("label.undone") : this.say("label.not_undone") + why;
      if (undone.reversed > 0) this.changed("undone");
    });
  }

  private async readThread(): Promise<void> {
    const { mailbox, thread_id: thread } = this.summary;
    const path = `/proxy/mailboxes/${encodeURIComponent(mailbox)}/threads/${encodeURIComponent(thread)}`;
    await this.doing(async () => {
      this.thread = (await this.api.call<{ items: Message[] }>("GET", path)).items;
    });
  }

  protected override render(): TemplateResult {
    const { message } = this;
    return html`
      <div role="status">${this.said ? html`<p class="quiet">${this.said}</p>` : nothing}</div>
      ${this.fault ? this.wrong() : nothing}
      ${message ? this.opened(message) : nothing}
      ${message || this.fault ? nothing : html`<p class="quiet" aria-busy="true">${this.say("list.loading")}</p>`}
    `;
  }

  private wrong(): TemplateResult {
    return html`<p class="wrong" role="alert">${this.explain(this.fault)}</p>
      ${this.message ? nothing : html`<button @click=${() => this.load()}>${this.say("list.again")}</button>`}`;
  }

  private opened(message: Message): TemplateResult {
    return html`
      <p class="quiet">
        ${this.people("message.to", message.to)} ${message.cc.length > 0 ? this.people("message.cc", message.cc) : nothing}
      </p>
      ${message.verified === false ? html`<p class="quiet">⚠ ${this.say("message.unverified")}</p>` : nothing}
      ${message.notes.map((note) => this.note(note))} ${this.pictures(message)} ${this.body(message)}
      ${this.files(message)} ${this.label(message)} ${this.conversation(message)} ${this.answer(message)}
    `;
  }

  private people(key: "message.to" | "message.cc", people: Person[]): TemplateResult {
    return html`<bdi>${this.say(key, { names: people.map((one) => one.name || one.address).join(", ") })}</bdi>`;
  }

  private note(note: string): TemplateResult {
    const key = `note.${note}`;
    return html`<p class="quiet">${this.say(isKey(key) ? key : "note.other")}</p>`;
  }

  private pictures(message: Message): TemplateResult | typeof nothing {
    if (message.remote_images === 0 || message.images === "show") return nothing;
    return html`<div class="row">
      <span class="quiet">${this.say("message.pictures_blocked", { n: message.remote_images })}</span>
      <button @click=${() => this.showPictures()}>${this.say("message.pictures_show")}</button>
    </div>`;
  }

  private body(message: Message): TemplateResult {
    const { page } = this;
    if (page !== null) {
      const pictures = message.images === "show";
      // Lit sets an object anew at each rendering, which would load the frame again under its reader.
      const frame = guard([page, pictures], () => frameDocument(page, pictures, this.say("message.earlier")));
      return html`<iframe
          sandbox=${SANDBOX}
          referrerpolicy="no-referrer"
          title=${this.say("message.frame")}
          height=${this.height}
          .srcdoc=${frame}
        ></iframe>
        <button class="plain" @click=${() => (this.height = Math.round(this.height * 1.8))}>
          ${this.say("message.taller")}
        </button>`;
    }
    if (!message.text.trim()) return html`<p class="quiet">${this.say("message.empty")}</p>`;
    const lines = message.text.split("\n");
    const quote = message.quote_line ?? lines.length;
    return html`<div class="text" dir="auto">${lines.slice(0, quote).join("\n").trimEnd()}</div>
      ${quote < lines.length
        ? html`<details>
            <summary>${this.say("message.earlier")}</summary>
            <div class="text quiet" dir="auto">${lines.slice(quote).join("\n")}</div>
          </details>`
        : nothing}`;
  }

  private files(message: Message): TemplateResult | typeof nothing {
    const files = filesOf(message);
    if (files.length === 0) return nothing;
    return html`<div class="row" role="group" aria-label=${this.say("message.files")}>
      ${files.map(
        (file) => html`<button @click=${() => this.saveFile(file)}>
          <bdi>${file.name || file.id}</bdi> · ${this.formats.size(file.size)}
        </button>`,
      )}
    </div>`;
  }

  private label(message: Message): TemplateResult | typeof nothing {
    if (!message.owner.you || message.direction === "out") return nothing;
    const key: Key = message.category ? `category.${message.category}` : "label.none";
    return html`<div class="row">
        <span class="chip ${message.category ?? ""}">${this.say(key)}</span>
        <button class="plain" aria-expanded=${this.why !== null} @click=${() => this.ask()}>
          ${this.say("label.why")}
        </button>
        ${message.category
          ? html`<button class="plain" @click=${() => this.undo()}>${this.say("label.undo")}</button>`
          : nothing}
      </div>
      ${this.why ? explanation(this.why, (key, values) => this.say(key, values), this.formats) : nothing}`;
  }

  private conversation(message: Message): TemplateResult | typeof nothing {
    if (this.given) return nothing;
    if (this.thread === null) {
      return html`<p><button class="plain" @click=${() => this.readThread()}>${this.say("thread.show")}</button></p>`;
    }
    const others = this.thread.filter((one) => one.id !== message.id);
    if (others.length === 0) return html`<p class="quiet" role="status">${this.say("thread.alone")}</p>`;
    return html`<h3>${this.say("thread.title")}</h3>
      ${others.map(
        (one) => html`<details>
          <summary><bdi>${one.from.name || one.from.address}</bdi> · ${this.formats.moment(one.date)}</summary>
          <gmail-message .returnUrl=${this.returnUrl} .endpoint=${this.endpoint} .token=${this.token} .summary=${one} .given=${one} .drafts=${this.drafts}></gmail-message>
        </details>`,
      )}`;
  }

  private answer(message: Message): TemplateResult | typeof nothing {
    if (!message.owner.you) return nothing;
    if (this.answering === null) {
      const draft = this.unsent(message);
      return html`${draft ? this.drafted(draft) : nothing}<div class="row">
        ${MODES.map(
          (mode) => html`<button data-mode=${mode} @click=${() => this.write(mode)}>${this.say(`compose.${mode}`)}</button>`,
        )}
      </div>`;
    }
    return html`<gmail-composer
      .returnUrl=${this.returnUrl}
      .endpoint=${this.endpoint}
      .token=${this.token}
      .mailbox=${this.summary.mailbox}
      .answered=${message}
      .mode=${this.answering}
      .draft=${this.draft}
      @gmail-composer-closed=${(event: CustomEvent<{ sent: boolean }>) => this.answered(event.detail.sent)}
    ></gmail-composer>`;
  }

  private write(mode: Mode, draft: WrittenDraft | null = null): void {
    this.draft = draft;
    this.answering = mode;
  }

  private unsent(message: Message): WrittenDraft | undefined {
    return this.drafts.find((draft) => draft.in_reply_to !== null && draft.in_reply_to === message.message_id);
  }

  private drafted(draft: WrittenDraft): TemplateResult {
    const go = (): void => this.write(modeOf(draft), draft);
    return draftCard(draft, go, () => this.discard(draft), (key, values) => this.say(key, values), this.formats);
  }

  private async discard(draft: WrittenDraft): Promise<void> {
    if (await this.doing(() => deleteDraft(this.api, draft.id))) this.changed("drafted");
  }

  private answered(sent: boolean): void {
    const held = this.shadowRoot?.activeElement?.matches("gmail-composer");
    const begun = `[data-mode="${this.answering}"]`;
    this.answering = null;
    // The focus goes back to the button that the answer began with.
    if (held) void this.focusOn(begun);
    if (sent) this.said = this.say("compose.sent");
    this.changed(sent ? "sent" : "drafted");
  }
}
