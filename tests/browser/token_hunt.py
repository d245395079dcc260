"""Where on a page a token lies: in the DOM with all shadow roots, in what the browser keeps, in an address."""

from typing import Final

from playwright.sync_api import BrowserContext, Page, Request

_PLACES: Final = """async (words) => {
  const found = [];
  const look = (place, text) => words.some((word) => String(text).includes(word)) && found.push(place);
  const written = (value) => { try { return JSON.stringify(value) ?? ""; } catch { return ""; } };
  const search = (root) => {
    look("text", root.textContent);
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) look("attribute", name + value);
      look("field", element.value ?? "");
      for (const name of Object.keys(element)) look("property", written(element[name]));
      if (element.shadowRoot) search(element.shadowRoot);
      // A sandboxed frame shows its document to nobody; that was written by the component.
      if (element.localName === "iframe") look("frame", element.srcdoc);
      if (element.localName === "iframe" && element.contentDocument) search(element.contentDocument);
    }
  };
  search(document);
  look("window", Object.keys(window).filter((name) => typeof window[name] === "string").map((name) => window[name]));
  look("localStorage", written({ ...localStorage }));
  look("sessionStorage", written({ ...sessionStorage }));
  look("cookie", document.cookie);
  look("history", written(history.state));
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
