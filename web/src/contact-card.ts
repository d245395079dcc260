// The contact and the deals, beside the mail.

import { html, nothing, type TemplateResult } from "lit";

import type { Formats } from "./formats.js";
import type { ContactPage, Deal } from "./types.js";
import type { Key, Values } from "./words/index.js";

type Say = (key: Key, values?: Values) => string;

export function contactCard(contact: ContactPage["contact"], say: Say, formats: Formats): TemplateResult {
  return html`<section class="card" aria-labelledby="contact">
      <h2 id="contact"><bdi>${contact.name}</bdi></h2>
      <p><span class="chip">${say(`kind.${contact.kind}`)}</span></p>
      <ul class="plain" aria-label=${say("contact.addresses")}>
        ${contact.addresses.map(
          (address, at) => html`<li class="address">
            ${address.split("@").map((part, place) => (place === 0 ? part : html`@<wbr />${part}`))}
            ${at === 0 && contact.addresses.length > 1
              ? html`<span class="quiet">(${say("contact.primary")})</span>`
              : nothing}
          </li>`,
        )}
      </ul>
    </section>
    <section class="card" aria-labelledby="deals">
      <h2 id="deals">${say("deals.title")}</h2>
      ${contact.deals.length === 0
        ? html`<p class="quiet">${say("deals.none")}</p>`
        : html`<ul class="plain">
            ${contact.deals.map((deal) => dealRow(deal, say, formats))}
          </ul>`}
    </section>`;
}

function dealRow(deal: Deal, say: Say, formats: Formats): TemplateResult {
  const closes = deal.closing_date ? say("deals.closes", { date: formats.day(deal.closing_date) }) : say("deals.no_date");
  return html`<li class="line">
    <bdi>${deal.name}</bdi>
    <div class="quiet">
      <span class="chip ${deal.state}">${say(`state.${deal.state}`)}</span> ${closes}
      ${deal.amount === null ? nothing : html`· <bdi>${formats.number(deal.amount)}</bdi>`}
    </div>
  </li>`;
}
