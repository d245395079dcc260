"""Two ways to do what a page asks for: with the mouse, and with the keyboard alone."""

from typing import Final, Protocol

from playwright.sync_api import Locator, Page, expect

MOST_TABS: Final = 60
MOST_ARROWS: Final = 150
HAS_FOCUS: Final = "(element) => element.getRootNode().activeElement === element"
IN_ITS_GROUP: Final = """(element) => {
  const active = element.getRootNode().activeElement;
  return active?.type === "radio" && active.name === element.name;
}"""


class Hand(Protocol):
    """What a person can do to a control."""

    def press(self, button: Locator) -> None: ...
    def tick(self, box: Locator) -> None: ...
    def pick(self, radio: Locator) -> None: ...
    def write(self, field: Locator, text: str) -> None: ...
    def choose(self, select: Locator, option: str) -> None: ...


class Mouse:
    """Clicks."""

    def press(self, button: Locator) -> None:
        button.click()

    def tick(self, box: Locator) -> None:
        box.check()

    def pick(self, radio: Locator) -> None:
        radio.check()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, select: Locator, option: str) -> None:
        select.select_option(label=option)


class Keyboard:
    """Tab, Enter, Space, arrows and letters: whatever they do not reach is out of reach."""

    def press(self, button: Locator) -> None:
        tab_to(button)
        button.page.keyboard.press("Enter")

    def tick(self, box: Locator) -> None:
        tab_to(box)
        box.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def pick(self, radio: Locator) -> None:
        tab_to(radio, IN_ITS_GROUP)
        radio.page.keyboard.press("Space")
        for _ in range(MOST_ARROWS):
            if radio.is_checked():
                return
            radio.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{MOST_ARROWS} arrows do not reach {radio}")

    def write(self, field: Locator, text: str) -> None:
        tab_to(field)
        field.page.keyboard.press("ControlOrMeta+a")
        field.page.keyboard.type(text)

    def choose(self, select: Locator, option: str) -> None:
        tab_to(select)
        select.page.keyboard.type(option[0])


def tab_to(target: Locator, is_there: str = HAS_FOCUS) -> None:
    """Presses Tab until the target has the focus, as somebody would who sees where it is."""
    expect(target).to_be_enabled()
    page: Page = target.page
    for _ in range(MOST_TABS):
        if target.evaluate(is_there):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} tabs do not reach {target}")
