// "Share email": the contacts whose mail the owner shows to colleagues, one by one.

import type { Api } from "./api.js";

interface Shares {
  items: { contact_id: string }[];
  next_cursor: string | null;
}

/** Whether mail with this contact is shared. Throws Problem. */
export async function findShare(api: Api, contactId: string): Promise<boolean> {
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Shares = await api.call<Shares>("GET", `/oauth/mailbox/shares?limit=1000${from}`);
    if (page.items.some((share) => share.contact_id === contactId)) return true;
    cursor = page.next_cursor;
  } while (cursor !== null);
  return false;
}

/** Shares mail with this contact, or no longer. Throws Problem. */
export async function setShare(api: Api, contactId: string, on: boolean): Promise<void> {
  await api.call(on ? "PUT" : "DELETE", `/oauth/mailbox/shares/${encodeURIComponent(contactId)}`);
}
