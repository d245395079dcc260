// The user's Gmail connection and what may be done with it.

import { connect, mailboxOrNull, openConsentWindow } from "./connect.js";
import { askToDisconnect, receiptCard } from "./disconnect.js";
import { button, choice, foreign, make } from "./dom.js";
import { explain, showPage } from "./page.js";
import { call } from "./session.js";
import { say, sayMoment } from "./words.js";

const SHARING = ["private", "custom", "public"];
const place = make("div", { class: "narrow" });
let attempt = new AbortController();

showPage(async () => {
  show(await mailboxOrNull());
  return [make("h1", {}, say("title.settings")), place];
});

/** Shows this state. `said` holds what to say about the last step, by card, and the id that takes the `focus`. */
function show(mailbox, said = {}) {
  const parts = mailbox ? [connection(mailbox, said.connection), form(mailbox, said.form)] : [notConnected()];
  place.replaceChildren(...(said.above ? [said.above] : []), ...parts);
  // The button that was pressed is gone; its successor takes the focus, so that the keyboard keeps its place.
  if (said.focus) document.getElementById(said.focus)?.focus();
}

function notConnected() {
  const status = make("div", { role: "status" });
  return make(
    "section", { class: "card", "aria-labelledby": "connection" },
    make("h2", { id: "connection" }, say("settings.connection")),
    make("p", {}, say("settings.not_connected")),
    authenticate(say("settings.authenticate"), status),
    status,
  );
}

function connection(mailbox, said) {
  const status = statusLine(said);
  const broken = mailbox.status === "needs_reconnect";
  const actions = [];
  if (broken) actions.push(authenticate(say("settings.reconnect"), status));
  else actions.push(pauseButton(mailbox, status));
  actions.push(button(say("settings.disconnect"), () => disconnect(), { class: "danger" }));
  return make(
    "section", { class: "card", "aria-labelledby": "connection" },
    make("h2", { id: "connection" }, say("settings.connection")),
    make("p", {}, say("settings.connected_as", { email: mailbox.email }), " ", statusChip(mailbox.status)),
    mailbox.connected_at ? since(mailbox.connected_at) : null,
    mailbox.health?.detail ? make("p", { class: mailbox.health.act ? "problem" : "quiet" }, mailbox.health.detail) : null,
    make("div", { class: "actions" }, actions),
    status,
  );
}

function since(time) {
  return make("p", { class: "quiet" }, say("settings.since", { date: sayMoment(time) }));
}

function statusChip(status) {
  return make("span", { class: status === "connected" ? "chip won" : "chip grey" }, say(`settings.status.${status}`));
}

function authenticate(label, status) {
  const element = make("button", { type: "button", class: "main" }, label);
  element.addEventListener("click", async () => {
    const popup = openConsentWindow();
    attempt.abort();
    attempt = new AbortController();
    const { signal } = attempt;
    status.replaceChildren(make("p", { class: "quiet" }, say("settings.waiting")));
    try {
      show(await connect(popup, (url) => status.replaceChildren(...byHand(url)), signal));
    } catch (problem) {
      if (!signal.aborted) status.replaceChildren(whyNot(problem));
    }
  });
  return element;
}

function byHand(url) {
  // The page at the end of the way speaks to its opener, so the link must not cut the tie.
  return [
    make("p", {}, say("settings.blocked")),
    make("a", { href: url, target: "_blank", rel: "opener" }, say("settings.open_by_hand")),
  ];
}

function whyNot(problem) {
  if (["cancelled", "expired"].includes(problem.message)) {
    return make("p", { class: "note" }, say(`settings.${problem.message}`));
  }
  return explain(problem);
}

function pauseButton(mailbox, status) {
  const paused = mailbox.status === "paused";
  return button(say(paused ? "settings.resume" : "settings.pause"), async () => {
    try {
      const changed = await call("PATCH", "/oauth/mailbox", { paused: !paused });
      const sentence = say(paused ? "settings.resumed_now" : "settings.paused_now");
      show(changed, { connection: sentence, focus: "pause" });
    } catch (problem) {
      status.replaceChildren(explain(problem));
    }
  }, { id: "pause" });
}

