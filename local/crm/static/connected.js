// Where a popup that has lost its opener ends: hands its ticket to the settings page, which is of this same origin.

import { handTicketBack } from "/assets/crm-gmail.js";

import { say } from "./words.js";

handTicketBack();
const main = document.getElementById("main");
main.querySelector("p.quiet").textContent = say("settings.connected_close");
main.removeAttribute("aria-busy");
setTimeout(() => window.close(), 300);
