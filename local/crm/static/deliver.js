// A small form that puts a mail from a contact into the user's own mailbox.

import { field, make } from "./dom.js";
import { stackNow } from "./clock.js";
import { plainMessage, toBase64Url } from "./mime.js";
import { explain } from "./problem.js";
import { call, user } from "./session.js";
import { say } from "./words.js";

/** Opens the form; `tell(text)` is called after a delivery. */
export async function openDelivery(tell) {
  const [contacts, to] = await Promise.all([call("GET", "/crm/contacts"), ownAddress()]).catch((problem) => {
    tell(problem.message);
    return [null];
  });
  if (!contacts) return;
  const controls = {
    from: make("select", { id: "deliver-from" }, senders(contacts.items)),
    to: make("input", { id: "deliver-to", type: "email", required: true, value: to }),
    subject: make("input", { id: "deliver-subject", required: true, value: say("deliver.subject.value"), dir: "auto" }),
    text: make("textarea", { id: "deliver-text", dir: "auto" }),
  };
  controls.text.value = say("deliver.text.value");
  const status = make("div", { role: "status" });
  const go = make("button", { type: "submit", class: "main" }, say("deliver.do"));
  const form = make(
    "form", {}, make("h2", { id: "deliver-title" }, say("deliver.title")),
    Object.entries(controls).map(([name, control]) => field(say(`deliver.${name}`), control)), status,
    make("div", { class: "actions" }, go,
      make("button", { type: "button", onclick: () => dialog.close() }, say("deliver.cancel"))),
  );
  const dialog = make("dialog", { "aria-labelledby": "deliver-title" }, form);
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    try {
      await deliver(controls);
      dialog.close();
      tell(say("deliver.done", { to: controls.to.value }));
    } catch (problem) {
      status.replaceChildren(explain(problem));
    } finally {
      go.disabled = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}

function deliver({ from, to, subject, text }) {
  const { name, address } = from.selectedOptions[0].dataset;
  const message = { from: { name, address }, to: to.value, subject: subject.value, text: text.value, date: stackNow() };
  return call("POST", "/local/deliver", { to: to.value, raw: toBase64Url(plainMessage(message)) });
}

function senders(contacts) {
  const here = location.pathname.startsWith("/contacts/") ? decodeURIComponent(location.pathname.split("/")[2]) : null;
  return contacts.flatMap((contact) => contact.addresses.map((address, index) => make(
    "option",
    { "data-name": contact.name, "data-address": address, selected: contact.id === here && index === 0 },
    `${contact.name} <${address}>`,
  )));
}

async function ownAddress() {
  try {
    return (await call("GET", "/oauth/mailbox")).email;
  } catch {
    // Before a connection, the address that the CRM knows.
    return user.email;
  }
}
