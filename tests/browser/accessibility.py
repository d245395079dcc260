"""axe-core in a page (https://github.com/dequelabs/axe-core)."""

from typing import Final

from playwright.sync_api import Page

_AXE: Final = """(source) => {
  if (!window.axe) (0, eval)(source);
  return axe.run(document, {iframes: false, resultTypes: ["violations"]}).then(({violations}) =>
    violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.target.flat().join(" ")).join("; ")}`));
}"""


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds on the page, shadow roots included: the rule and where."""
    return list(page.evaluate(_AXE, axe))


def settle(page: Page) -> None:
    """Until no component is still reading."""
    page.wait_for_function("() => ![...document.querySelectorAll('*')].some((e) => e.shadowRoot?."
                           "querySelector('[aria-busy=\"true\"]'))")  # fmt: skip
