// <gmail-admin>: the organisation's policy, the health of its mailboxes, the audit; no mail.

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";

import { auditTable, type AuditEntry } from "./audit.js";
import { GmailElement } from "./element.js";
import { save } from "./files.js";
import "./org-totals.js";
import "./policy-form.js";
import "./runs.js";
import { shared, tables } from "./style.js";
import type { Mailbox } from "./types.js";

/** A mailbox as its organisation's admin sees it. */
type Row = Omit<Mailbox, "email" | "labels"> & { owner: { id: string; name: string } };

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** For users with the permission `mail_admin`. */
@customElement("gmail-admin")
export class GmailAdmin extends GmailElement {
  static override styles = [
    shared,
    tables,
    css`
      .wide + h3 {
        margin-block-start: var(--_gap);
      }
    `,
  ];

  @state() private mailboxes: Row[] | null = null;
  @state() private nextMailboxes: string | null = null;
  @state() private audit: AuditEntry[] = [];
  @state() private nextAudit: string | null = null;
  /** The mailbox that is about to be disconnected by the admin. */
  @state() private removing: string | null = null;
  /** The mailbox whose runs and proof are shown. */
  @state() private looking: Row | null = null;

  protected override async load(): Promise<void> {
    await this.doing(async () => {
      await Promise.all([this.moreMailboxes(null), this.moreAudit(null)]);
    });
  }

  private async moreMailboxes(cursor: string | null): Promise<void> {
    const page = await this.page<Row>("/oauth/org/mailboxes", cursor);
    this.mailboxes = cursor === null ? page.items : [...(this.mailboxes ?? []), ...page.items];
    this.nextMailboxes = page.next_cursor;
  }

  private async moreAudit(cursor: string | null): Promise<void> {
    const page = await this.page<AuditEntry>("/oauth/org/audit", cursor);
    this.audit = cursor === null ? page.items : [...this.audit, ...page.items];
    this.nextAudit = page.next_cursor;
  }

  private page<T>(path: string, cursor: string | null): Promise<Page<T>> {
    const from = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    return this.api.call<Page<T>>("GET", `${path}?limit=50${from}`);
  }

  private async exportHeld(row: Row): Promise<void> {
    await this.doing(async () => {
      const held = await this.api.call<unknown>("GET", `/oauth/org/mailboxes/${encodeURIComponent(row.id)}/data`);
      save(new Blob([JSON.stringify(held, null, 2)], { type: "application/json" }), `${row.owner.id}.json`);
    });
  }

  private async removeMailbox(row: Row): Promise<void> {
    await this.doing(async () => {
      await this.api.call("DELETE", `/oauth/org/mailboxes/${encodeURIComponent(row.id)}?labels=keep`);
      // Another mailbox may be asked about by now.
      const asked = this.removing === row.id;
      const held = asked && this.shadowRoot?.activeElement?.matches(".remove");
      if (asked) this.removing = null;
      if (this.looking?.id === row.id) this.looking = null;
      // The button that was pressed is gone, and soon its row; the last one takes its table along.
      if (held) await this.focusOn("#mailboxes");
      await this.load();
      this.said = this.say("admin.removed", { name: row.owner.name });
    });
  }

  /** Shows what a disconnect means before it is done; null: it is not to be done. */
  private askToRemove(row: Row | null): void {
    const before = this.removing;
    this.removing = row?.id ?? null;
    // The button that was pressed is gone.
    void this.focusOn(row ? ".cancel" : `[data-remove="${before}"]`);
  }

  /** A run that would change unusually much waits for the admin's word. */
  private async confirm(row: Row): Promise<void> {
    await this.doing(async () => {
      await this.api.call("POST", "/labeler/confirm", { mailbox: row.id });
      this.said = this.say("admin.confirmed", { name: row.owner.name });
    });
  }

  protected override render(): TemplateResult {
    return html`
      <div role="status">${this.said ? html`<p class="quiet">${this.said}</p>` : nothing}</div>
      ${this.fault ? html`<p class="wrong card" role="alert">${this.explain(this.fault)}</p>` : nothing}
      ${this.health()}
      ${this.looking ? this.done(this.looking) : nothing}
      <gmail-policy .endpoint=${this.endpoint} .token=${this.token}></gmail-policy>
      <section class="card" aria-labelledby="audit">
        <h2 id="audit">${this.say("audit.org")}</h2>
        ${auditTable(this.audit, "audit", (key, values) => this.say(key, values), this.formats)}
        ${this.more(this.nextAudit, (cursor) => this.moreAudit(cursor))}
      </section>
      <h2>${this.say("admin.own")}</h2>
      <gmail-runs .endpoint=${this.endpoint} .token=${this.token}></gmail-runs>
    `;
  }

