// Dates, numbers and sizes in the user's locale, all by Intl.

/** Made once for each language and style: making one takes longer than a row of the list has. */
const made = new Map<string, Intl.DateTimeFormat>();

function dateFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = JSON.stringify([language, options]);
  const format = made.get(name) ?? new Intl.DateTimeFormat(language, options);
  made.set(name, format);
  return format;
}

export class Formats {
  readonly #language: string;

  /** The language in the form of the reader's country, if the browser names one: en-GB writes dates unlike en-US. */
  constructor(language: string) {
    this.#language = navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
  }

  /** A moment: today only the time, else the day. */
  moment(time: string, now = new Date()): string {
    const date = new Date(time);
    const today = date.toDateString() === now.toDateString();
    const options: Intl.DateTimeFormatOptions = today
      ? { timeStyle: "short" }
      : { dateStyle: "medium", timeStyle: "short" };
    return dateFormat(this.#language, options).format(date);
  }

  /** A calendar day such as a closing date, `2026-11-30`, which has no zone. */
  day(day: string): string {
    return dateFormat(this.#language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day));
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.#language).format(value);
  }

  /** A size in bytes, in the unit that reads best. */
  size(bytes: number): string {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
    const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
    const options: Intl.NumberFormatOptions = {
      style: "unit",
      unit: units[step] ?? "byte",
      unitDisplay: step === 0 ? "long" : "short",
      maximumFractionDigits: step === 0 ? 0 : 1,
    };
    return new Intl.NumberFormat(this.#language, options).format(bytes / 1000 ** step);
  }
}
