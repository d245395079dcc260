// Server-sent events over fetch: EventSource cannot carry an Authorization header, and a token never goes into a URL.

import type { Api } from "./api.js";

/** Three of the server's heartbeats (HEARTBEAT_S): after so long a silence nobody is there any more. */
const SILENCE_MS = 45_000;

export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

/**
 * Yields the events of a stream (WHATWG HTML, 9.2.6) until it ends or `signal` aborts. Throws Problem; what an aborted
 * call throws also where nothing was heard for too long: a dead connection, or a proxy that holds everything back.
 */
export async function* events(api: Api, path: string, lastId: string, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const headers: Record<string, string> = { Accept: "text/event-stream" };
  if (lastId) headers["Last-Event-ID"] = lastId;
  const silent = new AbortController();
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => silent.abort(), SILENCE_MS);
  };
  heard();
  try {
    const response = await api.raw("GET", path, undefined, headers, AbortSignal.any([signal, silent.signal]));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    while (reader) {
      const { value, done } = await reader.read();
      // How long the reader of the events works says nothing of the stream.
      clearTimeout(watchdog);
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
      heard();
    }
  } finally {
    clearTimeout(watchdog);
  }
}

function parse(block: string): ServerEvent | null {
  const event: ServerEvent = { id: "", event: "message", data: "" };
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [field, value] = split(line);
    if (field === "id") event.id = value;
    else if (field === "event") event.event = value;
    else if (field === "data") data.push(value);
  }
  event.data = data.join("\n");
  return data.length > 0 ? event : null;
}

function split(line: string): [string, string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}
