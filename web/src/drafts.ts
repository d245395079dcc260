// Drafts in Gmail: one that follows what is typed, saved at each pause, and those that were left unsent.

import type { Api } from "./api.js";
import type { Mode } from "./replying.js";
import type { WrittenDraft } from "./types.js";

/** Milliseconds: a moment in which nothing is typed, and the most that somebody types on unsaved. */
const PACE = { pause: 1500, most: 10_000 };
/** Gmail takes drafts whole: the files of a mail that is forwarded are sent again at each saving. */
const PACE_WITH_FILES = { pause: 10_000, most: 60_000 };

/** The savings under way, of all composers: who lists drafts waits for them. */
let saving: Promise<void> = Promise.resolve();

/** What was written here and not sent. A page without them is better than none: faults count as no draft. */
export async function unsent(api: Api): Promise<WrittenDraft[]> {
  await saving;
  const none = { items: [] as WrittenDraft[] };
  return (await api.call<typeof none>("GET", "/proxy/drafts").catch(() => none)).items;
}

/** Takes a draft out of Gmail. Throws Problem. */
export async function deleteDraft(api: Api, id: string): Promise<void> {
  await api.call("DELETE", `/proxy/drafts/${encodeURIComponent(id)}`);
}

/** How the mail was answered. Whom it goes to stands in the draft: to one or to all makes no difference any more. */
export function modeOf(draft: WrittenDraft): Mode {
  return draft.forward ? "forward" : "reply";
}

/** Whether the draft goes to one of these addresses, as a copy too. */
export function isTo(draft: WrittenDraft, addresses: readonly string[]): boolean {
  const wanted = new Set(addresses.map((address) => address.toLowerCase()));
  return [...draft.to, ...draft.cc, ...draft.bcc].some((one) => wanted.has(one.address.toLowerCase()));
}

export class Drafts {
  readonly #api: () => Api;
  readonly #told: (saved: boolean) => void;
  #id: string | null;
  /** When the first of what is not saved was typed. */
  #since: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pending: (() => Promise<object>) | null = null;
  /** The call that is under way; the next one waits for it, or there would be two drafts. */
  #last: Promise<void> = Promise.resolve();
  #discarded = false;

  /** `told(saved)` hears how each saving went; `id` is the draft to go on with. */
  constructor(api: () => Api, told: (saved: boolean) => void, id: string | null = null) {
    this.#api = api;
    this.#told = told;
    this.#id = id;
  }

  /** The draft's id in Gmail, once there is one. */
  get id(): string | null {
    return this.#id;
  }

  /** Saves what `mail` then answers at the next pause, or once it has waited long; both longer where it carries files. */
  later(mail: () => Promise<object>, carriesFiles: boolean): void {
    if (this.#discarded) return;
    clearTimeout(this.#timer);
    this.#pending = mail;
    const { pause, most } = carriesFiles ? PACE_WITH_FILES : PACE;
    this.#since ??= Date.now();
    this.#timer = setTimeout(() => this.flush(), Math.min(pause, this.#since + most - Date.now()));
  }

  /** Saves now what is not saved yet. */
  flush(): void {
    clearTimeout(this.#timer);
    const mail = this.#pending;
    this.#pending = null;
    this.#since = null;
    if (mail === null) return;
    this.#last = this.#last.then(() => this.#save(mail));
    saving = Promise.all([saving, this.#last]).then(() => undefined);
  }

  /** Takes the draft out of Gmail again, for good. One that cannot be deleted now stays; it harms nobody. */
  async discard(): Promise<void> {
    this.#discarded = true;
    clearTimeout(this.#timer);
    this.#pending = null;
    await this.#last;
    const id = this.#id;
    this.#id = null;
    if (id !== null) await deleteDraft(this.#api(), id).catch(() => undefined);
  }

  async #save(mail: () => Promise<object>): Promise<void> {
    try {
      const body = await mail();
      if (this.#id === null) this.#id = (await this.#api().call<{ id: string }>("POST", "/proxy/drafts", body)).id;
      else await this.#api().call("PUT", `/proxy/drafts/${encodeURIComponent(this.#id)}`, body);
      this.#told(true);
    } catch {
      this.#told(false);
    }
  }
}
