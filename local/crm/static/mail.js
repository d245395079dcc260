// A row of the mail list, which opens to the message.

import { button, foreign, make } from "./dom.js";
import { explain, guarded } from "./page.js";
import { call, callForBytes } from "./session.js";
import { knows, say, sayMoment, saySize } from "./words.js";

// The message's own policy. The frame inherits the page's policy as well, has an origin of its own and no scripts.
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const BODY_STYLE = "margin:12px;background:#fff;color:#222;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere";
let rows = 0;

/** The list item of one MessageSummary. */
export function mailRow(summary) {
  const letter = make("div", { class: "letter", id: `letter-${++rows}`, hidden: true });
  const toggle = make("button", { type: "button", "aria-expanded": "false", "aria-controls": letter.id }, heading(summary));
  const item = make("li", { class: summary.unread ? "mail unread" : "mail" }, toggle, letter);
  let opened = false;
  toggle.addEventListener("click", () => {
    letter.hidden = !letter.hidden;
    toggle.setAttribute("aria-expanded", String(!letter.hidden));
    if (!opened) guarded(letter, () => open(summary), say("mail.loading"));
    opened = true;
  });
  return item;
}

function heading(summary) {
  const chips = [];
  const chip = (text, kind = "grey") => chips.push(foreign("span", text, { class: `chip ${kind}` }));
  if (summary.category) chip(categoryName(summary.category), summary.category);
  if (summary.direction === "out") chip(say("mail.sent"));
  if (summary.owner && !summary.owner.you) chip(say("mail.of", { name: summary.owner.name }));
  if (summary.has_attachments) chip(say("mail.files"));
  return [
    make("span", { class: "line" }, foreign("span", personName(summary.from), { class: "from" }),
      make("time", { datetime: summary.date }, sayMoment(summary.date))),
    foreign("span", summary.subject || say("mail.no_subject"), { class: "subject" }),
    foreign("span", summary.snippet ?? "", { class: "snippet" }),
    chips.length ? make("span", { class: "chips" }, chips) : null,
  ];
}

async function open(summary) {
  const path = `/proxy/mailboxes/${encodeURIComponent(summary.mailbox)}/messages/${encodeURIComponent(summary.id)}`;
  const message = await call("GET", path);
  const parts = [parties(summary)];
  const hint = (key) => parts.push(make("p", { class: "hint" }, say(key)));
  if (message.notes?.includes("html_refused")) hint("mail.html_refused");
  if (message.remote_images) hint("mail.pictures_blocked");
  if (message.html) parts.push(frame(await withPictures(message, path)));
  else if (message.text) parts.push(foreign("div", message.text, { class: "text" }));
  else parts.push(make("p", { class: "quiet" }, say("mail.nothing")));
  const files = (message.attachments ?? []).filter((file) => !file.inline || !message.html);
  if (files.length) parts.push(attachments(path, files));
  return parts;
}

/**
 * The message's HTML with the pictures that came in the mail. Their addresses need a token, which the frame does
 * not have; so they are fetched here and written in as data.
 */
async function withPictures(message, path) {
  let { html } = message;
  for (const file of (message.attachments ?? []).filter((one) => one.inline)) {
    const address = new RegExp(`(<img[^>]*\\ssrc=")[^"]*/attachments/${escaped(file.id)}(?=")`, "g");
    if (!address.test(html)) continue;
    // A picture that cannot be had leaves its place empty; the text is still worth reading.
    const data = await asData(`${path}/attachments/${encodeURIComponent(file.id)}`).catch(() => "");
    html = html.replace(address, (_whole, before) => before + data);
  }
  return html;
}

function escaped(text) {
  return text.replace(/[^A-Za-z0-9]/g, "\\$&");
}

async function asData(path) {
  const bytes = await callForBytes(path);
  if (!/^image\/(png|jpeg|gif|webp)$/.test(bytes.type)) return "";
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = reject;
    reader.readAsDataURL(bytes);
  });
}

function parties(summary) {
  const lines = [say("mail.to", { names: names(summary.to) })];
  if (summary.cc?.length) lines.push(say("mail.cc", { names: names(summary.cc) }));
  return foreign("p", lines.join(" · "), { class: "parties" });
}

function frame(html) {
  return make("iframe", {
    sandbox: "allow-popups allow-popups-to-escape-sandbox",
    referrerpolicy: "no-referrer",
    title: say("mail.frame"),
    srcdoc:
      `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
      `<base target="_blank"><body style="${BODY_STYLE}">${html}`,
  });
}

function attachments(path, files) {
  const place = make("div", { class: "files" });
  const problems = make("div", {});
  place.append(...files.map((file) => {
    const name = file.name || file.id;
    return button(say("mail.save", { name, size: saySize(file.size ?? 0) }), async () => {
      problems.replaceChildren();
      try {
        save(await callForBytes(`${path}/attachments/${encodeURIComponent(file.id)}`), name);
      } catch (problem) {
        problems.replaceChildren(explain(problem));
      }
    }, { dir: "auto" });
  }));
  return make("div", {}, place, problems);
}

function save(bytes, name) {
  const url = URL.createObjectURL(bytes);
  make("a", { href: url, download: name }).click();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function categoryName(category) {
  return knows(`category.${category}`) ? say(`category.${category}`) : category;
}

function personName(person) {
  return person?.name || person?.address || "";
}

function names(people) {
  return (people ?? []).map(personName).join(", ");
}
