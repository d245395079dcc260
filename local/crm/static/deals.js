// The board of deals: a card is dragged, or moved with its select, and mail follows at the next run of the labeler.

import { stackNow } from "./clock.js";
import { foreign, make } from "./dom.js";
import { showPage } from "./page.js";
import { explain } from "./problem.js";
import { call } from "./session.js";
import { say, sayDay } from "./words.js";

const COLUMNS = ["closing", "open", "won", "lost"];
const TYPE = "text/x-crm-deal";

const status = make("div", { role: "status" });
const board = make("div", { class: "board" });
let cards = [];

showPage(async () => {
  const { items } = await call("GET", "/crm/contacts");
  cards = items.flatMap((contact) => contact.deals.map((deal) => ({ contact, deal })));
  show();
  return [make("h1", {}, say("title.deals")), make("p", { class: "quiet" }, say("board.hint")), status, board];
});

function show(focus) {
  board.replaceChildren(...COLUMNS.map(column));
  if (focus) document.getElementById(`move-${focus}`)?.focus();
}

function column(name) {
  const list = make("ul", { class: "plain" }, cards.filter((card) => columnOf(card.deal) === name).map(item));
  const element = make("section", { class: "card lane", "aria-labelledby": `lane-${name}` },
    make("h2", { id: `lane-${name}` }, say(`board.${name}`)), list);
  element.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes(TYPE)) return;
    event.preventDefault();
    element.classList.add("over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    move(event.dataTransfer.getData(TYPE), name);
  });
  return element;
}

function item(card) {
  const { contact, deal } = card;
  const select = make("select", { id: `move-${deal.id}`, "aria-label": say("board.move", { deal: deal.name }) },
    COLUMNS.map((name) => make("option", { value: name, selected: name === columnOf(deal) }, say(`board.${name}`))));
  select.addEventListener("change", () => move(deal.id, select.value));
  const element = make("li", { class: "deal-card", draggable: "true" }, foreign("strong", deal.name),
    foreign("a", contact.name, { href: `/contacts/${encodeURIComponent(contact.id)}`, draggable: "false" }),
    deal.closing_date ? make("span", { class: "quiet" }, sayDay(deal.closing_date)) : null, select);
  element.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData(TYPE, deal.id);
    event.dataTransfer.effectAllowed = "move";
  });
  return element;
}

function columnOf(deal) {
  if (deal.state !== "open") return deal.state;
  return deal.closing_date?.slice(0, 7) === month() ? "closing" : "open";
}

function month() {
  return stackNow().toISOString().slice(0, 7);
}

/** The deal as it must be to stand in this column: its state, and for open ones a fitting closing date. */
function moved(deal, to) {
  if (to === "won" || to === "lost") return { ...deal, state: to };
  const now = stackNow();
  // The last day of this month, or of the next: day 0 is the day before the first.
  const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + (to === "closing" ? 1 : 2), 0));
  const fits = columnOf({ ...deal, state: "open" }) === to;
  return { ...deal, state: "open", closing_date: fits ? deal.closing_date : end.toISOString().slice(0, 10) };
}

async function move(dealId, to) {
  const card = cards.find((one) => one.deal.id === dealId);
  if (!card || columnOf(card.deal) === to) return show();
  const { id, ...fields } = moved(card.deal, to);
  const path = `/crm/contacts/${encodeURIComponent(card.contact.id)}/deals/${encodeURIComponent(id)}`;
  try {
    card.deal = await call("PUT", path, fields);
    status.replaceChildren(make("p", { class: "quiet" },
      say("board.moved", { deal: card.deal.name, column: say(`board.${to}`) })));
  } catch (problem) {
    status.replaceChildren(explain(problem));
  }
  return show(dealId);
}
