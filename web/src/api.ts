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

/** One connector, one user. */
export class Api {
  readonly #endpoint: string;
  readonly #token: TokenSource;
  readonly #language: () => string;

  /** `endpoint` is the origin of the connector; empty means the page's own. Answers come in `language`. */
  constructor(endpoint: string, token: TokenSource, language: () => string) {
    this.#endpoint = endpoint.replace(/\/$/, "");
    this.#token = token;
    this.#language = language;
  }

  /** The JSON of one call, undefined for an empty answer. Throws Problem. */
  async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const response = await this.raw(method, path, body, headers);
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
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
      response = await fetch(this.#endpoint + path, {
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
    try {
      return await this.call<Mailbox>("GET", "/oauth/mailbox");
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "not_connected") return null;
      throw problem;
    }
  }
}
