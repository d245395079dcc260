// <gmail-totals>: what the labeler did in several mailboxes together, and how many of them proved complete.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { Problem } from "./api.js";
import { GmailElement } from "./element.js";
import { chartKey, chartStyle, labelled, runsChart, type Run } from "./runs-chart.js";
import { shared, tables } from "./style.js";
import { CATEGORIES, type Completeness } from "./types.js";

const DAY_MS = 86_400_000;
/** A recount comes once a day, and takes its time: one may be a little older than a day. */
const PROOF_MS = 26 * 3_600_000;
const HOUR = "2026-11-01T09".length;
const PAGE = 100;
/** Mailboxes that are asked side by side. */
const SIDE_BY_SIDE = 4;

interface Found {
  runs: Run[];
  proof: Completeness | null;
}

/** Asks on a click: two calls for each mailbox, more where it had over a hundred runs. There is no sum in the database, where a wrong one could stand. */
@customElement("gmail-totals")
export class GmailTotals extends GmailElement {
  static override styles = [shared, tables, chartStyle];

  @property({ attribute: false }) mailboxes: readonly string[] = [];
  /** Whether there are mailboxes beyond these. */
  @property({ type: Boolean }) partial = false;

  @state() private found: Found[] | null = null;
  @state() private busy = false;

  protected override async load(): Promise<void> {
    // Nothing is asked before the click.
  }

  private async add(): Promise<void> {
    this.busy = true;
    await this.doing(async () => {
      const left = [...this.mailboxes];
      const found: Found[] = [];
      const work = async (): Promise<void> => {
        for (let id = left.pop(); id !== undefined; id = left.pop()) {
          const one = await this.read(id);
          if (one) found.push(one);
        }
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
      this.found = found;
    });
    this.busy = false;
  }

  /** Null for a mailbox that is gone: it was disconnected since the list was read. */
  private async read(id: string): Promise<Found | null> {
    const place = `org/mailboxes/${encodeURIComponent(id)}`;
    const runs = await ifThere(this.runs(place));
    return runs && { runs, proof: await ifThere(this.api.call<Completeness>("GET", `/notify/${place}/completeness`)) };
  }

  /** Those of the last day; they come newest first. */
  private async runs(place: string): Promise<Run[]> {
    const since = Date.now() - DAY_MS;
    const runs: Run[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const from = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/labeler/${place}/runs?limit=${PAGE}${from}`;
      const page: { items: Run[]; next_cursor: string | null } = await this.api.call("GET", path);
      const fresh = page.items.filter((run) => Date.parse(run.started_at) >= since);
      runs.push(...fresh);
      cursor = fresh.length === page.items.length ? page.next_cursor : null;
    }
    return runs;
  }

  protected override render(): TemplateResult {
    return html`${this.fault ? html`<p class="wrong" role="alert">${this.explain(this.fault)}</p>` : nothing}
      <div role="status">${this.found ? this.sums(this.found) : nothing}</div>
      <button ?disabled=${this.busy} @click=${() => this.add()}>${this.say("totals.add")}</button>`;
  }

  private sums(found: readonly Found[]): TemplateResult {
    const runs = found.flatMap((one) => one.runs);
    const sum = (count: (run: Run) => number): number => runs.reduce((all, run) => all + count(run), 0);
    const numbers = { mails: this.formats.number(sum(labelled)), units: this.formats.number(sum((run) => run.gmail_units)) };
    return html`${runs.length > 0 ? this.chart(hours(runs)) : nothing}
      <p>${this.say("totals.labelled", numbers)}</p>
      <p>${this.say("totals.complete", { n: found.filter(isComplete).length, all: found.length })}</p>
      ${this.partial ? html`<p class="quiet">${this.say("totals.partial")}</p>` : nothing}`;
  }

  private chart(byHour: readonly Run[]): TemplateResult {
    return html`${runsChart(byHour)}
      <p class="quiet">${this.say("totals.legend")}</p>
      ${chartKey((key) => this.say(key))}
      <details>
        <summary id="hours">${this.say("totals.hours")}</summary>
        <div class="wide" tabindex="0" role="group" aria-labelledby="hours">
          <table>
            <thead>
              <tr>
                <th scope="col">${this.say("runs.started")}</th>
                ${CATEGORIES.map((category) => html`<th scope="col" class="number">${this.say(`category.${category}`)}</th>`)}
                <th scope="col" class="number">${this.say("runs.units")}</th>
              </tr>
            </thead>
            <tbody>
              ${byHour.map((sum) => this.hour(sum))}
            </tbody>
          </table>
        </div>
      </details>`;
  }

  private hour(sum: Run): TemplateResult {
    return html`<tr>
      <th scope="row">${this.formats.moment(sum.started_at)}</th>
      ${CATEGORIES.map((category) => html`<td class="number">${this.formats.number(sum.labelled[category])}</td>`)}
      <td class="number">${this.formats.number(sum.gmail_units)}</td>
    </tr>`;
  }
}

/** The answer, or null where there is none (404). Throws Problem for anything else. */
async function ifThere<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (fault) {
    if (fault instanceof Problem && fault.status === 404) return null;
    throw fault;
  }
}

/** Recounted lately, and nothing is missing. */
function isComplete({ proof }: Found): boolean {
  return proof?.state === "done" && proof.missing.length === 0 && Date.parse(proof.to) >= Date.now() - PROOF_MS;
}

/** The runs of each hour as one, newest first, as a chart takes them. */
function hours(runs: readonly Run[]): Run[] {
  const sums = new Map<string, Run>();
  for (const run of runs) {
    const hour = run.started_at.slice(0, HOUR);
    const sum = sums.get(hour);
    if (!sum) sums.set(hour, { ...run, started_at: `${hour}:00:00Z`, labelled: { ...run.labelled } });
    else {
      for (const category of CATEGORIES) sum.labelled[category] += run.labelled[category];
      sum.gmail_units += run.gmail_units;
    }
  }
  return [...sums.entries()].sort(([a], [b]) => b.localeCompare(a)).map(([, sum]) => sum);
}
