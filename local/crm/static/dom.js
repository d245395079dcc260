// Builds elements. Text is always text: nothing here parses HTML.

/**
 * An element. `attributes` may hold `onclick` and other listeners, booleans, and null for "not there".
 * Children are elements, strings, or null.
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Text that others wrote, in whichever direction its script runs. */
export function foreign(tag, text, attributes = {}) {
  return make(tag, { dir: "auto", ...attributes }, text);
}

/** A button that cannot be pressed twice while its work goes on. */
export function button(text, work, attributes = {}) {
  const element = make("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", async () => {
    element.disabled = true;
    try {
      await work();
    } finally {
      element.disabled = false;
    }
  });
  return element;
}

/** A labelled form field. */
export function field(label, control) {
  return make("div", { class: "field" }, make("label", { for: control.id }, label), control);
}

/** A radio button or checkbox with its label and a hint beneath. */
export function choice(input, label, hint) {
  const hintId = `${input.id}-hint`;
  input.setAttribute("aria-describedby", hintId);
  const explanation = make("p", { class: "hint", id: hintId }, hint);
  return make("div", { class: "choice" }, input, make("label", { for: input.id }, label), explanation);
}
