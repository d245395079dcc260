// To whom an answer goes, shown before it is sent, and what stands in the fields of a mail.

import type { Message, Person, WrittenDraft } from "./types.js";

export type Mode = "reply" | "reply_all" | "forward";
export type Field = "to" | "cc" | "bcc" | "subject" | "text";

export interface Recipients {
  to: string;
  cc: string;
}

/** RFC 5322, 3.6.3: Reply-To before From; to all means everybody else too, but never oneself. */
export function recipients(message: Message, mode: Mode, own: readonly string[]): Recipients {
  if (mode === "forward") return { to: "", cc: "" };
  const mine = new Set(own.map((address) => address.toLowerCase()));
  const others = (people: Person[]): Person[] => people.filter((one) => !mine.has(one.address.toLowerCase()));
  const replyTo = message.headers.find((header) => header.name.toLowerCase() === "reply-to")?.value;
  const out = message.direction === "out";
  const first = out ? write(message.to) : (replyTo ?? write([message.from]));
  if (mode === "reply") return { to: first, cc: "" };
  const answered = new Set(split(first).map(bare));
  const rest = out ? [] : others(message.to).filter((one) => !answered.has(one.address.toLowerCase()));
  return { to: [first, ...rest.map((one) => write([one]))].join(", "), cc: write(others(message.cc)) };
}

/** Subject of an answer: one prefix, however often it was answered before. */
export function subjectOf(message: Message, mode: Mode): string {
  const prefix = mode === "forward" ? "Fwd" : "Re";
  return new RegExp(`^\\s*${prefix}\\s*:`, "i").test(message.subject) ? message.subject : `${prefix}: ${message.subject}`;
}

/** People as one writes them into a header; a name with more than letters in it needs quotation marks (RFC 5322). */
export function write(people: readonly Person[]): string {
  return people
    .filter((one) => one.address !== "")
    .map((one) => (one.name ? `${quoted(one.name)} <${one.address}>` : one.address))
    .join(", ");
}

function quoted(name: string): string {
  return /^[\p{L}\p{N} '-]+$/u.test(name) ? name : `"${name.replace(/["\\]/g, "")}"`;
}

/** What a person typed into an address field, one recipient each; commas within quotation marks divide nothing. */
export function split(text: string): string[] {
  return (text.match(/(?:"[^"]*"|[^,;"])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== "");
}

/** The address within what `split` gives, in lower case. */
function bare(recipient: string): string {
  return (/<([^<>]*)>\s*$/.exec(recipient)?.[1] ?? recipient).trim().toLowerCase();
}

/** The mode where the recipients are named: to one or to all is then the same, and a draft that is gone on with knows no more. */
export function toNamed(mode: Mode): Mode {
  return mode === "forward" ? mode : "reply";
}

/** What stands in the fields of a draft. */
export function written(draft: WrittenDraft): Record<Field, string> {
  const { subject, text } = draft;
  return { to: write(draft.to), cc: write(draft.cc), bcc: write(draft.bcc), subject, text };
}
