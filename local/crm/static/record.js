// One contact: the card, the deals, the mail.

import { component } from "./component.js";
import { make } from "./dom.js";
import { showPage } from "./page.js";
import { call } from "./session.js";
import { say } from "./words.js";

const contactId = decodeURIComponent(location.pathname.split("/")[2]);

showPage(async () => {
  const contact = await call("GET", `/crm/contacts/${encodeURIComponent(contactId)}`);
  document.title = contact.name;
  const record = component("gmail-record", { "contact-id": contact.id, "settings-url": "/settings", "return-url": `${location.origin}/settings/connected` });
  // Labels and categories are other ones after a run of the labeler.
  addEventListener("labeler-has-run", () => record.refresh());
  return [
    make("p", { class: "back" }, make("a", { href: "/" }, `← ${say("record.back")}`)),
    make("h1", {}, say("title.record")),
    record,
  ];
});
