// "Why is this mail labelled so?", in sentences.

import { html, nothing, type TemplateResult } from "lit";

import type { Formats } from "./formats.js";
import type { Category } from "./types.js";
import type { Key, Values } from "./words/index.js";

/** What GET /labeler/explain/{id} answers. */
export interface Explanation {
  category: Category | null;
  label: string | null;
  contact: { id: string; name: string } | null;
  deals: { id: string; name: string; state: "open" | "won" | "lost"; closing_date: string | null; sentence: string }[];
  rule: string;
  rejected: { category: Category; because: string }[];
  causes: { code: string; sentence: string }[];
  facts: { labels_on: boolean; arrived_at: string | null; last_run_at: string | null };
}

type Say = (key: Key, values?: Values) => string;

export function explanation(found: Explanation, say: Say, formats: Formats): TemplateResult {
  return html`<section class="card" aria-label=${say("label.why")}>
    ${found.contact ? html`<p>${say("why.contact")} <bdi>${found.contact.name}</bdi></p>` : nothing}
    <p><strong>${found.rule}</strong></p>
    ${found.causes.map((cause) => html`<p>${cause.sentence}</p>`)}
    ${found.deals.length > 0
      ? html`<h3>${say("why.deals")}</h3>
          <ul>
            ${found.deals.map((deal) => html`<li><bdi>${deal.name}</bdi>: ${deal.sentence}</li>`)}
          </ul>`
      : nothing}
    ${found.rejected.length > 0
      ? html`<h3>${say("why.rejected")}</h3>
          <ul>
            ${found.rejected.map((lost) => html`<li>${say(`category.${lost.category}`)}: ${lost.because}</li>`)}
          </ul>`
      : nothing}
    <p class="quiet">
      ${found.facts.last_run_at ? say("why.last_run", { time: formats.moment(found.facts.last_run_at) }) : say("why.no_run")}
    </p>
  </section>`;
}
