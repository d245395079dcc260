// Parts of the settings page: what they look like, what the form holds, and what only shows.

import { css, html, nothing, type TemplateResult } from "lit";

import type { Formats } from "./formats.js";
import { CATEGORIES, type Category, type Mailbox, type MessageSummary, type Sharing } from "./types.js";
import type { Key, Values } from "./words/index.js";

type Say = (key: Key, values?: Values) => string;

export const settingsStyle = css`
  fieldset {
    border: 0;
    margin: 0 0 var(--_gap);
    padding: 0;
  }
  legend {
    font-weight: 700;
    padding: 0;
  }
  progress {
    inline-size: 100%;
  }
  dl {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 0.2em 1em;
    margin: 0;
  }
  dd {
    margin: 0;
  }
  legend {
    margin-block-end: calc(var(--_gap) / 3);
  }
  ul.aliases {
    margin-block-end: calc(var(--_gap) / 2);
  }
  .sample {
    margin-block: 0 calc(var(--_gap) / 3);
    overflow-wrap: anywhere;
  }
  .farewell {
    margin-block: calc(var(--_gap) / 2);
  }
  .means {
    padding-inline-start: 2.06em;
  }
`;

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

/** The server names no more than some of many. */
function named({ names, colleagues }: Audience): TemplateResult | typeof nothing {
  if (names.length === 0) return nothing;
  return html`<span class="quiet">(${names.join(", ")}${names.length < colleagues ? ", …" : nothing})</span>`;
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
    <ul class="plain aliases">
      ${aliases.map(
        (alias) => html`<li>
          <bdi>${alias.name} &lt;${alias.address}&gt;</bdi>
          ${alias.default ? html`<span class="chip">${say("aliases.default")}</span>` : nothing}
          ${alias.verified ? nothing : html`<span class="chip">${say("aliases.unverified")}</span>`}
        </li>`,
      )}
    </ul>`;
}

/** The settings as the form has them. */
export interface Draft {
  sharing: Sharing;
  mailmagnet: boolean;
  labels: boolean;
  /** An address or a domain on a line each. */
  never_shared: string;
}

export function draftOf({ settings }: Mailbox): Draft {
  const { sharing, mailmagnet, labels, never_shared: never } = settings;
  return { sharing, mailmagnet, labels, never_shared: never.join("\n") };
}

/** The body of a change, as the connector takes it. */
export function toSend({ never_shared: never, ...rest }: Partial<Draft>): object {
  return never === undefined ? rest : { ...rest, never_shared: never.split(/[\s,]+/).filter((entry) => entry !== "") };
}

/** What POST /labeler/preview answers; `exact` where every mail was looked at. */
export interface LabelsPreview {
  counts: Record<Category, number>;
  samples: Record<Category, MessageSummary[]>;
  leaves_inbox: number;
  exact: boolean;
}

/** What labels would take out of the Inbox: how many under each, and some of them. */
export function leavesInbox(found: LabelsPreview, say: Say, formats: Formats): TemplateResult {
  const sentence = say(found.exact ? "labels.would_leave" : "labels.would_leave_about", { n: found.leaves_inbox });
  return html`<p>${sentence}</p>
    ${CATEGORIES.filter((category) => found.counts[category] > 0).map(
      (category) => html`<p class="sample">${say(`category.${category}`)} · ${formats.number(found.counts[category])}</p>
        <ul class="plain quiet sample">
          ${found.samples[category].map(
            ({ from, subject }) =>
              html`<li><bdi>${from.name || from.address}</bdi> · <bdi>${subject || say("mail.no_subject")}</bdi></li>`,
          )}
        </ul>`,
    )}`;
}

/** How far the Inbox is sorted. */
export function progress(mailbox: Mailbox, say: Say, formats: Formats): TemplateResult | typeof nothing {
  const { state, done, total } = mailbox.labeling;
  if (state !== "backfill") return nothing;
  return html`<label>
    ${say("labels.backfill", { done: formats.number(done), total: formats.number(total) })}
    <progress max=${total} value=${done}></progress>
  </label>`;
}
