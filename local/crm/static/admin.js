// The organisation's policy and the health of its mailboxes, for administrators.

import { component } from "./component.js";
import { make } from "./dom.js";
import { showPage } from "./page.js";
import { say } from "./words.js";

showPage(() => [make("h1", {}, say("title.admin")), component("gmail-admin")]);
