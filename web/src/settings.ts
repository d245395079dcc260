// <gmail-settings>: one's own mailbox: connect, sharing, MailMagnet, labels, pause, leave, what is held.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { ifMatch, isStale, Problem } from "./api.js";
import { changes } from "./changes.js";
import { allows, asksForConsent, openWindow, wanted, type Feature } from "./consent.js";
import { GmailElement } from "./element.js";
import { save } from "./files.js";
import "./runs.js";
import {
  aliasList,
  draftOf,
  leavesInbox,
  progress,
  receiptCard,
  settingsStyle,
  toSend,
  visibilitySentence,
  type Alias,
  type Draft,
  type LabelsPreview,
  type Receipt,
  type Visibility,
} from "./settings-parts.js";
import { shared } from "./style.js";
import type { Mailbox, Sharing } from "./types.js";
import type { Key, Values } from "./words/index.js";

/** How often the bar is read while the Inbox is sorted. */
const LOOK_MS = 10_000;
const SHARINGS: Sharing[] = ["private", "custom", "public"];

/** The owner's settings. */
@customElement("gmail-settings")
export class GmailSettings extends GmailElement {
  static override styles = [shared, settingsStyle];

  /** undefined: not read yet; null: nothing is connected. */
  @state() private mailbox: Mailbox | null | undefined = undefined;
  @state() private draft: Draft | null = null;
  @state() private visibility: Visibility | null = null;
  @state() private preview: LabelsPreview | null = null;
  @state() private receipt: Receipt | null = null;
  @state() private leaving = false;
  @state() private aliases: Alias[] | null = null;
  @state() private showsRuns = false;

