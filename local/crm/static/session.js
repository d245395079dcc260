// Who is logged in, and calls to the server in that user's name. The token lives in this variable and nowhere else.

import { say } from "./words.js";

// A token lives for 50 minutes; one that is older than this is replaced before it is used.
const FRESH_MS = 40 * 60_000;

let token = null;
let takenAt = 0;
export let user = null;

/** A refusal, as the server explains it (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || say("problem.unknown", { status }));
    this.status = status;
    this.code = body.code ?? "unknown";
    this.act = body.act ?? (status >= 500 ? "retry" : "operator");
  }
}

/** All users of the demo CRM. */
export async function allUsers() {
  return (await read(await send("GET", "/crm/users"))).items;
}

/** Takes a token for this user; from here on calls are made in that user's name. */
export async function logIn(chosen) {
  const answer = await read(await send("POST", "/crm/token", { user: chosen.id }));
  token = answer.token;
  takenAt = Date.now();
  user = chosen;
}

/** A token that is good now, for the components. */
export async function freshToken() {
  if (user !== null && Date.now() - takenAt > FRESH_MS) await logIn(user);
  return token;
}

/** Calls the server and answers the JSON body (null for none). Throws Problem. */
export async function call(method, path, body) {
  return read(await authorized(method, path, body));
}

/** Calls the server and answers the body's bytes. Throws Problem. */
export async function callForBytes(path) {
  const response = await authorized("GET", path);
  if (!response.ok) await read(response);
  return response.blob();
}

async function authorized(method, path, body) {
  const response = await send(method, path, body);
  if (response.status !== 401 || user === null) return response;
  // The page may have been open for longer than a token lives.
  await logIn(user);
  return send(method, path, body);
}

async function send(method, path, body) {
  const headers = { Accept: "application/json" };
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Problem(0, { detail: say("problem.unreachable"), act: "retry", code: "unreachable" });
  }
}

async function read(response) {
  const text = await response.text();
  let body = null;
  try {
    body = text === "" ? null : JSON.parse(text);
  } catch {
    if (response.ok) throw new Problem(response.status, {});
  }
  if (!response.ok) throw new Problem(response.status, body ?? {});
  return body;
}
