// "Share email": the contacts whose mail the owner shows to colleagues, one by one.

import type { Api } from "./api.js";

interface Page {
  items: { contact_id: string }[];
  next_cursor: string | null;
}

/** What stands, as far as that is known, and why the last wish failed; null where it did not. */
interface Outcome {
  stands: boolean;
  fault: unknown;
}

/** What is wished for a contact, and the calls that bring it about. */
interface Wish {
  on: boolean;
  /** Of who wished last. */
  api: Api;
  done: Promise<Outcome>;
}

/** Of all records of the page. One call at a time for each contact: of two under way, the earlier may be carried out last. */
const wishes = new Map<string, Wish>();
/** Counts the wishes. */
let wished = 0;

function key(api: Api, mailbox: string, contactId: string): string {
  return JSON.stringify([api.endpoint, mailbox, contactId]);
}

/** Whether the mailbox's mail with this contact is shared, once what was wished is done. Throws Problem. */
export async function isShared(api: Api, mailbox: string, contactId: string): Promise<boolean> {
  let before: number;
  let found: boolean;
  do {
    await wishes.get(key(api, mailbox, contactId))?.done;
    before = wished;
    found = await listed(api, contactId);
  } while (before !== wished);
  return found;
}

/**
 * Shares the mailbox's mail with this contact, or no longer, after the call that is under way. Answers what stands then:
 * the last wish, whichever contact is shown by then, unless that one failed.
 */
export function share(api: Api, mailbox: string, contactId: string, on: boolean): Promise<Outcome> {
  wished += 1;
  const name = key(api, mailbox, contactId);
  const earlier = wishes.get(name);
  if (earlier) {
    Object.assign(earlier, { on, api });
    return earlier.done;
  }
  const wish: Wish = { on, api, done: Promise.resolve({ stands: on, fault: null }) };
  wishes.set(name, wish);
  wish.done = carryOut(name, contactId, wish);
  return wish.done;
}

async function carryOut(name: string, contactId: string, wish: Wish): Promise<Outcome> {
  window.addEventListener("beforeunload", ask);
  let before = !wish.on;
  try {
    for (;;) {
      const { on, api } = wish;
      let fault: unknown = null;
      try {
        await api.call(on ? "PUT" : "DELETE", `/oauth/mailbox/shares/${encodeURIComponent(contactId)}`);
        before = on;
      } catch (problem) {
        fault = problem;
        // It may have been done for all that.
        if (on === wish.on) before = await listed(api, contactId).catch(() => before);
      }
      if (on === wish.on) return { stands: before, fault };
    }
  } finally {
    wishes.delete(name);
    if (wishes.size === 0) window.removeEventListener("beforeunload", ask);
  }
}

/** Who leaves the page now might leave the last wish unsent. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

async function listed(api: Api, contactId: string): Promise<boolean> {
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page = await api.call<Page>("GET", `/oauth/mailbox/shares?limit=1000${from}`);
    if (page.items.some((share) => share.contact_id === contactId)) return true;
    cursor = page.next_cursor;
  } while (cursor !== null);
  return false;
}
