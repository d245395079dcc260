// An unsent draft, to go on with or to throw away.

import { html, type TemplateResult } from "lit";

import type { Formats } from "./formats.js";
import type { WrittenDraft } from "./types.js";
import type { Key, Values } from "./words/index.js";

/** `go` opens the composer with it; `discard` takes it out of Gmail. */
export function draftCard(
  draft: WrittenDraft,
  go: () => void,
  discard: () => void,
  say: (key: Key, values?: Values) => string,
  formats: Formats,
): TemplateResult {
  const first = draft.text.trim().split("\n")[0] ?? "";
  return html`<section class="card row" aria-label=${say("draft.title")}>
    <span class="chip strong">${say("draft.title")}</span>
    <bdi>${draft.subject || say("mail.no_subject")}</bdi>
    <bdi class="quiet">${first.length > 80 ? `${first.slice(0, 80)} …` : first}</bdi>
    <span class="quiet">${say("draft.saved", { time: formats.moment(draft.saved_at) })}. ${say("draft.no_files")}</span>
    <button class="main" @click=${go}>${say("draft.continue")}</button>
    <button @click=${discard}>${say("compose.discard")}</button>
  </section>`;
}
