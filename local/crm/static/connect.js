// The consent popup: begin, wait for the ticket, complete.

import { call } from "./session.js";

const POLL_MS = 2000;
// Takes the ticket of a popup that has lost its opener (Cross-Origin-Opener-Policy).
const RETURN_PATH = "/settings/connected";

/**
 * Opens the window for Google's consent. Call it in the click itself: later, browsers block it.
 * Answers the window, or null where the browser refused.
 */
export function openConsentWindow() {
  return window.open("", "crm-gmail-consent", "popup,width=520,height=700");
}

/**
 * Connects this user's Gmail account and answers the Mailbox. `popup` comes from openConsentWindow;
 * `showLink(url)` is called where there is no window. Throws Problem, or Error with the message
 * `cancelled` or `expired`.
 */
export async function connect(popup, showLink, signal) {
  const before = await mailboxOrNull();
  const began = await call("POST", "/oauth/connections", { return_url: location.origin + RETURN_PATH }).catch((problem) => {
    popup?.close();
    throw problem;
  });
  if (popup) popup.location = began.authorization_url;
  else showLink(began.authorization_url);
  try {
    return await outcome(before, Date.parse(began.expires_at), signal);
  } finally {
    popup?.close();
  }
}

/** The caller's Mailbox, or null where none is connected. Throws Problem for anything else. */
export async function mailboxOrNull() {
  try {
    return await call("GET", "/oauth/mailbox");
  } catch (problem) {
    if (problem.code === "not_connected") return null;
    throw problem;
  }
}

// Whether the popup is closed is not asked: a browser that has severed it says so of an open one.
async function outcome(before, deadline, signal) {
  const listening = new AbortController();
  const ticket = nextTicket(listening.signal);
  try {
    while (!signal.aborted) {
      const arrived = await Promise.race([ticket, pause(POLL_MS)]);
      if (arrived) return await call("POST", "/oauth/connections/complete", { ticket: arrived });
      // Another tab may have completed it.
      const now = await mailboxOrNull();
      if (now && now.status === "connected" && now.connected_at !== before?.connected_at) return now;
      if (Date.now() > deadline) throw new Error("expired");
    }
    throw new Error("cancelled");
  } finally {
    listening.abort();
  }
}

function nextTicket(signal) {
  return new Promise((resolve) => {
    const take = (event) => {
      if (event.origin !== location.origin) return;
      if (event.data?.type !== "crm-gmail:authorized" || typeof event.data.ticket !== "string") return;
      resolve(event.data.ticket);
    };
    addEventListener("message", take, { signal });
    const channel = new BroadcastChannel("crm-gmail");
    channel.addEventListener("message", take, { signal });
    signal.addEventListener("abort", () => channel.close());
  });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms, null));
}
