// What keeps something from being shown on a record, and where that is put right.

import { html, nothing, type TemplateResult } from "lit";

import type { ContactPage } from "./types.js";
import { isKey, type Key, type Values } from "./words/index.js";

export type Source = ContactPage["sources"][number];
type Say = (key: Key, values?: Values) => string;

/** Nothing for a mailbox whose mail is there. */
export function sourceCard(source: Source, settingsUrl: string | null, say: Say): TemplateResult | typeof nothing {
  if (source.status === "ok") return nothing;
  const key = `source.${source.status}`;
  const mine = source.owner.you && source.status !== "late" && source.status !== "throttled";
  return html`<p class="card" role="status">
    ${say(isKey(key) ? key : "source.down", { name: source.owner.name })} ${mine ? toSettings(settingsUrl, say) : nothing}
  </p>`;
}

/** The way to the settings, where the host's page has one. */
export function toSettings(settingsUrl: string | null, say: Say): TemplateResult | typeof nothing {
  return settingsUrl ? html`<a href=${settingsUrl}>${say("mail.to_settings")}</a>` : nothing;
}

/** In place of the buttons to write and to share, while nobody knows who may. */
export function toolsCard(why: string, again: () => void, say: Say): TemplateResult {
  return html`<div class="card row">
    <p role="status">${say("mail.no_tools")} ${why}</p>
    <button class="again" @click=${again}>${say("list.again")}</button>
  </div>`;
}
