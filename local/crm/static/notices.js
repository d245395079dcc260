// Notices of new mail from contacts and leads.

import { button, foreign, make } from "./dom.js";
import { explain, guarded, showPage } from "./page.js";
import { call } from "./session.js";
import { say, sayMoment } from "./words.js";

const LOOK_EVERY_MS = 5000;
let newest = null;

showPage(async () => {
  const place = make("div", {});
  const unread = make("input", { type: "checkbox", role: "switch", id: "unread" });
  const load = () => guarded(place, () => notices(unread.checked));
  unread.addEventListener("change", load);
  load();
  setInterval(async () => { if (await hasNews(unread.checked)) load(); }, LOOK_EVERY_MS);
  return [
    make("div", { class: "head" }, make("h1", {}, say("title.notices")),
      make("div", { class: "actions" }, unread, make("label", { for: "unread" }, say("notices.unread")))),
    place,
  ];
});

function path(unreadOnly, limit, cursor) {
  const query = new URLSearchParams({ limit });
  if (unreadOnly) query.set("unread", "true");
  if (cursor) query.set("cursor", cursor);
  return `/notify/notices?${query}`;
}

/** Whether another notice stands first than the one shown. A failure is no news; the next look may succeed. */
async function hasNews(unreadOnly) {
  if (document.hidden || unreadOnly) return false;
  try {
    return ((await call("GET", path(false, 1))).items[0]?.id ?? null) !== newest;
  } catch {
    return false;
  }
}

async function notices(unreadOnly) {
  const list = make("ul", { class: "plain rows" });
  const more = make("div", { class: "more" });
  async function load(cursor) {
    const page = await call("GET", path(unreadOnly, 50, cursor));
    list.append(...page.items.map(row));
    more.replaceChildren();
    if (page.next_cursor) more.append(button(say("notices.more"), () => loadMore(page.next_cursor)));
    return page;
  }
  async function loadMore(cursor) {
    try {
      await load(cursor);
    } catch (problem) {
      more.replaceChildren(explain(problem));
    }
  }
  newest = (await load(null)).items[0]?.id ?? null;
  if (!list.children.length) list.append(make("li", { class: "empty" }, say("notices.none")));
  return [list, more];
}

function row(notice) {
  const element = make("li", { class: notice.read ? "notice" : "notice unread" });
  const state = make("span", {}, notice.read ? isRead() : readButton(notice, element));
  const text = say("notices.from", { name: notice.contact?.name ?? addressOf(notice.from) });
  const page = notice.contact && `/contacts/${encodeURIComponent(notice.contact.id)}`;
  element.append(
    make("span", { class: "what" }, page ? foreign("a", text, { href: page }) : foreign("span", text), " ",
      make("span", { class: "quiet" }, addressOf(notice.from))),
    make("time", { class: "quiet", datetime: notice.received_at }, sayMoment(notice.received_at)),
    state,
  );
  return element;
}

function readButton(notice, element) {
  return button(say("notices.read"), async () => {
    const state = element.lastElementChild;
    try {
      await call("POST", `/notify/notices/${encodeURIComponent(notice.id)}/read`);
      element.classList.remove("unread");
      state.replaceChildren(isRead());
    } catch (problem) {
      state.append(explain(problem));
    }
  });
}

function isRead() {
  return make("span", { class: "chip grey" }, say("notices.is_read"));
}

function addressOf(from) {
  return typeof from === "object" && from !== null ? from.address : from;
}
