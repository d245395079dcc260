// The look that all components share. Every colour is a custom property that the host's page may set (docs/embedding.md
// lists them); within, its name begins with an underscore.

import { css } from "lit";

export const shared = css`
  :host {
    --_ink: var(--gmail-ink, light-dark(#1f2523, #e7ebe9));
    --_quiet: var(--gmail-quiet, light-dark(#5b6663, #a3adaa));
    --_paper: var(--gmail-paper, light-dark(#ffffff, #1c211f));
    --_ground: var(--gmail-ground, light-dark(#f7f6f2, #141816));
    --_line: var(--gmail-line, light-dark(#d9dcda, #39413e));
    --_field-line: var(--gmail-field-line, light-dark(#7f8b87, #737f7b));
    --_main: var(--gmail-main, light-dark(#2f5d62, #7cc0c4));
    --_on-main: var(--gmail-on-main, light-dark(#ffffff, #0e1b1c));
    --_wrong: var(--gmail-wrong, light-dark(#a1271f, #ff9d94));
    --_closing-this-month: var(--gmail-closing-this-month, light-dark(#fdebc8, #4a3816));
    --_on-closing-this-month: var(--gmail-on-closing-this-month, light-dark(#724400, #f7d894));
    --_open-deals: var(--gmail-open-deals, light-dark(#dfe9f7, #22364f));
    --_on-open-deals: var(--gmail-on-open-deals, light-dark(#1d4a80, #b5d2f5));
    --_customers: var(--gmail-customers, light-dark(#dcefdc, #23402a));
    --_on-customers: var(--gmail-on-customers, light-dark(#1e5a2a, #b4e0b9));
    --_chart-closing-this-month: var(--gmail-chart-closing-this-month, light-dark(#c98413, #e5b04c));
    --_chart-open-deals: var(--gmail-chart-open-deals, light-dark(#3b72b8, #7fb0ea));
    --_chart-customers: var(--gmail-chart-customers, light-dark(#3c8a4a, #79c486));
    --_gap: var(--gmail-gap, var(--_density, 1rem));
    --_radius: var(--gmail-radius, 0.6rem);
    --_font: var(--gmail-font, 1rem/1.5 system-ui, sans-serif);
    display: block;
    color: var(--_ink);
    accent-color: var(--_main);
    font: var(--_font);
  }
  /* Inherited: what is opened within is as dense as what is around it. */
  :host([density="compact"]) {
    --_density: 0.6rem;
  }
  [hidden] {
    display: none !important;
  }
  *,
  *::before {
    box-sizing: border-box;
  }
  h2,
  h3 {
    font-size: 1.05em;
    margin: 0 0 calc(var(--_gap) / 2);
  }
  p {
    margin: 0 0 calc(var(--_gap) / 2);
  }
  .card {
    background: var(--_paper);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    padding: var(--_gap);
    margin-block-end: var(--_gap);
  }
  .quiet {
    color: var(--_quiet);
    font-size: 0.9em;
  }
  .wrong {
    color: var(--_wrong);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: calc(var(--_gap) / 2);
    align-items: center;
  }
  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
  }
  input:not([type="checkbox"], [type="radio"]),
  select,
  textarea {
    inline-size: 100%;
    min-inline-size: 0;
    background: var(--_paper);
    border: 1px solid var(--_field-line);
    border-radius: var(--_radius);
    padding: 0.4em;
  }
  button {
    background: var(--_paper);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    padding: 0.4em 0.9em;
    cursor: pointer;
    font-weight: 600;
  }
  button.main {
    background: var(--_main);
    border-color: var(--_main);
    color: var(--_on-main);
  }
  button.plain {
    border: 0;
    background: none;
    padding: 0;
    color: var(--_main);
    text-decoration: underline;
    font-weight: inherit;
  }
  button:disabled,
  button[aria-disabled="true"] {
    opacity: 0.55;
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--_main);
    outline-offset: 2px;
  }
  ::file-selector-button {
    font: inherit;
    color: inherit;
    background: var(--_ground);
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) / 2);
    padding: 0.1em 0.6em;
    margin-inline-end: 0.6em;
  }
  .chip {
    display: inline-block;
    border: 1px solid var(--_line);
    border-radius: 99rem;
    padding: 0 0.6em;
    font-size: 0.85em;
  }
  .chip.strong {
    border-color: var(--_main);
    color: var(--_main);
    font-weight: 600;
  }
  .chip.closing_this_month {
    background: var(--_closing-this-month);
    color: var(--_on-closing-this-month);
  }
  .chip.open,
  .chip.open_deals {
    background: var(--_open-deals);
    color: var(--_on-open-deals);
  }
  .chip.won,
  .chip.customers {
    background: var(--_customers);
    color: var(--_on-customers);
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem;
  }
  a {
    color: var(--_main);
  }
  ul.plain {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  label.option {
    display: flex;
    gap: 0.6em;
    align-items: baseline;
    margin-block-end: calc(var(--_gap) / 2);
  }
  @media (prefers-reduced-motion: no-preference) {
    progress {
      transition: width 0.2s;
    }
  }
`;

/** Tables that scroll by themselves where the page is narrow. */
export const tables = css`
  .wide {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    inline-size: 100%;
    font-size: 0.9em;
  }
  th,
  td {
    text-align: start;
    vertical-align: top;
    padding: 0.4em 0.6em;
    border-block-end: 1px solid var(--_line);
  }
  td .chip {
    white-space: nowrap;
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
`;
