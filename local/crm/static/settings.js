// The user's Gmail connection and what may be done with it.

import { component } from "./component.js";
import { make } from "./dom.js";
import { showPage } from "./page.js";
import { say } from "./words.js";

showPage(() => {
  const settings = component("gmail-settings", { "return-url": `${location.origin}/settings/connected` });
  return [make("h1", {}, say("title.settings")), make("div", { class: "narrow" }, settings)];
});