async function disconnect() {
  const receipt = await askToDisconnect();
  if (receipt) show(null, { above: receiptCard(receipt), focus: "receipt" });
}

function form(mailbox, said) {
  const { settings } = mailbox;
  const fixed = new Set(settings.fixed ?? []);
  const status = statusLine(said);
  const { magnet, labels } = linkedSwitches(settings, fixed);
  const save = make("button", { type: "submit", class: "main", id: "save" }, say("settings.save"));
  const sharing = SHARING.map((mode) => sharingChoice(mode, settings.sharing, fixed));
  const element = make(
    "form", { class: "card" },
    make("fieldset", {}, make("legend", {}, say("settings.sharing")), sharing, fixedNote(fixed, "sharing")),
    make("fieldset", {}, make("legend", {}, say("settings.features")), magnet.row, labels.row,
      fixedNote(fixed, "mailmagnet") ?? fixedNote(fixed, "labels")),
    labelNames(mailbox),
    make("div", { class: "actions" }, save, status),
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = new FormData(element).get("sharing") ?? settings.sharing;
    const wanted = { sharing: chosen, mailmagnet: magnet.input.checked, labels: labels.input.checked };
    submit(changed(settings, wanted), save, status);
  });
  return element;
}

async function submit(change, save, status) {
  save.disabled = true;
  try {
    show(await call("PATCH", "/oauth/mailbox", change), { form: say("settings.saved"), focus: "save" });
  } catch (problem) {
    status.replaceChildren(explain(problem));
  } finally {
    save.disabled = false;
  }
}

/** The two switches; labels can be on only while MailMagnet is, and say so. */
function linkedSwitches(settings, fixed) {
  const magnet = switchFor("mailmagnet", settings.mailmagnet, fixed);
  const labels = switchFor("labels", settings.labels, fixed);
  const reason = make("p", { class: "hint", id: "labels-reason" }, say("settings.labels.needs_mailmagnet"));
  labels.row.append(make("div", { class: "hint" }, reason));
  labels.input.setAttribute("aria-describedby", "labels-hint labels-reason");
  const follow = () => {
    reason.hidden = magnet.input.checked;
    labels.input.disabled = fixed.has("labels") || !magnet.input.checked;
    if (!magnet.input.checked) labels.input.checked = false;
  };
  magnet.input.addEventListener("change", follow);
  follow();
  return { magnet, labels };
}

function changed(before, wanted) {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => before[name] !== value));
}

function sharingChoice(mode, current, fixed) {
  const input = make("input", {
    type: "radio", name: "sharing", id: `sharing-${mode}`, value: mode,
    checked: mode === current, disabled: fixed.has("sharing"),
  });
  return choice(input, say(`settings.sharing.${mode}`), say(`settings.sharing.${mode}.hint`));
}

function switchFor(name, on, fixed) {
  const input = make("input", { type: "checkbox", role: "switch", id: name, checked: on, disabled: fixed.has(name) });
  return { input, row: choice(input, say(`settings.${name}`), say(`settings.${name}.hint`)) };
}

function fixedNote(fixed, name) {
  return fixed.has(name) ? make("p", { class: "hint" }, say("settings.fixed")) : null;
}

function labelNames(mailbox) {
  const made = Object.entries(mailbox.labels ?? {}).filter(([, label]) => label?.name);
  if (!mailbox.settings.labels || !made.length) return null;
  const chips = made.map(([category, label]) => foreign("span", label.name, { class: `chip ${category}` }));
  return make("p", { class: "chips" }, chips);
}

/** A line that screen readers speak when it fills, which is why the sentence comes a moment later. */
function statusLine(said) {
  const line = make("div", { role: "status" });
  if (said) setTimeout(() => line.append(make("p", { class: "quiet" }, said)), 50);
  return line;
}
