// The bar at the bottom: what only the local stack offers.

import { askClock, stackNow } from "./clock.js";
import { openDelivery } from "./deliver.js";
import { button, make } from "./dom.js";
import { call } from "./session.js";
import { say } from "./words.js";

const RUN_EVERY_S = 600;
const ASK_EVERY_MS = 10_000;

/** Shows the bar if this is the local stack. */
export async function mountBar() {
  const bar = document.getElementById("bar");
  if (!(await askClock()) || bar.children.length) return;
  const countdown = make("span", { class: "countdown" });
  const status = make("span", { role: "status" });
  const tell = (text) => { status.textContent = text; };
  const run = button(say("bar.run"), () => runLabeler(tell));
  const deliver = button(say("bar.deliver"), () => openDelivery(tell));
  bar.append(countdown, run, deliver, status);
  count(countdown);
}

function count(place) {
  const show = () => {
    const left = Math.ceil(RUN_EVERY_S - ((stackNow().getTime() / 1000) % RUN_EVERY_S));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    place.textContent = say("bar.next", { time });
  };
  show();
  setInterval(show, 1000);
  setInterval(askClock, ASK_EVERY_MS);
}

async function runLabeler(tell) {
  tell(say("bar.running"));
  try {
    await call("POST", "/local/tick/labeler");
    tell(say("bar.ran"));
    // The page shows what the run has changed.
    dispatchEvent(new Event("labeler-has-run"));
  } catch (problem) {
    tell(problem.message);
  }
}
