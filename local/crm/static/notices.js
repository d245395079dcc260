// Notices of new mail from contacts and leads.

import { button, foreign, make } from "./dom.js";
import { explain, guarded, showPage } from "./page.js";
import { call } from "./session.js";
import { say, sayMoment } from "./words.js";

showPage(async () => {
  const place = make("div", {});
  const unread = make("input", { type: "checkbox", role: "switch", id: "unread" });
  const load = () => guarded(place, () => notices(unread.checked));
  unread.addEventListener("change", load);
  load();
  addEventListener("labeler-has-run", load);
  return [
    make("div", { class: "head" }, make("h1", {}, say("title.notices")),
      make("div", { class: "actions" }, unread, make("label", { for: "unread" }, say("notices.unread")))),
    place,
  ];
});

async function notices(unreadOnly) {
  const path = `/notify/notices?limit=50${unreadOnly ? "&unread=true" : ""}`;
  const list = make("ul", { class: "plain rows" });
  const more = make("div", { class: "more" });
  async function load(cursor) {
    const page = await call("GET", cursor ? `${path}&cursor=${encodeURIComponent(cursor)}` : path);
    list.append(...page.items.map(row));
    more.replaceChildren();
    if (page.next_cursor) more.append(button(say("notices.more"), () => load(page.next_cursor).catch((problem) => more.replaceChildren(explain(problem)))));
  }
  await load(null);
  if (!list.children.length) list.append(make("li", { class: "empty" }, say("notices.none")));
  return [list, more];
}

function row(notice) {
  const element = make("li", { class: notice.read ? "notice" : "notice unread" });
  const state = make("span", {}, notice.read ? isRead() : readButton(notice, element));
  const name = notice.contact?.name ?? notice.from;
  element.append(
    make("span", { class: "what" },
      notice.contact ? foreign("a", say("notices.from", { name }), { href: `/contacts/${encodeURIComponent(notice.contact.id)}` })
        : foreign("span", say("notices.from", { name })),
      " ", make("span", { class: "quiet" }, addressOf(notice.from))),
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
