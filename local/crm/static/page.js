// What every page does: log in, offer the switches, show the content or what is wrong.

import { mountBar } from "./bar.js";
import { make } from "./dom.js";
import { explain } from "./problem.js";
import { allUsers, logIn, user } from "./session.js";
import { say, switchLanguage } from "./words.js";

const main = document.getElementById("main");
const USER = "user";

/** Logs in and shows what `content` answers: a promise of an element or a list of elements. */
export async function showPage(content) {
  const languages = document.getElementById("language");
  languages.addEventListener("change", () => switchLanguage(languages.value));
  await guarded(main, async () => {
    await chooseUser();
    mountBar();
    return content();
  });
}

/** Puts into `place` what `work` answers; meanwhile a word of patience, after a failure the reason. */
export async function guarded(place, work, waiting = say("shell.loading")) {
  place.setAttribute("aria-busy", "true");
  const heading = place === main ? main.querySelector("h1") : null;
  const put = (...parts) => place.replaceChildren(...(heading ? [heading] : []), ...parts);
  put(make("p", { class: "quiet", role: "status" }, waiting));
  try {
    const parts = [await work()].flat();
    place.replaceChildren(...parts);
  } catch (problem) {
    put(explain(problem, () => guarded(place, work, waiting)));
  } finally {
    place.removeAttribute("aria-busy");
  }
}

async function chooseUser() {
  const users = await allUsers();
  const select = document.getElementById("user");
  if (!select.options.length) {
    select.append(...users.map((one) => make("option", { value: one.id }, one.name)));
    // Only the name of the user is kept for the next page, never the token.
    select.addEventListener("change", () => {
      sessionStorage.setItem(USER, select.value);
      location.reload();
    });
  }
  const kept = sessionStorage.getItem(USER);
  const chosen = users.find((one) => one.id === kept) ?? users[0];
  select.value = chosen.id;
  select.disabled = false;
  if (user === null) await logIn(chosen);
  // Only a courtesy: the server refuses those who lack the permission.
  document.querySelector('nav a[href="/admin"]').hidden = !chosen.permissions.includes("mail_admin");
}
