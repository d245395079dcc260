// A small chart of the labeler's runs: bars of labelled mail, a line of Gmail quota units.

import { css, svg, type SVGTemplateResult } from "lit";

import { CATEGORIES, type Category } from "./types.js";

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
    stroke: var(--_quiet);
    stroke-dasharray: 4 3;
    vector-effect: non-scaling-stroke;
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
  const line = shown.map((run, at) => `${(at + 0.5) * step},${HEIGHT - (run.gmail_units / units) * (HEIGHT - 8) - 4}`);
  return svg`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true" preserveAspectRatio="none">
    ${shown.map((run, at) => bar(run, at * step, step - GAP, (HEIGHT - 8) / most))}
    <polyline class="units" points=${line.join(" ")} />
  </svg>`;
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
