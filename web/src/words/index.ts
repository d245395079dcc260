// Every text a user sees. English is the measure: a key that French lacks does not compile.

import { en, type Catalogue, type Key } from "./en.js";
import { fr } from "./fr.js";

export type { Key } from "./en.js";
export type Values = Record<string, string | number>;

const CATALOGUES: Record<string, Catalogue> = { en, fr };

/** Whether there is a sentence for this code, which a server may have learnt after us. */
export function isKey(text: string): text is Key {
  return text in en;
}

/** The sentence for `key`; `{name}` in it is replaced by a value, `{n|one|many}` chooses by a number's plural rule. */
export function words(language: string, key: Key, values: Values = {}): string {
  const tag = language.toLowerCase().split("-")[0] ?? "en";
  const catalogue = CATALOGUES[tag] ?? en;
  return unbroken(catalogue[key]).replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_whole, name: string, one?: string, many?: string) => {
    const value = values[name] ?? "";
    if (one === undefined || many === undefined) return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
    return new Intl.PluralRules(language).select(Number(value)) === "one" ? one : many;
  });
}

/** French puts a space before some signs and within quotation marks, at which no line may end. */
function unbroken(sentence: string): string {
  return sentence.replace(/ (?=[;:?!»])|(?<=«) /g, "\u00a0");
}
