// The question before a disconnect, and the receipt after it.

import { make } from "./dom.js";
import { explain } from "./page.js";
import { call } from "./session.js";
import { knows, say } from "./words.js";

/** Asks, and disconnects if the user says so. Answers the receipt, or null. */
export function askToDisconnect() {
  return new Promise((resolve) => {
    const status = make("div", { role: "status" });
    const go = make("button", { type: "submit", class: "main" }, say("disconnect.do"));
    const form = make(
      "form", {},
      make("h2", { id: "disconnect-title" }, say("disconnect.title")),
      make("p", {}, say("disconnect.text")),
      make("fieldset", {}, make("legend", {}, say("disconnect.labels")), option("keep", true), option("remove", false)),
      status,
      make("div", { class: "actions" }, go,
        make("button", { type: "button", onclick: () => dialog.close() }, say("disconnect.cancel"))),
    );
    const dialog = make("dialog", { "aria-labelledby": "disconnect-title" }, form);
    let receipt = null;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      go.disabled = true;
      try {
        receipt = await call("DELETE", `/oauth/mailbox?labels=${new FormData(form).get("labels")}`);
        dialog.close();
      } catch (problem) {
        status.replaceChildren(explain(problem));
      } finally {
        go.disabled = false;
      }
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(receipt);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** What was done, line by line. */
export function receiptCard(receipt) {
  const rows = [
    ["receipt.watch", yesNo(receipt.watch_stopped)],
    ["receipt.revoked", yesNo(receipt.revoked)],
    ["receipt.erased", Object.entries(receipt.erased ?? {}).map(([name, many]) => `${name}: ${many}`).join(", ")],
    ["receipt.labels", labelsOutcome(receipt.labels)],
    ["receipt.inbox", plain(receipt.inbox_restored)],
  ];
  return make(
    "section", { class: "card", id: "receipt", tabindex: "-1" },
    make("h2", {}, say("receipt.title")),
    make("dl", {}, rows.map(([key, value]) => [make("dt", {}, say(key)), make("dd", {}, value)]).flat()),
  );
}

function option(value, checked) {
  const id = `labels-${value}`;
  const input = make("input", { type: "radio", name: "labels", id, value, checked });
  return make("div", { class: "choice" }, input, make("label", { for: id }, say(`disconnect.${value}`)));
}

function labelsOutcome(outcome) {
  const key = `receipt.labels.${outcome}`;
  return knows(key) ? say(key) : plain(outcome);
}

function yesNo(value) {
  return say(value ? "receipt.yes" : "receipt.no");
}

function plain(value) {
  if (typeof value === "boolean") return yesNo(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}
