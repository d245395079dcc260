// The connector's HTTP endpoints, called with the CRM's token. The token lives in a closure of the host's page:
// it is asked for at each call and is kept nowhere here, neither in storage nor in the DOM nor in a URL.

import type { Mailbox, Problem as ProblemBody } from "./types.js";

/** Gives a CRM token that is good now. The host's page knows how. */
export type TokenSource = () => Promise<string>;

/** An answer that refuses, as problem JSON (RFC 9457): `act` says who must act. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly act: string;

  constructor(status: number, body: Partial<ProblemBody>) {
    super(body.detail ?? "");
    this.status = status;
    this.code = body.code ?? "unreachable";
    this.act = body.act ?? "retry";
  }
}

/** An answer and its ETag, by which a change says what it was made from. */
export interface Tagged<T> {
  body: T;
  tag: string | null;
}

/** The header of a change to what had this ETag; none where that is not known. */
export function ifMatch(tag: string | null): Record<string, string> {
  return tag === null ? {} : { "If-Match": tag };
}

/** Whether what was to be changed is no longer what was read. */
export function isStale(fault: unknown): boolean {
  return fault instanceof Problem && fault.status === 412;
}

/** One connector, one user. */
export class Api {
  readonly endpoint: string;
  readonly #token: TokenSource;
  readonly #language: () => string;

  /** `endpoint` is the origin of the connector; empty means the page's own. Answers come in `language`. */
  constructor(endpoint: string, token: TokenSource, language: () => string) {
    this.endpoint = endpoint.replace(/\/$/, "");
    this.#token = token;
    this.#language = language;
  }

  /** The JSON of one call, undefined for an empty answer. Throws Problem. */
  async call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<T> {
    return (await this.tagged<T>(method, path, body, headers, signal)).body;
  }

  /** The same with the answer's ETag. Throws Problem. */
  async tagged<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Tagged<T>> {
    const response = await this.raw(method, path, body, headers, signal);
    const text = await response.text();
    return { body: (text ? JSON.parse(text) : undefined) as T, tag: response.headers.get("ETag") };
  }

  /** The answer itself, for bytes and streams. Throws Problem for anything but success. */
  async raw(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Response> {
    const sent: Record<string, string> = {
      ...headers,
      "Accept-Language": this.#language(),
      Authorization: `Bearer ${await this.#token()}`,
    };
    if (body !== undefined) sent["Content-Type"] = "application/json";
    let response: Response;
    try {
      response = await fetch(this.endpoint + path, {
        method,
        headers: sent,
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ?? null,
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
    } catch (fault) {
      if (signal?.aborted) throw fault;
      throw new Problem(0, { code: navigator.onLine ? "unreachable" : "offline" });
    }
    if (response.ok) return response;
    throw new Problem(response.status, await response.json().catch(() => ({})));
  }

  /** The caller's mailbox, or null where none is connected. Throws Problem for anything else. */
  async mailbox(): Promise<Mailbox | null> {
    return (await this.taggedMailbox()).body;
  }

  /** The same with the ETag of its settings. Throws Problem. */
  async taggedMailbox(): Promise<Tagged<Mailbox | null>> {
    try {
      return await this.tagged<Mailbox>("GET", "/oauth/mailbox");
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "not_connected") return { body: null, tag: null };
      throw problem;
    }
  }
}
