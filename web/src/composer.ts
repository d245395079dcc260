// <gmail-composer>: a new mail, an answer or a forward; kept as a draft while it is written, sent after ten seconds.

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { allows, openWindow, wanted } from "./consent.js";
import { Drafts } from "./drafts.js";
import { GmailElement } from "./element.js";
import { placesOf, sendFailed } from "./failed-mails.js";
import { base64, filesOf } from "./files.js";
import { recipients, split, subjectOf, toNamed, written, type Field, type Mode } from "./replying.js";
import { mayBeSent, SendKey } from "./send-key.js";
import { shared } from "./style.js";
import type { Mailbox, Message, WrittenDraft } from "./types.js";

const UNDO_S = 10;
/** The server's limit of the whole MIME message, less what base64 adds. */
const FILES_BYTES = 18_000_000;

interface Alias {
  name: string;
  address: string;
  verified: boolean;
  default: boolean;
}

/** Fires `gmail-composer-closed` (detail: `{sent}`). */
@customElement("gmail-composer")
export class GmailComposer extends GmailElement {
  static override styles = [
    shared,
    css`
      form {
        display: grid;
        gap: calc(var(--_gap) / 2);
      }
      label {
        display: grid;
        gap: 0.2em;
      }
      /* Comes late: after Send, which it may not move from under the pointer. */
      .from {
        grid-auto-flow: column;
        align-items: center;
        min-inline-size: 0;
      }
      .told:not(:empty) {
        margin-block-start: calc(var(--_gap) / 2);
      }
      textarea {
        min-block-size: 9em;
        resize: vertical;
      }
    `,
  ];

  /** The mail that is answered or forwarded; null for a new one. */
  @property({ attribute: false }) answered: Message | null = null;
  @property({ attribute: false }) mode: Mode | null = null;
  /** The draft to go on with. */
  @property({ attribute: false }) draft: WrittenDraft | null = null;
  /** To whom a new mail goes. */
  @property() to = "";
  /** The id of the mailbox that is written from, from whoever knows it first; null while nobody does. */
  mailbox: string | null = null;

