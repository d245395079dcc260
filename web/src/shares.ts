// "Share email": the contacts whose mail the owner shows to colleagues, one by one.

import type { Api } from "./api.js";

interface Page {
  items: { contact_id: string }[];
  next_cursor: string | null;
}

/** What is wished for a contact, and the calls that bring it about. */
interface Wish {
  on: boolean;
  done: Promise<boolean>;
}

/** One call at a time for each contact: of two under way, the earlier one may be carried out last. */
export class Shares {
  readonly #api: () => Api;
  readonly #wishes = new Map<string, Wish>();
  /** Counts the wishes. */
  #wished = 0;

  constructor(api: () => Api) {
    this.#api = api;
  }

  /** Whether mail with this contact is shared, once what was wished is done. Throws Problem. */
  async find(contactId: string): Promise<boolean> {
    let wished: number;
    let found: boolean;
    do {
      await this.#wishes.get(contactId)?.done.catch(() => undefined);
      wished = this.#wished;
      found = await listed(this.#api(), contactId);
    } while (wished !== this.#wished);
    return found;
  }

  /**
   * Shares mail with this contact, or no longer, after the call that is under way. Answers what stands then: the last
   * wish, whichever contact is shown by then. Throws Problem where that one failed.
   */
  set(contactId: string, on: boolean): Promise<boolean> {
    this.#wished += 1;
    const earlier = this.#wishes.get(contactId);
    if (earlier) {
      earlier.on = on;
      return earlier.done;
    }
    const wish: Wish = { on, done: Promise.resolve(on) };
    this.#wishes.set(contactId, wish);
    wish.done = this.#carryOut(contactId, wish);
    return wish.done;
  }

  async #carryOut(contactId: string, wish: Wish): Promise<boolean> {
    window.addEventListener("beforeunload", ask);
    try {
      for (;;) {
        const { on } = wish;
        try {
          await this.#api().call(on ? "PUT" : "DELETE", `/oauth/mailbox/shares/${encodeURIComponent(contactId)}`);
        } catch (fault) {
          if (on === wish.on) throw fault;
        }
        if (on === wish.on) return on;
      }
    } finally {
      this.#wishes.delete(contactId);
      if (this.#wishes.size === 0) window.removeEventListener("beforeunload", ask);
    }
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
