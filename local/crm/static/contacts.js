// The list of contacts and leads.

import { foreign, make } from "./dom.js";
import { showPage } from "./page.js";
import { call } from "./session.js";
import { say } from "./words.js";

showPage(async () => {
  const { items } = await call("GET", "/crm/contacts");
  const list = make("ul", { class: "plain rows" });
  const count = make("p", { class: "quiet", role: "status" });
  const search = make("input", {
    type: "search", class: "search", placeholder: say("contacts.search"), "aria-label": say("contacts.search"),
    oninput: () => show(search.value),
  });
  function show(words) {
    const found = items.filter((contact) => matches(contact, words));
    list.replaceChildren(...found.map(row));
    if (!found.length) list.append(make("li", { class: "empty" }, say("contacts.none")));
    count.textContent = say("contacts.count", { shown: found.length, all: items.length });
  }
  show("");
  return [make("div", { class: "head" }, make("h1", {}, say("title.contacts")), count, search), list];
});

function matches(contact, words) {
  const text = [contact.name, ...contact.addresses].join(" ").toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function row(contact) {
  const count = (state) => contact.deals.filter((deal) => deal.state === state).length;
  const states = ["open", "won", "lost"].map((state) => [state, count(state)]);
  const chips = states.filter(([, many]) => many).map(([state, many]) =>
    make("span", { class: `chip ${state}` }, many > 1 ? `${many} × ${say(`state.${state}`)}` : say(`state.${state}`)));
  if (contact.kind === "lead") chips.unshift(make("span", { class: "chip grey" }, say("kind.lead")));
  return make(
    "li", {},
    make(
      "div", { class: "contact-row" },
      foreign("a", contact.name, { href: `/contacts/${encodeURIComponent(contact.id)}` }),
      make("span", { class: "quiet" }, contact.addresses[0] ?? ""),
      make("span", { class: "chips" }, chips),
    ),
  );
}
