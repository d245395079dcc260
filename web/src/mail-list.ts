// A list of mail over several readings: what was read before, and what is open, stays.

import type { ContactPage, MessageSummary } from "./types.js";

/** A mail's name in the list: the id alone is Gmail's, and two mailboxes may have the same. */
export function key(mail: MessageSummary): string {
  return `${mail.mailbox}-${mail.id}`;
}

/** What was read before and lies beyond the newest page, which has been read again. */
export function olderThan(page: ContactPage, known: readonly MessageSummary[]): MessageSummary[] {
  const last = page.items.at(-1);
  if (last === undefined || page.next_cursor === null) return [];
  const newest = new Set(page.items.map(key));
  return known.filter((mail) => !newest.has(key(mail)) && mail.date <= last.date);
}

/** The user's own mail stays while it is open, also where its mailbox was late: an answer may be begun in it. */
export function withOpened(mails: MessageSummary[], opened: MessageSummary | undefined): MessageSummary[] {
  if (!opened?.owner.you || mails.some((mail) => key(mail) === key(opened))) return mails;
  const at = mails.findIndex((mail) => mail.date < opened.date);
  return at < 0 ? [...mails, opened] : mails.toSpliced(at, 0, opened);
}
