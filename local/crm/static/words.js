// The page's language and its catalogue.

export const language = document.documentElement.lang;

// The sign-in and the first reads wait for the catalogue anyway: every sentence needs it.
const catalogue = await (await fetch(`/assets/words/${language}.json`)).json();

/** The sentence of this key, with `{name}` replaced by `values.name`. */
export function say(key, values = {}) {
  const sentence = catalogue[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Whether the catalogue knows this key. */
export function knows(key) {
  return key in catalogue;
}

// The page's language in the form of the reader's country: en-GB writes dates otherwise than en-US.
const locale = navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

/** A calendar day, `YYYY-MM-DD`, as people write it. */
export function sayDay(date) {
  // Noon keeps the day the same in every zone.
  return day.format(new Date(`${date}T12:00:00`));
}

/** An RFC 3339 time in the reader's own zone. */
export function sayMoment(time) {
  return moment.format(new Date(time));
}

/** A number of bytes in the unit that suits it. */
export function saySize(bytes) {
  const steps = [["megabyte", 1e6], ["kilobyte", 1e3], ["byte", 1]];
  const [unit, size] = steps.find(([, least]) => bytes >= least) ?? steps[2];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(bytes / size);
}

/** Remembers another language and shows the page in it. */
export function switchLanguage(to) {
  document.cookie = `language=${encodeURIComponent(to)}; path=/; max-age=31536000; samesite=lax`;
  location.reload();
}
