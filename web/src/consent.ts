// Google's consent in a popup: begin, wait for the ticket, complete. Nothing hangs on `window.opener` or
// `window.closed`: a page under Cross-Origin-Opener-Policy has neither.

import { Problem, type Api } from "./api.js";
import type { Mailbox } from "./types.js";

const POLL_MS = 2000;
const CHANNEL = "crm-gmail";
const TYPE = "crm-gmail:authorized";

interface Begun {
  authorization_url: string;
  expires_at: string;
}

/** What Google is asked for, step by step: a feature's scopes when it is first used. */
export type Feature = "notices" | "read" | "send" | "labels";

const FIRST: readonly Feature[] = ["notices", "read"];

/** Whether what Google has granted is enough for the feature, as the server says: it alone knows the rules. */
export function allows(feature: Feature, mailbox: Mailbox): boolean {
  return !mailbox.scopes.stopped.includes(feature);
}

/** What to ask for: the first step, what is granted or in use already, and `more`. */
export function wanted(mailbox: Mailbox | null, more: readonly Feature[] = []): Feature[] {
  const features = new Set([...FIRST, ...more]);
  // What was withdrawn is not told by name, so writing is asked for again too.
  const partly = mailbox?.health.code === "scope_partly_missing";
  if (mailbox && (partly || allows("send", mailbox))) features.add("send");
  if (mailbox && (mailbox.settings.labels || allows("labels", mailbox))) features.add("labels");
  return [...features];
}

/** Whether the owner is to consent anew: the consent is lost, lacks what is in use, or ends within days. */
export function asksForConsent(mailbox: Mailbox): boolean {
  const ends = mailbox.warnings.some((warning) => warning.code === "testing_ends");
  return mailbox.status === "needs_reconnect" || mailbox.health.code === "scope_partly_missing" || ends;
}

export interface ConsentOptions {
  /** What the consent is to cover. */
  features: readonly Feature[];
  /** Where tickets may come from: the connector's origin. */
  connector: string;
  /** A page of this origin that runs `handTicketBack`, for popups that lose their opener. */
  returnUrl: string | null;
  /** Called with the URL where the browser did not let a popup open. */
  blocked: (url: string) => void;
  signal: AbortSignal;
}

/** Why an attempt is given up whose window the next one goes on with: it has the same name. */
export const REPLACED = new Error("asked anew");

/** Opens the window; call it in the click itself, for later browsers refuse. */
export function openWindow(): Window | null {
  return window.open("", "crm-gmail-consent", "popup,width=520,height=720");
}

/**
 * Connects and answers the mailbox; null for an attempt that was given up, which nobody need be told.
 * Throws Problem; code `consent_expired` after ten minutes.
 */
export async function consent(api: Api, popup: Window | null, options: ConsentOptions): Promise<Mailbox | null> {
  const { signal } = options;
  try {
    return await ended(signal, connect(api, popup, options));
  } catch (fault) {
    if (signal.aborted) return null;
    throw fault;
  } finally {
    if (signal.reason !== REPLACED) popup?.close();
  }
}

async function connect(api: Api, popup: Window | null, options: ConsentOptions): Promise<Mailbox> {
  const { signal } = options;
  const features = { features: options.features };
  const body = options.returnUrl ? { ...features, return_url: options.returnUrl } : features;
  const before = await api.mailbox();
  const begun = await api.call<Begun>("POST", "/oauth/connections", body);
  signal.throwIfAborted();
  if (popup) popup.location.href = begun.authorization_url;
  else options.blocked(begun.authorization_url);
  const listening = new AbortController();
  const ticket = nextTicket(options.connector, AbortSignal.any([listening.signal, signal]));
  try {
    while (Date.now() < Date.parse(begun.expires_at)) {
      const arrived = await Promise.race([ticket, pause()]);
      signal.throwIfAborted();
      if (arrived) return await api.call<Mailbox>("POST", "/oauth/connections/complete", { ticket: arrived });
      // The person is at Google meanwhile, who may take ten minutes: what may pass by then is no reason to shut the window.
      const now = await api.mailbox().catch(unlessItStays);
      if (now && isGranted(now, before)) return now;
    }
    throw new Problem(0, { code: "consent_expired" });
  } finally {
    listening.abort();
  }
}

/** Nothing, where the fault may have passed at the next try: a busy or an unreachable server, a token that did not come. */
function unlessItStays(fault: unknown): null {
  if (fault instanceof Problem && fault.status >= 400 && fault.status < 500 && fault.status !== 429) throw fault;
  return null;
}

/** Whether another page has completed a consent meanwhile, also one that covers what the one before did. */
function isGranted(now: Mailbox, before: Mailbox | null): boolean {
  if (now.status === "needs_reconnect") return false;
  return before?.status === "needs_reconnect" || now.granted_at !== before?.granted_at;
}

/** What `work` answers, or at once the signal's reason. */
function ended<Answer>(signal: AbortSignal, work: Promise<Answer>): Promise<Answer> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work, aborted]);
}

/** For the page at the return URL: takes the ticket from the fragment and gives it to the page that waits. */
export function handTicketBack(): boolean {
  const ticket = new URLSearchParams(location.hash.slice(1)).get("ticket");
  history.replaceState(null, "", location.pathname + location.search);
  if (!ticket) return false;
  new BroadcastChannel(CHANNEL).postMessage({ type: TYPE, ticket });
  return true;
}

/** The first ticket that comes from the connector's origin, or over this origin's own channel. */
function nextTicket(connector: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const take = (event: MessageEvent, from: string): void => {
      if (event.origin !== from || typeof event.data !== "object" || event.data === null) return;
      const { type, ticket } = event.data as { type?: unknown; ticket?: unknown };
      if (type === TYPE && typeof ticket === "string") resolve(ticket);
    };
    window.addEventListener("message", (event) => take(event, connector), { signal });
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener("message", (event) => take(event, location.origin), { signal });
    signal.addEventListener("abort", () => channel.close());
  });
}

function pause(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS, null));
}
