// The Idempotency-Key of a mail: at most one goes out for it, whatever fails and however often sending is tried.

import { Problem } from "./api.js";

/**
 * A mail keeps its key while an earlier try may have gone out: the server then sends the same one no second time, and
 * refuses a changed one. The first key is made of the draft alone, so that a lost answer and a reload change neither.
 */
export class SendKey {
  #key: string | null = null;
  #content = "";
  #notSent = false;

  /** The key for this mail, which is written in the draft of this id, if it is in any. */
  async of(draft: string | null, mail: object): Promise<string> {
    const content = await digest(JSON.stringify(mail));
    const changed = this.#notSent && content !== this.#content;
    if (this.#key === null) this.#key = draft === null ? crypto.randomUUID() : `draft-${draft}`;
    else if (changed) this.#key = draft === null ? crypto.randomUUID() : `draft-${draft}-${content}`;
    this.#content = content;
    this.#notSent = false;
    return this.#key;
  }

  /** Hears how the try went: after a refusal, and where the server knows, nothing has gone out under this key. */
  failed(fault: unknown): void {
    this.#notSent = fault instanceof Problem && (fault.status === 422 || fault.code === "not_sent");
  }

  /** From now on it is another mail; only its writer can say so. */
  renew(): void {
    this.#key = crypto.randomUUID();
  }
}

/** Whether nobody but the user can tell, in the sent mail, if an earlier try has gone out. */
export function mayBeSent(fault: unknown): boolean {
  return fault instanceof Problem && (fault.code === "key_reused" || fault.code === "send_unconfirmed");
}

/** 32 hexadecimal digits that tell one text from another. */
async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
