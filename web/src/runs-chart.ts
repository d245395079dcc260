// A small chart of the labeler's runs: bars of labelled mail, a line of Gmail quota units.

import { css, html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

import { CATEGORIES, type Category } from "./types.js";
import type { Key } from "./words/index.js";

export interface Run {
  id: string;
  started_at: string;
  labelled: Record<Category, number>;
  taken_off: number;
  undone: number;
  gmail_units: number;
  duration_ms: number;
  state: string;
}

export const chartStyle = css`
  svg {
    inline-size: 100%;
    block-size: 7rem;
    border-block-end: 1px solid var(--_line);
  }
  svg.key {
    inline-size: 1.6em;
    block-size: 0.8em;
    border: 0;
  }
  rect.closing_this_month {
    fill: var(--_chart-closing-this-month);
  }
  rect.open_deals {
    fill: var(--_chart-open-deals);
  }
  rect.customers {
    fill: var(--_chart-customers);
  }
  .units {
    fill: none;
    stroke: var(--_ink);
    stroke-width: 1.5px;
    stroke-dasharray: 4 3;
    vector-effect: non-scaling-stroke;
  }
  /* Below the line, so that it is seen on a bar of any colour. */
  .halo {
    stroke: var(--_paper);
    stroke-width: 4px;
    stroke-dasharray: none;
  }
`;

const WIDTH = 640;
const HEIGHT = 120;
const GAP = 2;

/** Oldest left. The table below holds the same numbers, so the chart is hidden from screen readers. */
export function runsChart(runs: readonly Run[]): SVGTemplateResult {
  const shown = [...runs].reverse();
  const step = WIDTH / Math.max(shown.length, 12);
  const most = Math.max(1, ...shown.map((run) => labelled(run)));
  const units = Math.max(1, ...shown.map((run) => run.gmail_units));
  // Level across each bar, so that one alone has a line too.
  const line = shown.flatMap((run, at) => {
    const top = HEIGHT - (run.gmail_units / units) * (HEIGHT - 8) - 4;
    return [`${at * step},${top}`, `${(at + 1) * step - GAP},${top}`];
  });
  return svg`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true" preserveAspectRatio="none">
    ${shown.map((run, at) => bar(run, at * step, step - GAP, (HEIGHT - 8) / most))}
    <polyline class="units halo" points=${line.join(" ")} />
    <polyline class="units" points=${line.join(" ")} />
  </svg>`;
}

/** What the chart's colours and its line mean, below it; hidden from screen readers as it is. */
export function chartKey(say: (key: Key) => string): TemplateResult {
  const line = svg`<line class="units" x2="32" y1="8" y2="8" />`;
  const part = (drawn: SVGTemplateResult, key: Key): TemplateResult =>
    html`<span><svg class="key" viewBox="0 0 32 16">${drawn}</svg> ${say(key)}</span>`;
  return html`<p class="row quiet" aria-hidden="true">
    ${CATEGORIES.map((name) => part(svg`<rect class=${name} width="32" height="16" />`, `category.${name}`))}
    ${part(line, "runs.units")}
  </p>`;
}

function bar(run: Run, left: number, width: number, scale: number): SVGTemplateResult {
  let top = HEIGHT;
  return svg`${CATEGORIES.map((category) => {
    const height = run.labelled[category] * scale;
    top -= height;
    return svg`<rect class=${category} x=${left} y=${top} width=${width} height=${height} />`;
  })}`;
}

/** Messages that the run put under one of the three labels. */
export function labelled(run: Run): number {
  return CATEGORIES.reduce((sum, category) => sum + run.labelled[category], 0);
}
