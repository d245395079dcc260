// The document of the frame in which a mail's HTML is shown. The frame has no scripts and an origin of its own; its
// policy forbids every request but for pictures that were asked for. Both hold whatever the mail says: the server's cleaning is the third layer.

import type { TrustedHTML, TrustedTypesWindow } from "trusted-types/lib/index.js";

import type { Message } from "./types.js";

/** What the frame may do: open a link in a new tab. Never scripts, never our origin. */
export const SANDBOX = "allow-popups allow-popups-to-escape-sandbox";

const BODY = "margin:12px;background:#fff;color:#222;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere";
const PICTURE = /^image\/(png|jpeg|gif|webp)$/;
const BLOCK = /<(?:p|div|br|tr|li|h[1-6]|hr|pre|blockquote)\b/g;
const LINE_PX = 24;
const LETTER_PX = 7.5;
const UNKNOWN_PICTURE_PX = 120;
const HEIGHT = { least: 96, most: 720 };

/**
 * For a host's page that takes HTML from named policies only (`require-trusted-types-for 'script'`). Made when the
 * script is loaded: a page that forgot the name learns so at once. Nothing but frames' documents goes through it.
 */
const trust = (window as Partial<TrustedTypesWindow>).trustedTypes?.createPolicy("crm-gmail", {
  createHTML: (frame) => frame,
});

/**
 * What `srcdoc` takes; a text in browsers without Trusted Types. The policy comes first, before anything that it could
 * come too late for. `remote`: pictures from elsewhere.
 * Chromium connects to the machine that a frame in the mail names before it asks the policy: such a frame becomes text.
 */
export function frameDocument(html: string, remote: boolean, earlier: string): TrustedHTML | string {
  const pictures = remote ? "data: https: http:" : "data:";
  const policy = `default-src 'none'; img-src ${pictures}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  const frame =
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><meta charset="utf-8">` +
    `<meta name="referrer" content="no-referrer"><base target="_blank"><body style="${BODY}">${foldQuotes(html, earlier).replace(/<(?=i?frame)/gi, "&lt;")}`;
  return trust?.createHTML(frame) ?? frame;
}

/**
 * Quoted history folded away. What is put in holds no quotation mark, so that even where the search is fooled by an
 * attribute's value it cannot end that value.
 */
export function foldQuotes(html: string, earlier: string): string {
  const start = /<([a-z0-9]+)[^>]*\sdata-quoted="true"[^>]*>/.exec(html);
  if (!start?.[1]) return html;
  const end = endOf(start[1], html, start.index + start[0].length);
  const label = earlier.replace(/[<>&"']/g, "");
  const inside = html.slice(start.index, end);
  return `${html.slice(0, start.index)}<details><summary>${label}</summary>${inside}</details>${html.slice(end)}`;
}

/** Where the element ends whose start tag ends at `from`. */
function endOf(tag: string, html: string, from: number): number {
  const tags = new RegExp(`<(/?)${tag}\\b[^>]*>`, "g");
  tags.lastIndex = from;
  let depth = 1;
  for (let found = tags.exec(html); found; found = tags.exec(html)) {
    depth += found[1] ? -1 : 1;
    if (depth === 0) return found.index + found[0].length;
  }
  return html.length;
}

/**
 * The HTML with the pictures that came in the mail. Their addresses need the token, which the frame does not have, and
 * a frame with an origin of its own may not read our blob URLs: so they are written in as data.
 * `bytes` fetches one attachment.
 */
export async function withInlinePictures(
  message: Message,
  html: string,
  bytes: (attachment: string) => Promise<Blob>,
): Promise<string> {
  let result = html;
  for (const { id } of message.attachments) {
    const place = new RegExp(`(<img[^>]*\\ssrc=")[^"]*/attachments/${id.replace(/[^A-Za-z0-9]/g, "\\$&")}(?=")`, "g");
    if (!place.test(result)) continue;
    // A picture that cannot be had leaves its place empty; the text is still worth reading.
    const data = await bytes(id).then(asDataUrl, () => "");
    result = result.replace(place, (_whole, before: string) => before + data);
  }
  return result;
}

async function asDataUrl(blob: Blob): Promise<string> {
  if (!PICTURE.test(blob.type)) return "";
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** CSS pixels that the mail will need at this width, guessed from its text: a frame without scripts cannot say. */
export function guessedHeight(html: string, width: number): number {
  const shown = html.replace(/<details>[\s\S]*<\/details>/, "<br>");
  const letters = shown.replace(/<[^>]*>/g, "").length;
  const lines = (shown.match(BLOCK) ?? []).length + (letters * LETTER_PX) / Math.max(200, width);
  const pictures = [...shown.matchAll(/<img\b[^>]*>/g)].map((found) => pictureHeight(found[0]));
  const height = lines * LINE_PX + pictures.reduce((sum, one) => sum + one, 0) + 48;
  return Math.round(Math.min(HEIGHT.most, Math.max(HEIGHT.least, height)));
}

function pictureHeight(tag: string): number {
  const height = /\sheight="(\d+)/.exec(tag)?.[1];
  return height === undefined ? UNKNOWN_PICTURE_PX : Number(height);
}
