// Notices of new mail from contacts and leads.

import { component } from "./component.js";
import { make } from "./dom.js";
import { showPage } from "./page.js";
import { say } from "./words.js";

showPage(() => {
  const notices = component("gmail-notices");
  notices.addEventListener("gmail-open-contact", ({ detail }) => {
    if (detail.contactId) location.assign(`/contacts/${encodeURIComponent(detail.contactId)}`);
  });
  return [make("h1", {}, say("title.notices")), make("div", { class: "narrow" }, notices)];
});
