// What is wrong, as a box on a page.

import { button, make } from "./dom.js";
import { say } from "./words.js";

/** A box that says what is wrong, who must act, and offers what can be done. */
export function explain(problem, again) {
  const act = problem.act ?? "operator";
  const actions = [];
  if (again) actions.push(button(say("problem.again"), again));
  if (["not_connected", "needs_reconnect", "grant_lost"].includes(problem.code) && location.pathname !== "/settings") {
    actions.push(make("a", { href: "/settings" }, say("problem.to_settings")));
  }
  return make(
    "div", { class: "problem", role: "alert" },
    make("p", {}, problem.message),
    make("p", { class: "act" }, say(`problem.act.${act}`)),
    actions.length ? make("div", { class: "actions" }, actions) : null,
  );
}
