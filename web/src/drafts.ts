// A draft in Gmail that follows what is typed: saved at each pause, one call at a time.

import type { Api } from "./api.js";

const PAUSE_MS = 1500;

export class Drafts {
  readonly #api: Api;
  readonly #told: (saved: boolean) => void;
  #id: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The call that is under way; the next one waits for it, or there would be two drafts. */
  #last: Promise<void> = Promise.resolve();

  /** `told(saved)` hears how each saving went. */
  constructor(api: Api, told: (saved: boolean) => void) {
    this.#api = api;
    this.#told = told;
  }

  /** Saves what `mail` then answers, once nothing has been typed for a moment. */
  later(mail: () => Promise<object>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#last = this.#last.then(() => this.#save(mail));
    }, PAUSE_MS);
  }

  /** Saves no more; what is saved stays in Gmail. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Takes the draft out of Gmail again. One that cannot be deleted now stays; it harms nobody. */
  async discard(): Promise<void> {
    this.stop();
    await this.#last;
    if (this.#id === null) return;
    const path = `/proxy/drafts/${encodeURIComponent(this.#id)}`;
    this.#id = null;
    await this.#api.call("DELETE", path).catch(() => undefined);
  }

  async #save(mail: () => Promise<object>): Promise<void> {
    try {
      const body = await mail();
      if (this.#id === null) this.#id = (await this.#api.call<{ id: string }>("POST", "/proxy/drafts", body)).id;
      else await this.#api.call("PUT", `/proxy/drafts/${encodeURIComponent(this.#id)}`, body);
      this.#told(true);
    } catch {
      this.#told(false);
    }
  }
}
