// Files between the mail and this machine.

import type { Attachment, Message } from "./types.js";

/** The files of a mail, without the pictures that its HTML shows. */
export function filesOf(message: Message): Attachment[] {
  return message.attachments.filter((file) => !file.inline || message.html === null);
}

/** Lets the browser save these bytes under this name. */
export function save(bytes: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A file as base64. Throws what the browser says where it cannot be read. */
export async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const pieces: string[] = [];
  // In pieces: a call takes no more arguments than the stack has room for.
  for (let at = 0; at < bytes.length; at += 0x8000) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(pieces.join(""));
}
