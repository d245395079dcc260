// The local stack's clock, which people and tests may move.

import { call } from "./session.js";

let offset = 0;

/** Asks the stack for its time. Answers whether there is such a clock: only the local stack has one. */
export async function askClock() {
  try {
    offset = Date.parse((await call("GET", "/local/clock")).now) - Date.now();
    return true;
  } catch {
    return false;
  }
}

/** The stack's present moment, as far as known. */
export function stackNow() {
  return new Date(Date.now() + offset);
}
