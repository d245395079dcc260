// A plain text message as MIME (RFC 5322, RFC 2045, RFC 2047).

/** The message as a string of ASCII characters. */
export function plainMessage({ from, to, subject, text, date }) {
  const sender = `${encodedWords(from.name)} <${from.address}>`;
  const domain = from.address.split("@").pop();
  const body = base64(new TextEncoder().encode(text.replace(/\r?\n/g, "\r\n"))).replace(/(.{76})/g, "$1\r\n");
  return [
    `From: ${sender}`,
    `To: <${to}>`,
    `Subject: ${encodedWords(subject)}`,
    `Date: ${date.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${crypto.randomUUID()}@${domain}>`,
    "MIME-Version: 1.0",
    'Content-Type: text/plain; charset="utf-8"',
    "Content-Transfer-Encoding: base64",
    "",
    body,
    "",
  ].join("\r\n");
}

/** ASCII text as base64url without padding, as Gmail's API wants `raw`. */
export function toBase64Url(ascii) {
  return btoa(ascii).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Text as encoded-words, none longer than 75 characters and none with a broken character (RFC 2047, 2 and 5). */
function encodedWords(text) {
  const words = [];
  let piece = [];
  for (const character of text) {
    const bytes = [...new TextEncoder().encode(character)];
    if (piece.length + bytes.length > 45) {
      words.push(piece);
      piece = [];
    }
    piece.push(...bytes);
  }
  if (piece.length) words.push(piece);
  return words.map((bytes) => `=?utf-8?B?${base64(bytes)}?=`).join("\r\n ");
}

function base64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
