// Parts of the settings page that only show: who would see mail, and what was done at the end.

import { html, nothing, type TemplateResult } from "lit";

import type { Formats } from "./formats.js";
import type { Key, Values } from "./words/index.js";

type Say = (key: Key, values?: Values) => string;

interface Audience {
  colleagues: number;
  contacts: number;
  names: string[];
}

/** What POST /oauth/mailbox/settings:preview answers; null where the CRM does not tell. */
export interface Visibility {
  newly_visible: Audience | null;
  no_longer_visible: Audience | null;
  complete: boolean;
}

export interface Receipt {
  watch_stopped: boolean;
  revoked: boolean;
  erased: Record<string, number>;
  labels: string;
  inbox_restored: number;
}

export interface Alias {
  name: string;
  address: string;
  verified: boolean;
  default: boolean;
}

/** "12 colleagues will newly see mail of 51 contacts." */
export function visibilitySentence(found: Visibility, say: Say): TemplateResult {
  const { newly_visible: more, no_longer_visible: less } = found;
  if (!more || !less) return html`<p role="status">${say("sharing.untold")}</p>`;
  return html`<p role="status">
    ${more.contacts > 0 ? html`${say("sharing.newly", counts(more))} ${named(more)}` : nothing}
    ${less.contacts > 0 ? html`${say("sharing.no_longer", counts(less))} ${named(less)}` : nothing}
    ${more.contacts + less.contacts === 0 ? say("sharing.no_change") : nothing}
    ${found.complete ? nothing : say("sharing.incomplete")}
  </p>`;
}

function counts(audience: Audience): Values {
  return { colleagues: audience.colleagues, contacts: audience.contacts };
}

function named(audience: Audience): TemplateResult | typeof nothing {
  return audience.names.length > 0 ? html`<span class="quiet">(${audience.names.join(", ")})</span>` : nothing;
}

export function receiptCard(receipt: Receipt, say: Say, formats: Formats): TemplateResult {
  const yes = (done: boolean): string => say(done ? "receipt.yes" : "receipt.no");
  return html`<section class="card" role="status">
    <h2>${say("receipt.title")}</h2>
    <dl>
      <dt>${say("receipt.watch")}</dt>
      <dd>${yes(receipt.watch_stopped)}</dd>
      <dt>${say("receipt.revoked")}</dt>
      <dd>${yes(receipt.revoked)}</dd>
      <dt>${say("receipt.erased")}</dt>
      <dd>${formats.number(Object.values(receipt.erased).reduce((sum, n) => sum + n, 0))}</dd>
      <dt>${say("receipt.inbox")}</dt>
      <dd>${formats.number(receipt.inbox_restored)}</dd>
    </dl>
  </section>`;
}

/** The addresses that mail may be sent from. */
export function aliasList(aliases: readonly Alias[], say: Say): TemplateResult {
  return html`<h3>${say("aliases.title")}</h3>
    <ul class="plain">
      ${aliases.map(
        (alias) => html`<li>
          <bdi>${alias.name} &lt;${alias.address}&gt;</bdi>
          ${alias.default ? html`<span class="chip">${say("aliases.default")}</span>` : nothing}
          ${alias.verified ? nothing : html`<span class="chip">${say("aliases.unverified")}</span>`}
        </li>`,
      )}
    </ul>`;
}