  /** The settings that the draft was made from, and their ETag where it is known. */
  private read: Draft | null = null;
  private tag: string | null = null;
  private look: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.lookLater);
    this.lookLater();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.lookLater);
    clearTimeout(this.look);
  }

  protected override async load(): Promise<void> {
    await this.doing(async () => {
      const { body, tag } = await this.api.taggedMailbox();
      this.show(body, tag);
    });
  }

  /** While the Inbox is sorted, and somebody looks on, the bar follows. */
  private readonly lookLater = (): void => {
    clearTimeout(this.look);
    if (this.mailbox?.labeling.state !== "backfill" || document.hidden || !this.isConnected) return;
    this.look = setTimeout(() => void this.readProgress(), LOOK_MS);
  };

  private async readProgress(): Promise<void> {
    const before = this.mailbox;
    const now = await this.api.mailbox().catch(() => null);
    // What was done meanwhile is truer; what is being changed in the form stays.
    if (now && before && before === this.mailbox) this.mailbox = { ...before, labeling: now.labeling };
    this.lookLater();
  }

  private show(mailbox: Mailbox | null, tag: string | null = null): void {
    this.mailbox = mailbox;
    this.tag = tag;
    this.read = mailbox ? draftOf(mailbox) : null;
    this.draft = this.read;
    this.lookLater();
    this.visibility = null;
    this.preview = null;
    if (mailbox?.status === "connected") void this.loadAliases();
    else this.aliases = null;
  }

  /** Apart from the rest: a Gmail that does not answer is no reason to show no settings. */
  private async loadAliases(): Promise<void> {
    try {
      this.aliases = (await this.api.call<{ items: Alias[] }>("GET", "/proxy/aliases")).items;
    } catch {
      this.aliases = null;
    }
  }

  private readonly word = (key: Key, values?: Values): string => this.say(key, values);

  private authenticate(): Promise<boolean> {
    const popup = openWindow();
    return this.doing(async () => {
      const mailbox = await this.ask(popup, wanted(this.mailbox ?? null));
      if (!mailbox) return;
      this.show(mailbox);
      this.receipt = null;
      this.said = this.say("settings.connected_now");
    });
  }

  private ask(popup: Window | null, features: Feature[]): Promise<Mailbox | null> {
    this.said = this.say("settings.waiting");
    return this.askGoogle(popup, features);
  }

  /** Whether Google must be asked once more before these settings can work. */
  private needsStep(draft: Draft): boolean {
    return draft.labels && this.mailbox != null && !allows("labels", this.mailbox);
  }

  private change(part: Partial<Draft>): void {
    if (!this.draft) return;
    this.draft = { ...this.draft, ...part };
    if (!this.draft.mailmagnet) this.draft = { ...this.draft, labels: false };
    if (part.sharing !== undefined) void this.foresee();
  }

  /** Tells who would newly see mail, before anything is saved. */
  private async foresee(): Promise<void> {
    this.visibility = null;
    const { read } = this;
    const sharing = this.draft?.sharing;
    await this.doing(async () => {
      const found = await this.api.call<Visibility>("POST", "/oauth/mailbox/settings:preview", { sharing });
      // Something else may be chosen by now, or this be saved.
      if (sharing === this.draft?.sharing && read === this.read) this.visibility = found;
    });
  }

  private async foreseeLabels(): Promise<void> {
    await this.doing(async () => {
      this.preview = await this.api.call<LabelsPreview>("POST", "/labeler/preview");
    });
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const { draft } = this;
    if (!draft) return;
    // In the click itself: later, browsers open no window.
    const popup = this.needsStep(draft) ? openWindow() : undefined;
    await this.doing(async () => {
      if (popup !== undefined) {
        const mailbox = await this.ask(popup, wanted(this.mailbox ?? null, ["labels"]));
        if (!mailbox) return;
        this.mailbox = mailbox;
        if (this.needsStep(draft)) throw new Problem(0, { code: "step_refused" });
      }
      await this.patch(this.read ? changes(this.read, draft) : draft);
    });
  }

  /** Only what was changed here; what somebody changed elsewhere meanwhile is shown before it is saved over. */
  private async patch(changed: Partial<Draft>): Promise<void> {
    try {
      const { body, tag } = await this.api.tagged<Mailbox>("PATCH", "/oauth/mailbox", toSend(changed), ifMatch(this.tag));
      this.show(body, tag);
      this.said = this.say("settings.saved");
    } catch (fault) {
      if (!isStale(fault)) throw fault;
      const { body, tag } = await this.api.taggedMailbox();
      this.showWith(changed, body, tag);
      this.said = this.say("settings.changed_elsewhere");
    }
  }

  /** What is stored, with what was changed in the form and is not saved. */
  private showWith(changed: Partial<Draft>, mailbox: Mailbox | null, tag: string | null): void {
    this.show(mailbox, tag);
    if (this.draft) this.draft = { ...this.draft, ...changed };
  }

  private async pause(paused: boolean): Promise<void> {
    await this.doing(async () => {
      const { body, tag } = await this.api.tagged<Mailbox>("PATCH", "/oauth/mailbox", { paused });
      this.showWith(this.read && this.draft ? changes(this.read, this.draft) : {}, body, tag);
      this.said = this.say(paused ? "settings.paused_now" : "settings.resumed_now");
    });
  }

  private async disconnect(labels: "keep" | "remove"): Promise<void> {
    await this.doing(async () => {
      this.receipt = await this.api.call<Receipt>("DELETE", `/oauth/mailbox?labels=${labels}`);
      this.leaving = false;
      this.show(null);
    });
  }

  /** Everything that is held, as a file that the browser saves. */
  private async exportHeld(): Promise<void> {
    await this.doing(async () => {
      const held = await this.api.call<unknown>("GET", "/oauth/mailbox/data");
      save(new Blob([JSON.stringify(held, null, 2)], { type: "application/json" }), "crm-gmail-data.json");
    });
  }

  protected override render(): TemplateResult {
    return html`
      <div role="status">${this.said ? html`<p class="quiet">${this.said}</p>` : nothing}</div>
      ${this.fault ? html`<p class="wrong" role="alert">${this.sentence(this.fault)}</p>` : nothing}
      ${this.account()} ${this.mailbox && this.draft ? this.form(this.mailbox, this.draft) : nothing}
      ${this.mailbox ? this.held() : nothing} ${this.receipt ? receiptCard(this.receipt, this.word, this.formats) : nothing}
    `;
  }

  private sentence(fault: unknown): string {
    if (fault instanceof Problem && fault.code === "consent_expired") return this.say("settings.expired");
    if (fault instanceof Problem && fault.code === "step_refused") return this.say("step.refused");
    return this.explain(fault);
  }

  private account(): TemplateResult {
    const { mailbox } = this;
    if (mailbox === undefined && this.fault) {
      return html`<section class="card">
        <h2>${this.say("settings.account")}</h2>
        <button @click=${() => this.load()}>${this.say("list.again")}</button>
      </section>`;
    }
    if (mailbox === undefined) {
      return html`<section class="card" aria-busy="true"><p class="quiet">${this.say("list.loading")}</p></section>`;
    }
    return html`<section class="card">
      <h2>${this.say("settings.account")}</h2>
      ${mailbox ? this.connected(mailbox) : html`<p>${this.say("settings.none")}</p>
            <p class="quiet">${this.say("settings.asks_first")}</p>`}
      ${this.byHand()}
      <div class="row">
        ${!mailbox || asksForConsent(mailbox)
          ? html`<button class="main" @click=${() => this.authenticate()}>
              ${this.say(mailbox ? "settings.reconnect" : "settings.authenticate")}
            </button>`
          : nothing}
        ${mailbox ? this.accountButtons(mailbox) : nothing}
      </div>
      ${this.leaving ? this.farewell() : nothing}
    </section>`;
  }

  private connected(mailbox: Mailbox): TemplateResult {
    return html`<p>
        ${this.say("settings.connected_to")} <bdi>${mailbox.email}</bdi>
        <span class="chip">${this.say(`status.${mailbox.status}`)}</span>
      </p>
      <p class=${mailbox.health.act ? "wrong" : "quiet"}>${mailbox.health.detail}</p>
      ${mailbox.warnings.map((warning) => html`<p class="wrong">${warning.detail}</p>`)}
      ${this.aliases?.length ? aliasList(this.aliases, this.word) : nothing}`;
  }

  private accountButtons(mailbox: Mailbox): TemplateResult {
    const paused = mailbox.status === "paused";
    return html`<button @click=${() => this.pause(!paused)}>
        ${this.say(paused ? "settings.resume" : "settings.pause")}
      </button>
      <button aria-expanded=${this.leaving} @click=${() => (this.leaving = !this.leaving)}>
        ${this.say("settings.disconnect")}
      </button>`;
  }

  private farewell(): TemplateResult {
    return html`<p class="farewell">${this.say("settings.farewell")}</p>
      <div class="row">
        <button @click=${() => this.disconnect("keep")}>${this.say("settings.leave_keep")}</button>
        <button @click=${() => this.disconnect("remove")}>${this.say("settings.leave_remove")}</button>
      </div>`;
  }

  private form(mailbox: Mailbox, draft: Draft): TemplateResult {
    const fixed = mailbox.settings.fixed.includes("sharing");
    return html`<form class="card" @submit=${(event: Event) => this.save(event)}>
      <fieldset ?disabled=${fixed}>
        <legend>${this.say("settings.sharing")}</legend>
        ${fixed ? html`<p class="quiet">${this.say("settings.fixed_by_admin")}</p>` : nothing}
        ${SHARINGS.map((sharing) => this.sharingOption(sharing, draft))} ${this.visibility ? visibilitySentence(this.visibility, this.word) : nothing}
      </fieldset>
      <fieldset>
        <legend>${this.say("settings.features")}</legend>
        ${this.tick("mailmagnet", draft.mailmagnet, false, (on) => this.change({ mailmagnet: on }))}
        ${this.tick("labels", draft.labels, !draft.mailmagnet, (on) => this.change({ labels: on }))}
        ${this.needsStep(draft) ? html`<p role="status">${this.say("step.labels")}</p>` : nothing}
        ${this.labelsForeseen(mailbox, draft)} ${progress(mailbox, this.word, this.formats)}
      </fieldset>
      <label for="never">${this.say("settings.never_shared")}</label>
      <textarea
        id="never"
        rows="2"
        .value=${draft.never_shared}
        @change=${(event: Event) => this.change({ never_shared: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
      <p><button class="main" type="submit">${this.say("settings.save")}</button></p>
    </form>`;
  }

  private sharingOption(sharing: Sharing, draft: Draft): TemplateResult {
    return html`<label class="option">
      <input
        type="radio"
        name="sharing"
        .checked=${draft.sharing === sharing}
        @change=${() => this.change({ sharing })}
      />
      <span>${this.say(`sharing.${sharing}`)}<br /><span class="quiet">${this.say(`sharing.${sharing}_means`)}</span></span>
    </label>`;
  }

  private tick(
    name: "mailmagnet" | "labels",
    on: boolean,
    disabled: boolean,
    changed: (on: boolean) => void,
  ): TemplateResult {
    return html`<label class="option">
        <input
          type="checkbox"
          .checked=${on}
          ?disabled=${disabled}
          aria-describedby=${`${name}-means`}
          @change=${(event: Event) => changed((event.target as HTMLInputElement).checked)}
        />
        ${this.say(`feature.${name}`)}
      </label>
      <p class="quiet means" id=${`${name}-means`}>
        ${this.say(`feature.${name}_means`)} ${disabled ? this.say("feature.needs_mailmagnet") : nothing}
      </p>`;
  }

  private labelsForeseen(mailbox: Mailbox, draft: Draft): TemplateResult | typeof nothing {
    if (!draft.labels || mailbox.settings.labels) return nothing;
    const found = this.preview;
    return html`<p><button type="button" @click=${() => this.foreseeLabels()}>${this.say("labels.preview")}</button></p>
      <div role="status">${found ? leavesInbox(found, this.word, this.formats) : nothing}</div>`;
  }

  private held(): TemplateResult {
    return html`<section class="card">
      <h2>${this.say("held.title")}</h2>
      <p class="quiet">${this.say("held.means")}</p>
      <div class="row">
        <button @click=${() => this.exportHeld()}>${this.say("held.export")}</button>
        <button aria-expanded=${this.showsRuns} @click=${() => (this.showsRuns = !this.showsRuns)}>
          ${this.say("held.runs")}
        </button>
      </div>
    </section>
    ${this.showsRuns ? html`<gmail-runs .endpoint=${this.endpoint} .token=${this.token}></gmail-runs>` : nothing}`;
  }
}
