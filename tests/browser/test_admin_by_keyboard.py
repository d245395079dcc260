"""The admin's page by the keyboard only: held changes, what was done, the sums, the policy, a mailbox that goes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.crm_pages import go, log_in, run_labeler, user_of
from tests.browser.hands import Keyboard
from tests.browser.waiting import wait_until
from tests.e2e.driver import Driver, Seller
from tests.local.waiting import until

HAND = Keyboard()
CONTACT = "mover"
MANY = 20
"""So many changes at once wait for the admin (shared/domain/labels.py)."""


@pytest.fixture
def contact(stack: Driver) -> Iterator[None]:
    """A contact of this test's own, with one open deal."""
    fields = {"name": "Mover", "kind": "contact", "addresses": [f"{CONTACT}@newcomers.example"]}
    assert stack.raw("PUT", f"/crm/contacts/{CONTACT}", fields).ok
    deal_is(stack, "open")
    yield
    assert stack.raw("DELETE", f"/crm/contacts/{CONTACT}").ok


def deal_is(stack: Driver, state: str) -> None:
    deal = {"name": "Move", "state": state, "closing_date": None}
    assert stack.raw("PUT", f"/crm/contacts/{CONTACT}/deals/move", deal).ok


@pytest.fixture
def policy(stack: Driver) -> Iterator[dict[str, Any]]:
    token = stack.token("admin")
    before = stack.call("GET", "/oauth/org", token=token, expect=200)
    yield before
    stack.call("PUT", "/oauth/org", before, token=token, expect=200)


def mailbox_of(stack: Driver, seller: Seller) -> dict[str, Any]:
    return dict(stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200))


def is_labelled(stack: Driver, seller: Seller, message: str) -> bool:
    return any(label.startswith("Label_") for label in stack.label_ids(seller, message))


def run_until(stack: Driver, done: Callable[[], bool], what: str) -> None:
    """Runs the labeler, and anew where another job was at work on the mailbox until its turn was given up."""

    def is_done() -> bool:
        stack.call("POST", "/local/tick/labeler", expect=200)
        return done()

    until(is_done, what)


def test_the_admin_does_everything_without_a_mouse(
    stack: Driver, person: BrowserContext, contact: None, policy: dict[str, Any]
) -> None:
    seller = stack.connect_next(mailmagnet=True, labels=True)
    messages = [stack.deliver(seller.email, f"{CONTACT}@newcomers.example") for _ in range(MANY)]
    run_until(stack, lambda: all(is_labelled(stack, seller, each) for each in messages), "all is labelled")
    labelled = stack.label_ids(seller, messages[0])
    deal_is(stack, "lost")
    held = "label_changes_held"
    run_until(stack, lambda: mailbox_of(stack, seller)["health"]["code"] == held, "the changes are held")
    assert stack.label_ids(seller, messages[0]) == labelled

    log_in(person, "admin")
    page = person.new_page()
    go(stack, page, "/admin")
    _lets_the_held_changes_go_on(stack, page, seller, messages[0])
    _reads_what_was_done(page, user_of(seller).title())
    _fixes_the_sharing(stack, page, seller)
    _disconnects(stack, page, seller)


def _lets_the_held_changes_go_on(stack: Driver, page: Page, seller: Seller, message: str) -> None:
    HAND.press(page.get_by_role("button", name="Let the held changes go on"))
    expect(
        page.get_by_text(f"The next run goes on with the mailbox of {user_of(seller).title()}.")
    ).to_be_visible()
    run_labeler(page, HAND)
    assert not is_labelled(stack, seller, message)
    assert mailbox_of(stack, seller)["health"]["code"] == "ok"


def _reads_what_was_done(page: Page, name: str) -> None:
    done = f"What was done in the mailbox of {name}"
    HAND.press(page.get_by_role("button", name=done, exact=True))
    runs = page.get_by_role("region", name=done, exact=True)
    expect(runs.get_by_role("row").nth(1)).to_be_visible()
    HAND.press(page.get_by_role("button", name="Add them up"))
    expect(page.get_by_text("mailboxes proved complete")).to_be_visible()
    HAND.press(page.get_by_text("Hour by hour"))
    expect(page.locator("gmail-totals tbody tr").first).to_be_visible()
    with page.expect_download():
        HAND.press(page.get_by_role("button", name=f"Export what is held about {name}", exact=True))


def _fixes_the_sharing(stack: Driver, page: Page, seller: Seller) -> None:
    HAND.write(page.get_by_label("Sharing by user"), f"{user_of(seller)} = private")
    HAND.press(page.locator("gmail-policy").get_by_role("button", name="Save"))
    expect(page.locator("gmail-policy").get_by_text("Saved.")).to_be_visible()
    assert mailbox_of(stack, seller)["settings"]["fixed"] == ["sharing"]


def _disconnects(stack: Driver, page: Page, seller: Seller) -> None:
    name = user_of(seller).title()
    begin = page.get_by_role("button", name=f"Disconnect the mailbox of {name}", exact=True)
    HAND.press(begin)
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(begin).to_be_focused()
    assert mailbox_of(stack, seller)["status"] == "connected"
    HAND.press(begin)
    HAND.press(page.get_by_role("button", name="Disconnect", exact=True))
    expect(page.get_by_text(f"The mailbox of {name} is disconnected.")).to_be_visible()
    expect(page.get_by_role("heading", name="Mailboxes", exact=True)).to_be_focused()
    expect(page.get_by_role("region", name=f"What was done in the mailbox of {name}")).to_have_count(0)
    assert stack.raw("GET", "/oauth/mailbox", token=seller.token).status_code == 404


@pytest.mark.parametrize("where", ["elsewhere", "at the next mailbox"])
def test_a_mailbox_that_goes_takes_the_focus_from_nobody_and_closes_no_other_question(
    stack: Driver, person: BrowserContext, where: str
) -> None:
    name, other = (user_of(stack.connect_next()).title() for _ in range(2))
    log_in(person, "admin")
    page = person.new_page()
    held: list[Route] = []
    page.route("**/oauth/org/mailboxes/*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    go(stack, page, "/admin")
    page.get_by_role("button", name=f"Disconnect the mailbox of {name}", exact=True).click()
    page.get_by_role("button", name="Disconnect", exact=True).click()
    wait_until(page, lambda: held != [])
    focused = page.get_by_label("Language")
    if where == "elsewhere":
        focused.focus()
    else:
        page.get_by_role("button", name=f"Disconnect the mailbox of {other}", exact=True).click()
        page.get_by_role("button", name="Cancel").focus()
        page.keyboard.press("Shift+Tab")
        focused = page.get_by_role("row", name=other).get_by_role("button", name="Disconnect", exact=True)
        expect(focused).to_be_focused()
    held[0].continue_()
    expect(page.get_by_text(f"The mailbox of {name} is disconnected.")).to_be_visible()
    expect(page.get_by_role("row", name=name)).to_have_count(0)
    expect(focused).to_be_focused()
