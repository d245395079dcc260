// Who did what, as a table.

import { html, type TemplateResult } from "lit";

import type { Formats } from "./formats.js";
import { isKey, type Key, type Values } from "./words/index.js";

export interface AuditEntry {
  id: string;
  at: string;
  actor: string;
  action: string;
  owner: string | null;
  changes: Record<string, { from: unknown; to: unknown }>;
  contact_id: string | null;
  message_id: string | null;
}

type Say = (key: Key, values?: Values) => string;

/** `label` is the id of the heading that names the table. */
export function auditTable(entries: readonly AuditEntry[], label: string, say: Say, formats: Formats): TemplateResult {
  if (entries.length === 0) return html`<p class="quiet">${say("audit.none")}</p>`;
  return html`<div class="wide" tabindex="0" role="group" aria-labelledby=${label}>
    <table>
      <thead>
        <tr>
          <th scope="col">${say("audit.when")}</th>
          <th scope="col">${say("audit.who")}</th>
          <th scope="col">${say("audit.what")}</th>
          <th scope="col">${say("audit.about")}</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map((entry) => row(entry, say, formats))}
      </tbody>
    </table>
  </div>`;
}

function row(entry: AuditEntry, say: Say, formats: Formats): TemplateResult {
  const key = `audit.${entry.action}`;
  const changes = Object.entries(entry.changes).map(
    ([name, { from, to }]) => `${field(name, say)}: ${told(from, say)} → ${told(to, say)}`,
  );
  const about = [entry.owner, entry.contact_id, entry.message_id, ...changes].filter((part) => part !== null);
  return html`<tr>
    <td>${formats.moment(entry.at)}</td>
    <td>${entry.actor === "google" ? "Google" : entry.actor}</td>
    <td>${isKey(key) ? say(key) : entry.action}</td>
    <td>${about.join(" · ")}</td>
  </tr>`;
}

function field(name: string, say: Say): string {
  const key = `field.${name}`;
  return isKey(key) ? say(key) : name;
}

/** A value in words: on, off, none; what the catalogue knows; names and addresses as they are. */
function told(value: unknown, say: Say): string {
  if (typeof value === "boolean") return say(value ? "value.on" : "value.off");
  if (value === null || value === "") return say("value.none");
  if (Array.isArray(value)) return value.length > 0 ? value.map((one) => told(one, say)).join(", ") : say("value.none");
  if (typeof value === "object") {
    const rows = Object.entries(value).map(([name, one]) => `${told(name, say)} = ${told(one, say)}`);
    return rows.length > 0 ? rows.join(", ") : say("value.none");
  }
  const known = [`sharing.${value}`, `category.${value}`].find(isKey);
  return known ? say(known) : String(value);
}