  @state() private fields: Record<Field, string> = { to: "", cc: "", bcc: "", subject: "", text: "" };
  @state() private from = "";
  @state() private aliases: Alias[] = [];
  @state() private files: File[] = [];
  @state() private draftState: "" | "saved" | "failed" = "";
  /** Seconds until the mail goes out; null while it is written. */
  @state() private countdown: number | null = null;
  @state() private busy = false;
  private readonly key = new SendKey();
  /** The mailbox where Google has not been asked yet whether we may write; null where we may, or nobody knows. */
  @state() private unasked: Mailbox | null = null;
  private drafts: Drafts | null = null;
  private loaded: Promise<void> | null = null;
  /** All that is, or was, around it. */
  private places: Node[] = [];
  private clock: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.places = placesOf(this);
    window.addEventListener("beforeunload", this.ask);
    document.addEventListener("visibilitychange", this.saveUnseen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.ask);
    document.removeEventListener("visibilitychange", this.saveUnseen);
    // Moved to another place of the page, it is there again by then, and goes on.
    queueMicrotask(() => {
      if (!this.isConnected) this.leave();
    });
  }

  private leave(): void {
    this.asking.abort();
    // Whoever pressed Send and looked elsewhere wants it sent.
    if (this.countdown !== null) void this.send();
    else this.drafts?.flush();
  }

  protected override load(): Promise<void> {
    // A host that draws its page anew may give another way to the same token: what is written stays.
    this.loaded ??= this.read();
    return this.loaded;
  }

  private async read(): Promise<void> {
    const told = (saved: boolean): void => void (this.draftState = saved ? "saved" : "failed");
    this.drafts = new Drafts(() => this.api, told, this.draft?.id);
    this.fields = this.draft ? written(this.draft) : { ...this.fields, to: this.to };
    // At once: once Gmail has answered, somebody may be writing in another field.
    await this.focusFirst();
    await this.doing(async () => {
      const mailbox = await this.api.mailbox();
      const held = this.holdsFocus;
      if (mailbox) this.mailbox = mailbox.id;
      this.unasked = mailbox && !allows("send", mailbox) ? mailbox : null;
      // The question takes the place of the fields.
      if (this.unasked && held) await this.focusFirst();
      const { items } = await this.api.call<{ items: Alias[] }>("GET", "/proxy/aliases");
      this.aliases = items.filter((alias) => alias.verified);
      const before = this.draft?.from[0]?.address;
      const alias = items.find((one) => one.address === before) ?? items.find((one) => one.default) ?? items[0];
      this.from = alias?.address ?? "";
    });
    if (this.answered && this.mode && !this.draft) {
      const own = this.aliases.map((alias) => alias.address);
      const subject = subjectOf(this.answered, this.mode);
      const answer: Partial<Record<Field, string>> = { ...recipients(this.answered, this.mode, own), subject };
      // Who was quicker than Gmail's answer keeps what was typed.
      const typed = Object.entries(this.fields).filter(([, text]) => text !== "");
      this.fields = { ...this.fields, ...answer, ...Object.fromEntries(typed) };
      // It may be saved already, without what has come now.
      if (typed.length > 0 && this.isConnected) this.keep();
    }
  }

  private get holdsFocus(): boolean {
    return this.shadowRoot?.activeElement != null;
  }

  private async focusFirst(): Promise<void> {
    await this.updateComplete;
    const asks = this.unasked !== null || this.countdown !== null;
    const first = asks ? "button" : this.answered && this.mode !== "forward" ? "textarea" : "input";
    await this.focusOn(first);
  }

  /** The first mail: Google is asked for writing now, and no sooner. */
  private async allow(mailbox: Mailbox): Promise<void> {
    const popup = openWindow();
    await this.doing(async () => {
      const now = await this.askGoogle(popup, wanted(mailbox, ["send"]));
      if (!now) return;
      this.unasked = allows("send", now) ? null : now;
      this.said = this.unasked ? this.say("step.refused") : "";
      await this.focusFirst();
    });
  }

  private readonly ask = (event: BeforeUnloadEvent): void => {
    if (this.countdown !== null || this.busy) event.preventDefault();
  };

  /** A page that is out of sight may be closed without a word. */
  private readonly saveUnseen = (): void => {
    if (document.hidden) this.drafts?.flush();
  };

  private write(field: Field, value: string): void {
    this.fields = { ...this.fields, [field]: value };
    this.keep();
  }

  /** As a draft, at the next pause. */
  private keep(): void {
    const carriesFiles = this.mode === "forward" && (this.answered?.attachments.length ?? 0) > 0;
    this.drafts?.later(() => this.mail(false), carriesFiles);
  }

  /** The JSON of the mail. Drafts go without files of their own: those would be sent again at each pause. */
  private async mail(whole: boolean): Promise<object> {
    const { to, cc, bcc, subject, text } = this.fields;
    const files = whole ? this.files : [];
    return {
      to: split(to),
      cc: split(cc),
      bcc: split(bcc),
      subject,
      text,
      ...(this.from ? { from: this.from } : {}),
      ...(this.answered && this.mode ? { reply_to_message: this.answered.id, mode: whole ? toNamed(this.mode) : this.mode } : {}),
      attachments: await Promise.all(
        files.map(async (file) => ({
          name: file.name,
          type: file.type || "application/octet-stream",
          data: await base64(file),
        })),
      ),
    };
  }

  private begin(event: Event): void {
    event.preventDefault();
    this.fault = null;
    this.countdown = UNDO_S;
    this.clock = setInterval(() => {
      this.countdown = (this.countdown ?? 1) - 1;
      if (this.countdown <= 0) void this.send();
    }, 1000);
    // The button that was pressed is gone; who thinks better of it has ten seconds.
    void this.focusFirst();
  }

  private holdBack(): void {
    this.stopClock();
    void this.focusFirst();
  }

  private stopClock(): void {
    clearInterval(this.clock);
    this.countdown = null;
  }

  private async send(): Promise<void> {
    const held = this.holdsFocus;
    this.stopClock();
    this.busy = true;
    // The button of the ten seconds is gone.
    if (held) void this.focusFirst();
    // Who it is from and what it answers belong to the mail, also where Gmail tells them late.
    await this.loaded;
    const sent = await this.doing(async () => {
      const mail = await this.mail(true);
      const key = await this.key.of(this.drafts?.id ?? null, mail);
      await this.api.call("POST", "/proxy/messages", mail, { "Idempotency-Key": key });
    });
    this.busy = false;
    this.key.failed(this.fault);
    if (sent) {
      await this.drafts?.discard();
      this.close(true);
    } else if (!this.isConnected) {
      this.drafts?.flush();
      sendFailed(this, this.places, { to: this.fields.to, subject: this.fields.subject });
    }
  }

  private async discard(): Promise<void> {
    await this.drafts?.discard();
    this.close(false);
  }

  private close(sent: boolean): void {
    this.dispatchEvent(new CustomEvent("gmail-composer-closed", { detail: { sent } }));
  }

  private choose(input: HTMLInputElement): void {
    const files = [...this.files, ...(input.files ?? [])];
    input.value = "";
    const tooLarge = files.reduce((sum, file) => sum + file.size, 0) > FILES_BYTES;
    this.said = tooLarge ? this.say("compose.too_large") : "";
    if (!tooLarge) this.files = files;
  }

  protected override render(): TemplateResult {
    // What is told stands below: what comes while Send is held down may not move it from under the pointer.
    return html`<section class="card" aria-label=${this.say(this.mode ? `compose.${this.mode}` : "compose.new")}>
      ${this.unasked ? this.step(this.unasked) : this.countdown === null ? this.form() : this.waiting()}
      ${this.fault ? this.wrong() : nothing}
      <div class="told" role="status">${this.told()}</div>
    </section>`;
  }

  private wrong(): TemplateResult {
    if (!mayBeSent(this.fault)) return html`<p class="wrong" role="alert">${this.explain(this.fault)}</p>`;
    const again = (event: Event): void => {
      this.key.renew();
      this.begin(event);
    };
    return html`<p class="wrong" role="alert">${this.say("compose.maybe_sent")}</p>
      <p><button @click=${again}>${this.say("compose.send_as_new")}</button></p>`;
  }

  private told(): TemplateResult | typeof nothing {
    const draft = this.draftState ? this.say(`compose.draft_${this.draftState}`) : "";
    const sentence = this.said || (this.busy ? this.say("compose.sending") : draft);
    return sentence ? html`<p class="quiet">${sentence}</p>` : nothing;
  }

  private step(mailbox: Mailbox): TemplateResult {
    return html`<p>${this.say("step.send")}</p>
      ${this.byHand()}
      <div class="row">
        <button class="main" @click=${() => this.allow(mailbox)}>${this.say("step.allow")}</button>
        <button @click=${() => this.close(false)}>${this.say("list.cancel")}</button>
      </div>`;
  }

  private waiting(): TemplateResult {
    return html`<div class="row">
      <span>${this.say("compose.goes_out", { n: this.countdown ?? 0 })}</span>
      <button class="main" @click=${() => this.holdBack()}>${this.say("compose.undo_send")}</button>
    </div>`;
  }

  private form(): TemplateResult {
    return html`<form @submit=${(event: Event) => this.begin(event)}>
      ${this.line("to", true)} ${this.line("cc")} ${this.line("bcc")} ${this.line("subject")}
      <label>
        ${this.say("compose.text")}
        <textarea
          dir="auto"
          .value=${this.fields.text}
          @input=${(event: Event) => this.write("text", (event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </label>
      ${this.chosenFiles()}
      <div class="row">
        <button class="main" type="submit" ?disabled=${this.busy}>${this.say("compose.send")}</button>
        <button type="button" @click=${() => this.discard()} ?disabled=${this.busy}>${this.say("compose.discard")}</button>
        ${this.aliases.length > 1 ? this.sender() : nothing}
      </div>
    </form>`;
  }

  private line(field: "to" | "cc" | "bcc" | "subject", required = false): TemplateResult {
    return html`<label>
      ${this.say(`compose.${field}`)}
      <input
        dir="auto"
        autocomplete="off"
        ?required=${required}
        .value=${this.fields[field]}
        @input=${(event: Event) => this.write(field, (event.target as HTMLInputElement).value)}
      />
    </label>`;
  }

  private sender(): TemplateResult {
    const choose = (event: Event): void => {
      this.from = (event.target as HTMLSelectElement).value;
      this.keep();
    };
    return html`<label class="from">
      ${this.say("compose.from")}
      <select @change=${choose}>
        ${this.aliases.map(
          (alias) => html`<option value=${alias.address} ?selected=${alias.address === this.from}>
            ${alias.name ? `${alias.name} <${alias.address}>` : alias.address}
          </option>`,
        )}
      </select>
    </label>`;
  }

  private chosenFiles(): TemplateResult {
    const along = this.answered && this.mode === "forward" ? filesOf(this.answered) : [];
    const names = along.map((file, at) => html`${at > 0 ? ", " : ""}<bdi>${file.name || file.id}</bdi>`);
    return html`${along.length > 0 ? html`<p class="quiet">${this.say("compose.files_along")} ${names}</p>` : nothing}
      <label>
        ${this.say("compose.files")}
        ${this.draft && this.files.length === 0 ? html`<span class="quiet">${this.say("draft.no_files")}</span>` : nothing}
        <input type="file" multiple @change=${(event: Event) => this.choose(event.target as HTMLInputElement)} />
      </label>
      ${this.files.length > 0
        ? html`<ul class="plain row">
            ${this.files.map(
              (file) => html`<li>
                <bdi>${file.name}</bdi> · ${this.formats.size(file.size)}
                <button
                  type="button"
                  class="plain"
                  aria-label=${this.say("compose.remove_of", { name: file.name })}
                  @click=${() => (this.files = this.files.filter((one) => one !== file))}
                >
                  ${this.say("compose.remove")}
                </button>
              </li>`,
            )}
          </ul>`
        : nothing}`;
  }
}
