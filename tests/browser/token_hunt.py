"""Where on a page a token lies: in the DOM with all shadow roots, in what the browser keeps, in an address."""

from typing import Final

from playwright.sync_api import BrowserContext, Page, Request

_PLACES: Final = """async (words) => {
  const found = [];
  const look = (place, text) => words.some((word) => String(text).includes(word)) && found.push(place);
  const known = new WeakSet();
  // What a value leads to: by its own keys, in a Map, in a Set. Elements are searched one by one, not from here.
  const leads = (value) => {
    const own = Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(([key, { value }]) => [key, value]);
    for (const key of Object.getOwnPropertySymbols(value)) own.push(Object.getOwnPropertyDescriptor(value, key).value);
    return value instanceof Map ? [...own, ...[...value].flat()] : value instanceof Set ? [...own, ...value] : own;
  };
  const walk = (place, start) => {
    const open = [start];
    while (open.length > 0) {
      const value = open.pop();
      if (typeof value === "string") look(place, value);
      if (value === null || !["object", "function"].includes(typeof value) || known.has(value)) continue;
      if (value instanceof Node || value.window === value || ArrayBuffer.isView(value)) continue;
      known.add(value);
      open.push(...leads(value));
    }
  };
  const search = (root) => {
    look("text", root.textContent);
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) look("attribute", name + value);
      look("field", element.value ?? "");
      for (const part of leads(element)) walk("property", part);
      if (element.shadowRoot) search(element.shadowRoot);
      // A sandboxed frame shows its document to nobody; that was written by the component.
      if (element.localName === "iframe") look("frame", element.srcdoc);
      if (element.localName === "iframe" && element.contentDocument) search(element.contentDocument);
    }
  };
  search(document);
  // What scripts have added to the window: it has it, and that of an empty page has not.
  const fresh = document.body.appendChild(document.createElement("iframe"));
  const theirs = new Set(Reflect.ownKeys(fresh.contentWindow));
  fresh.remove();
  for (const name of Reflect.ownKeys(window)) if (!theirs.has(name)) walk("window", [name, window[name]]);
  walk("localStorage", { ...localStorage });
  walk("sessionStorage", { ...sessionStorage });
  look("cookie", document.cookie);
  walk("history", history.state);
  look("address", location.href + performance.getEntries().map((entry) => entry.name));
  for (const { name } of await indexedDB.databases()) look("database", name);
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) look("cache", name + url);
  }
  return [...new Set(found)];
}"""


class TokenHunt:
    """Listens to a browser's requests from now on: the tokens it sends, and all addresses that it asks for."""

    def __init__(self, person: BrowserContext) -> None:
        self.tokens: set[str] = set()
        self._addresses: list[str] = []
        person.on("request", self._note)

    def _note(self, request: Request) -> None:
        self._addresses.append(request.url)
        if (sent := request.headers.get("authorization")) is not None:
            self.tokens.add(sent.removeprefix("Bearer "))

    def places(self, page: Page) -> set[str]:
        """Where a token lies, or its signature alone: on this page now, or in an address that was asked for."""
        assert self.tokens, "no call was made with a token"
        words = [token.rpartition(".")[2] for token in self.tokens]
        found = set(page.evaluate(_PLACES, words))
        if any(word in address for word in words for address in self._addresses):
            found.add("request")
        return found
