// Where a popup that has lost its opener ends: hands its ticket to the settings page, which is of this same origin.

import { say } from "./words.js";

const given = new URLSearchParams(location.hash.slice(1)).get("ticket");
// Out of the address bar and the history at once: a ticket is good once, but nobody needs to see it.
history.replaceState(null, "", location.pathname);
if (given) new BroadcastChannel("crm-gmail").postMessage({ type: "crm-gmail:authorized", ticket: given });
const main = document.getElementById("main");
main.querySelector("p.quiet").textContent = say("settings.connected_close");
main.removeAttribute("aria-busy");
setTimeout(() => window.close(), 300);
