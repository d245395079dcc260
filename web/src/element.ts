// What the four components share: where the connector is, who the user is, in which language to speak.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { Api, Problem, type TokenSource } from "./api.js";
import { consent, REPLACED, type Feature } from "./consent.js";
import { Formats } from "./formats.js";
import type { Mailbox } from "./types.js";
import { words, type Key, type Values } from "./words/index.js";

/** Asked for a token before the host's page has given a way to get one. */
const nobody: TokenSource = () => Promise.reject(new Problem(0, { code: "no_token" }));

/** A component that speaks to the connector. */
export abstract class GmailElement extends LitElement {
  /** The connector's origin; left out, the page's own. */
  @property() endpoint = "";
  /** Gives a CRM token that is good now. Set by the host's page; never an attribute. */
  @property({ attribute: false }) token: TokenSource = nobody;

  /** A page of the host that runs `handTicketBack`, for a consent popup that loses its opener. */
  @property({ attribute: "return-url" }) returnUrl: string | null = null;

  /** What went wrong last; null after a success. */
  @state() protected fault: unknown = null;
  /** What was done last, as a sentence for everybody, also for a screen reader. */
  @state() protected said = "";

  /** Where the consent's window was blocked: what to open by hand. */
  @state() protected blockedUrl: string | null = null;
  /** The question that Google is being asked. */
  protected asking = new AbortController();

  protected api = new Api("", nobody, () => "en");

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("endpoint") || changed.has("token")) {
      this.api = new Api(this.endpoint, this.token, () => this.language);
      if (this.token !== nobody) void this.load();
    }
  }

  /** Reads what the component shows; called when the way to the connector is known or has changed. */
  protected abstract load(): Promise<void>;

  /** Runs one piece of work; what goes wrong in it is shown as a sentence. Answers whether it went well. */
  protected async doing(work: () => Promise<void>): Promise<boolean> {
    this.fault = null;
    this.said = "";
    try {
      await work();
      return true;
    } catch (fault) {
      this.fault = fault;
      // What was said of the way there is no longer true.
      this.said = "";
      return false;
    }
  }

  /**
   * Asks Google in the window, which the click has opened. One question at a time: the one before is given up, and null
   * is its answer. Throws Problem.
   */
  protected async askGoogle(popup: Window | null, features: readonly Feature[]): Promise<Mailbox | null> {
    this.asking.abort(REPLACED);
    this.asking = new AbortController();
    const connector = this.endpoint ? new URL(this.endpoint).origin : location.origin;
    const blocked = (url: string): void => void (this.blockedUrl = url);
    const { signal } = this.asking;
    const mailbox = await consent(this.api, popup, { connector, returnUrl: this.returnUrl, features, blocked, signal });
    if (mailbox) this.blockedUrl = null;
    return mailbox;
  }

  /** The way to the consent where its window was blocked. */
  protected byHand(): TemplateResult | typeof nothing {
    if (!this.blockedUrl) return nothing;
    return html`<p>
      ${this.say("settings.blocked")}
      <a href=${this.blockedUrl} target="_blank" rel="opener">${this.say("settings.open_by_hand")}</a>
    </p>`;
  }

  /** Moves the focus to what this selects, once it is drawn. */
  protected async focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  /** The language of the element, of the page around it, else the browser's. */
  protected get language(): string {
    return languageAround(this) || navigator.language || "en";
  }

  /** A sentence in the user's language. */
  protected say(key: Key, values: Values = {}): string {
    return words(this.language, key, values);
  }

  /** Dates, numbers and sizes in the user's locale. */
  protected get formats(): Formats {
    return new Formats(this.language);
  }

  /** What is wrong and who must act, as a sentence. */
  protected explain(fault: unknown): string {
    if (!(fault instanceof Problem)) return this.say("problem.unknown");
    if (fault.code === "offline" || fault.code === "unreachable" || fault.code === "no_token") {
      return this.say(`problem.${fault.code}`);
    }
    const who = this.say(`act.${fault.act as "user"}`);
    return fault.message ? `${fault.message} ${who}` : who;
  }
}

/** The nearest `lang`, also beyond the shadow roots that hold the element. */
function languageAround(element: Element): string | null {
  const found = element.closest("[lang]")?.getAttribute("lang");
  const root = element.getRootNode();
  return found ?? (root instanceof ShadowRoot ? languageAround(root.host) : null);
}
