// One contact: the card, the deals, the mail.

import { button, foreign, make } from "./dom.js";
import { mailRow } from "./mail.js";
import { explain, guarded, showPage } from "./page.js";
import { call } from "./session.js";
import { knows, say, sayDay } from "./words.js";

const contactId = decodeURIComponent(location.pathname.split("/")[2]);

showPage(async () => {
  const contact = await call("GET", `/crm/contacts/${encodeURIComponent(contactId)}`);
  document.title = contact.name;
  const mail = make("div", {});
  const read = () => guarded(mail, conversation, say("mail.loading"));
  read();
  // Labels and categories are other ones after a run of the labeler.
  addEventListener("labeler-has-run", read);
  return [
    make("p", { class: "back" }, make("a", { href: "/" }, `← ${say("record.back")}`)),
    foreign("h1", contact.name),
    make(
      "div", { class: "columns" },
      make("div", {}, card(contact), deals(contact)),
      make("section", { "aria-labelledby": "mail-title" }, make("h2", { id: "mail-title" }, say("mail.title")), mail),
    ),
  ];
});

function card(contact) {
  const many = contact.addresses.length > 1;
  const primary = () => make("span", { class: "quiet" }, ` (${say("record.primary")})`);
  const addresses = contact.addresses.map((address, index) =>
    make("dd", {}, address, many && index === 0 ? primary() : null));
  return make(
    "section", { class: "card" },
    make("dl", {}, make("dt", {}, say("record.kind")), make("dd", {}, say(`kind.${contact.kind}`)),
      make("dt", {}, say("record.addresses")), addresses),
  );
}

function deals(contact) {
  const rows = contact.deals.map(dealRow);
  return make(
    "section", { class: "card", "aria-labelledby": "deals-title" },
    make("h2", { id: "deals-title" }, say("deals.title")),
    rows.length ? make("ul", { class: "plain" }, rows) : make("p", { class: "quiet" }, say("deals.none")),
  );
}

function dealRow(deal) {
  const closes = deal.closing_date ? say("deals.closes", { date: sayDay(deal.closing_date) }) : say("deals.no_date");
  const state = make("span", { class: `chip ${deal.state}` }, say(`state.${deal.state}`));
  return make(
    "li", { class: "deal" }, foreign("span", deal.name),
    make("span", { class: "chips" }, state, make("span", { class: "quiet" }, closes)),
  );
}

async function conversation() {
  const path = `/proxy/contacts/${encodeURIComponent(contactId)}/messages?limit=20`;
  const list = make("ul", { class: "plain rows" });
  const states = make("div", { role: "status" });
  const more = make("div", { class: "more" });
  async function load(cursor) {
    const page = await call("GET", cursor ? `${path}&cursor=${encodeURIComponent(cursor)}` : path);
    const rows = page.items.map(mailRow);
    list.append(...rows);
    // After "older mail" the keyboard goes on at the first row that is new.
    if (cursor) rows[0]?.querySelector("button").focus();
    tellSources(states, page.sources ?? []);
    more.replaceChildren();
    if (page.next_cursor) more.append(moreButton(page.next_cursor));
    return page;
  }
  function moreButton(cursor) {
    return button(say("mail.more"), async () => {
      try {
        await load(cursor);
      } catch (problem) {
        more.replaceChildren(explain(problem, () => more.replaceChildren(moreButton(cursor))));
      }
    });
  }
  await load(null);
  if (!list.children.length) list.append(make("li", { class: "empty" }, say("mail.none")));
  return [states, list, more];
}

function tellSources(place, sources) {
  const notes = sources.filter((source) => source.status !== "ok").map(sourceNote);
  if (!sources.some((source) => source.owner?.you)) notes.unshift([say("mail.not_connected"), " ", settingsLink()]);
  place.replaceChildren(...notes.map((note) => make("p", { class: "note" }, note)));
}

function sourceNote(source) {
  const key = `source.${source.status}`;
  const text = say(knows(key) ? key : "source.down", { name: source.owner?.name ?? source.mailbox });
  const mine = source.owner?.you && ["needs_reconnect", "paused", "blocked"].includes(source.status);
  return mine ? [text, " ", settingsLink()] : [text];
}

function settingsLink() {
  return make("a", { href: "/settings" }, say("problem.to_settings"));
}