  private done(row: Row): TemplateResult {
    return html`<section aria-label=${this.say("admin.runs_of", { name: row.owner.name })}>
      <h2><bdi>${this.say("admin.runs_of", { name: row.owner.name })}</bdi></h2>
      ${keyed(row.id, html`<gmail-runs .endpoint=${this.endpoint} .token=${this.token} .mailbox=${row.id}></gmail-runs>`)}
    </section>`;
  }

  private more(cursor: string | null, read: (cursor: string) => Promise<void>): TemplateResult | typeof nothing {
    if (cursor === null) return nothing;
    return html`<button @click=${() => this.doing(() => read(cursor))}>${this.say("list.more")}</button>`;
  }

  private health(): TemplateResult {
    return html`<section class="card" aria-labelledby="mailboxes" aria-busy=${this.mailboxes === null && !this.fault}>
      <h2 id="mailboxes" tabindex="-1">${this.say("admin.mailboxes")}</h2>
      ${this.mailboxes === null && !this.fault ? html`<p class="quiet">${this.say("list.loading")}</p>` : nothing}
      ${this.mailboxes?.length === 0 && !this.fault ? html`<p class="quiet">${this.say("admin.none")}</p>` : nothing}
      ${this.mailboxes?.length ? this.table(this.mailboxes) : nothing}
      ${this.more(this.nextMailboxes, (cursor) => this.moreMailboxes(cursor))}
      ${this.mailboxes?.length ? this.totals(this.mailboxes) : nothing}
    </section>`;
  }

  private totals(rows: Row[]): TemplateResult {
    return html`<h3>${this.say("totals.title")}</h3>
      <gmail-totals
        .endpoint=${this.endpoint}
        .token=${this.token}
        .mailboxes=${rows.map((row) => row.id)}
        .partial=${this.nextMailboxes !== null}
      ></gmail-totals>`;
  }

  private table(rows: Row[]): TemplateResult {
    return html`<div class="wide" tabindex="0" role="group" aria-labelledby="mailboxes">
      <table>
        <thead>
          <tr>
            <th scope="col">${this.say("admin.owner")}</th>
            <th scope="col">${this.say("admin.health")}</th>
            <th scope="col">${this.say("admin.settings")}</th>
            <th scope="col">${this.say("admin.last_run")}</th>
            <th scope="col">${this.say("admin.do")}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(rows, (row) => row.id, (row) => this.row(row))}
        </tbody>
      </table>
    </div>`;
  }

  private row(row: Row): TemplateResult {
    const { settings, health } = row;
    const features = (["mailmagnet", "labels"] as const).filter((name) => settings[name]);
    const lastRun = row.labeling.last_run_at;
    return html`<tr>
      <th scope="row"><bdi>${row.owner.name}</bdi></th>
      <td>
        <span class="chip">${this.say(`status.${row.status}`)}</span>
        <span class=${health.act ? "wrong" : "quiet"}>${health.detail}</span>
        ${row.warnings.map((warning) => html`<p class="quiet">${warning.detail}</p>`)}
      </td>
      <td>
        ${this.say(`sharing.${settings.sharing}`)}${features.map((name) => html`, ${this.say(`feature.${name}`)}`)}
      </td>
      <td>${lastRun ? this.formats.moment(lastRun) : this.say("admin.never")}</td>
      <td>${this.buttons(row)}</td>
    </tr>`;
  }

  private buttons(row: Row): TemplateResult {
    const { name } = row.owner;
    if (this.removing === row.id) {
      return html`<p>${this.say("admin.remove_means", { name })}</p>
        <div class="row">
          <button class="remove" @click=${() => this.removeMailbox(row)}>${this.say("admin.remove_do")}</button>
          <button class="cancel" @click=${() => this.askToRemove(null)}>${this.say("list.cancel")}</button>
        </div>`;
    }
    return html`<div class="row">
      ${row.health.code === "label_changes_held"
        ? html`<button class="main" @click=${() => this.confirm(row)}>${this.say("admin.confirm")}</button>`
        : nothing}
      <button
        class="plain"
        aria-label=${this.say("admin.runs_of", { name })}
        aria-expanded=${this.looking?.id === row.id}
        @click=${() => (this.looking = this.looking?.id === row.id ? null : row)}
      >
        ${this.say("admin.runs")}
      </button>
      <button class="plain" aria-label=${this.say("admin.export_of", { name })} @click=${() => this.exportHeld(row)}>
        ${this.say("admin.export")}
      </button>
      <button
        class="plain"
        data-remove=${row.id}
        aria-label=${this.say("admin.remove_of", { name })}
        @click=${() => this.askToRemove(row)}
      >
        ${this.say("admin.remove")}
      </button>
    </div>`;
  }
}
