// One mail of the list, as a button that opens it.

import { css, html, nothing, type TemplateResult } from "lit";

import type { Formats } from "./formats.js";
import type { MessageSummary } from "./types.js";
import type { Key, Values } from "./words/index.js";

type Say = (key: Key, values?: Values) => string;

export const rowStyle = css`
  /* What is drawn within a block changes nothing around it: a scrolled list is painted in a quarter of the time. */
  ul[data-block] {
    contain: content;
  }
  li.mail {
    border-block-start: 1px solid var(--_line);
  }
  ul:first-child > li.mail:first-child {
    border: 0;
  }
  .head {
    inline-size: 100%;
    border: 0;
    border-radius: 0;
    font-weight: 400;
    text-align: start;
    padding: calc(var(--_gap) * 0.6) calc(var(--_gap) * 0.75);
    display: grid;
    /* Each line begins where the page's lines begin, whatever its own direction. */
    justify-items: start;
    gap: 0.1em;
  }
  .head > * {
    max-inline-size: 100%;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .head:hover,
  .head[aria-expanded="true"] {
    background: var(--_ground);
  }
  .head:focus-visible {
    outline-offset: -3px;
  }
  .first {
    justify-self: stretch;
    display: flex;
    justify-content: space-between;
    gap: 1em;
  }
  .first bdi,
  .snippet {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .first time {
    white-space: nowrap;
  }
  .unread .subject,
  .unread .first bdi {
    font-weight: 700;
  }
  .body {
    padding: calc(var(--_gap) / 2) calc(var(--_gap) * 0.75) var(--_gap);
  }
`;

/** `drafted` tells of an unsent answer in the conversation; `id` is what the opened mail below is called. */
export function rowHead(
  mail: MessageSummary,
  open: boolean,
  drafted: boolean,
  id: string,
  toggle: () => void,
  say: Say,
  formats: Formats,
): TemplateResult {
  const chips: TemplateResult[] = [];
  if (drafted) chips.push(html`<span class="chip strong">${say("draft.title")}</span>`);
  if (mail.unread) chips.push(html`<span class="chip strong">${say("mail.unread")}</span>`);
  if (mail.category) chips.push(html`<span class="chip ${mail.category}">${say(`category.${mail.category}`)}</span>`);
  if (mail.direction === "out") chips.push(html`<span class="chip">${say("mail.sent")}</span>`);
  if (!mail.owner.you) chips.push(html`<span class="chip">${say("mail.of", { name: mail.owner.name })}</span>`);
  if (mail.has_attachments) chips.push(html`<span class="chip">${say("mail.files")}</span>`);
  return html`<button
    class="head ${mail.unread ? "unread" : ""}"
    aria-expanded=${open}
    aria-controls=${open ? id : nothing}
    @click=${toggle}
  >
    <span class="first">
      <bdi>${mail.from.name || mail.from.address}</bdi>
      <time class="quiet" dir="auto" datetime=${mail.date}>${formats.moment(mail.date)}</time>
    </span>
    <bdi class="subject">${mail.subject || say("mail.no_subject")}</bdi>
    <bdi class="snippet quiet">${mail.snippet}</bdi>
    ${chips.length > 0 ? html`<span class="chips">${chips}</span>` : nothing}
  </button>`;
}
