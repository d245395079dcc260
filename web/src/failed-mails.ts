// <gmail-failed-mails>: mails whose sending failed after the part of the page in which they were written was gone.

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { GmailElement } from "./element.js";
import { shared } from "./style.js";
import type { Mailbox } from "./types.js";

const FAILED = "gmail-send-failed";

/** A composer, which holds all that was written, and the id of the mailbox that it writes from, where that is known. */
interface Composer extends HTMLElement {
  readonly mailbox: string | null;
}

/** Those that no record shows. */
const failed = new Set<Composer>();

/** Keeps the composer for the next record of its mailbox, and tells the host's page from the nearest place that is still in it. */
export function sendFailed(composer: Composer, places: readonly Node[], detail: { to: string; subject: string }): void {
  failed.add(composer);
  composer.addEventListener("gmail-composer-closed", () => failed.delete(composer), { once: true });
  const place = places.find((node) => node.isConnected) ?? document;
  place.dispatchEvent(new CustomEvent(FAILED, { detail, bubbles: true, composed: true }));
}

/** All that is around a node, also beyond shadow roots, from the inside out. */
export function placesOf(node: Node): Node[] {
  const place = node instanceof ShadowRoot ? node.host : node.parentNode;
  return place ? [place, ...placesOf(place)] : [];
}

/** Fires `gmail-changed` when one of them has been sent or put aside. */
@customElement("gmail-failed-mails")
export class GmailFailedMails extends GmailElement {
  static override styles = shared;

  /** Whose mails, for who is logged in by now may be somebody else; undefined while that is not known. */
  @property({ attribute: false }) mailbox: Mailbox | null | undefined = undefined;
  @state() private shown: Composer[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    // The host's page may stop what bubbles.
    document.addEventListener(FAILED, this.take, true);
    this.take();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener(FAILED, this.take, true);
    // Moved to another place of the page, it is there again by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.keep(() => false);
    });
  }

  override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    // What is being written stays while the mailbox cannot be read.
    if (!changed.has("mailbox") || this.mailbox === undefined) return;
    this.keep((composer) => this.isOurs(composer));
    this.take();
  }

  private isOurs(composer: Composer): boolean {
    return composer.mailbox === this.mailbox?.id;
  }

  protected override load(): Promise<void> {
    return Promise.resolve();
  }

  private readonly take = (): void => {
    for (const composer of failed) {
      // It may be back with the record that it was left with.
      const ours = this.isOurs(composer) && !composer.isConnected;
      if (ours || composer.isConnected) failed.delete(composer);
      if (!ours) continue;
      composer.addEventListener("gmail-composer-closed", this.closed, { once: true });
      this.shown = [...this.shown, composer];
    }
  };

  /** Leaves the others to the next record. */
  private keep(stays: (composer: Composer) => boolean): void {
    for (const composer of this.shown.filter((one) => !stays(one))) {
      composer.removeEventListener("gmail-composer-closed", this.closed);
      composer.remove();
      failed.add(composer);
    }
    this.shown = this.shown.filter(stays);
  }

  private readonly closed = (event: Event): void => {
    this.shown = this.shown.filter((composer) => composer !== event.target);
    const { sent } = (event as CustomEvent<{ sent: boolean }>).detail;
    this.said = sent ? this.say("compose.sent") : "";
    this.dispatchEvent(new CustomEvent("gmail-changed", { detail: { what: sent ? "sent" : "drafted", id: "" } }));
  };

  protected override render(): TemplateResult {
    return html`<div role="status">${this.said ? html`<p class="quiet">${this.said}</p>` : nothing}</div>
      ${repeat(this.shown, (composer) => composer, (composer) => this.left(composer))}`;
  }

  private left(composer: Composer): TemplateResult {
    return html`<p class="wrong">${this.say("compose.left")}</p>${composer}`;
  }
}
