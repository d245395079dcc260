// <gmail-runs>: what was done in a mailbox: the labeler's runs, the completeness proof, and of one's own who looked.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { Problem } from "./api.js";
import { auditTable, type AuditEntry } from "./audit.js";
import { GmailElement } from "./element.js";
import { chartKey, chartStyle, labelled, runsChart, type Run } from "./runs-chart.js";
import { shared, tables } from "./style.js";
import { CATEGORIES, type Completeness } from "./types.js";
import { isKey } from "./words/index.js";

const RUNS = 24;

@customElement("gmail-runs")
export class GmailRuns extends GmailElement {
  static override styles = [
    shared,
    tables,
    chartStyle,
  ];

  /** A mailbox of the admin's organisation, which the admin reads and does not touch; null: one's own. */
  @property({ attribute: false }) mailbox: string | null = null;

  /** null: no mailbox is connected. */
  @state() private runs: Run[] | null | undefined = undefined;
  @state() private proof: Completeness | null = null;
  @state() private audit: AuditEntry[] = [];

  protected override async load(): Promise<void> {
    await this.doing(async () => {
      if (this.mailbox === null && (await this.api.mailbox()) === null) {
        this.runs = null;
        return;
      }
      const place = this.mailbox === null ? "" : `/org/mailboxes/${encodeURIComponent(this.mailbox)}`;
      this.runs = (await this.api.call<{ items: Run[] }>("GET", `/labeler${place}/runs?limit=${RUNS}`)).items;
      this.proof = await this.lastProof(`/notify${place}/completeness`);
      if (this.mailbox !== null) return;
      this.audit = (await this.api.call<{ items: AuditEntry[] }>("GET", "/oauth/mailbox/audit?limit=20")).items;
    });
  }

  private async lastProof(path: string): Promise<Completeness | null> {
    try {
      return await this.api.call<Completeness>("GET", path);
    } catch (fault) {
      if (fault instanceof Problem && fault.status === 404) return null;
      throw fault;
    }
  }

  private async recount(): Promise<void> {
    await this.doing(async () => {
      this.proof = await this.api.call<Completeness>("POST", "/notify/completeness", {});
    });
  }

  private async undo(run: Run): Promise<void> {
    await this.doing(async () => {
      const undone = await this.api.call<{ reversed: number }>("POST", "/labeler/undo", { run: run.id });
      await this.load();
      this.said = this.say("runs.undone", { n: undone.reversed });
    });
  }

  protected override render(): TemplateResult {
    return html`
      <div role="status">${this.said ? html`<p class="quiet">${this.said}</p>` : nothing}</div>
      ${this.fault ? html`<p class="wrong card" role="alert">${this.explain(this.fault)}</p>` : nothing}
      ${this.runs ? [this.runsCard(this.runs), this.proofCard(), this.isOwn ? this.auditCard() : nothing] : this.waiting()}
    `;
  }

  private waiting(): TemplateResult | typeof nothing {
    if (this.runs === null) return html`<p class="card quiet">${this.say("runs.not_connected")}</p>`;
    return this.fault ? nothing : html`<p class="card quiet" aria-busy="true">${this.say("list.loading")}</p>`;
  }

  private get isOwn(): boolean {
    return this.mailbox === null;
  }

  private runsCard(runs: Run[]): TemplateResult {
    return html`<section class="card" aria-labelledby="runs">
      <h2 id="runs">${this.say("runs.title")}</h2>
      ${runs.length === 0
        ? html`<p class="quiet">${this.say("runs.none")}</p>`
        : html`${runsChart(runs)}
            <p class="quiet">${this.say("runs.legend")}</p>
            ${chartKey((key) => this.say(key))}
            <div class="wide" tabindex="0" role="group" aria-labelledby="runs">
              <table>
                <thead>
                  <tr>
                    <th scope="col">${this.say("runs.started")}</th>
                    ${CATEGORIES.map((category) => html`<th scope="col" class="number">${this.say(`category.${category}`)}</th>`)}
                    <th scope="col" class="number">${this.say("runs.taken_off")}</th>
                    <th scope="col" class="number">${this.say("runs.units")}</th>
                    <th scope="col">${this.say("runs.state")}</th>
                    <td></td>
                  </tr>
                </thead>
                <tbody>
                  ${runs.map((run) => this.runRow(run))}
                </tbody>
              </table>
            </div>`}
    </section>`;
  }

  private runRow(run: Run): TemplateResult {
    const time = this.formats.moment(run.started_at);
    return html`<tr>
      <th scope="row">${time}</th>
      ${CATEGORIES.map((category) => html`<td class="number">${this.formats.number(run.labelled[category])}</td>`)}
      <td class="number">${this.formats.number(run.taken_off + run.undone)}</td>
      <td class="number">${this.formats.number(run.gmail_units)}</td>
      <td>${run.undone > 0 ? this.say("runs.is_undo") : this.runState(run.state)}</td>
      <td>
        ${this.isOwn && labelled(run) > 0
          ? html`<button class="plain" aria-label=${this.say("runs.undo_of", { time })} @click=${() => this.undo(run)}>
              ${this.say("runs.undo")}
            </button>`
          : nothing}
      </td>
    </tr>`;
  }

  private runState(state: string): string {
    const key = `run.${state}`;
    return isKey(key) ? this.say(key) : state;
  }

  private proofCard(): TemplateResult {
    const { proof } = this;
    return html`<section class="card" aria-labelledby="proof">
      <h2 id="proof">${this.say("proof.title")}</h2>
      ${proof
        ? html`<p>
              ${this.say("proof.counted", {
                seen: this.formats.number(proof.seen),
                expected: this.formats.number(proof.expected),
                from: this.formats.moment(proof.from),
                to: this.formats.moment(proof.to),
              })}
            </p>
            <p>${this.say("proof.repaired", { n: proof.repaired })} ${this.say("proof.missing", { n: proof.missing.length })}</p>
            ${proof.missing.length > 0 ? html`<p class="wrong">${proof.missing.join(", ")}</p>` : nothing}`
        : html`<p class="quiet">${this.say("proof.none")}</p>`}
      ${this.isOwn ? html`<button @click=${() => this.recount()}>${this.say("proof.now")}</button>` : nothing}
    </section>`;
  }

  private auditCard(): TemplateResult {
    return html`<section class="card" aria-labelledby="audit">
      <h2 id="audit">${this.say("audit.own")}</h2>
      ${auditTable(this.audit, "audit", (key, values) => this.say(key, values), this.formats)}
    </section>`;
  }
}
