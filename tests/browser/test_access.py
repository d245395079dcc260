"""Every page for everybody: axe finds nothing, nothing scrolls sideways, French is complete."""

import json

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.accessibility import settle, violations
from tests.browser.crm_pages import go, log_in, mails, open_mail, user_of
from tests.e2e.driver import Driver, Seller

CONTACT = "open-later"
PATHS = ("/", "/deals", f"/contacts/{CONTACT}", "/notices", "/settings", "/admin")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def seller(stack: Driver) -> Seller:
    """A connected seller with two mails of one contact."""
    found = stack.connect_next(mailmagnet=True, sharing="custom")
    for number in (1, 2):
        stack.deliver(found.email, f"Open <{CONTACT}@customers.example>", f"Question {number}")
    return found


@pytest.fixture
def page(stack: Driver, person: BrowserContext, seller: Seller) -> Page:
    log_in(person, user_of(seller))
    return person.new_page()


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_a_violation(stack: Driver, page: Page, axe: str, path: str) -> None:
    go(stack, page, path)
    settle(page)
    assert violations(page, axe) == []


def test_control_axe_finds_a_field_without_a_name(stack: Driver, page: Page, axe: str) -> None:
    go(stack, page, "/settings")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any(row.startswith("label:") for row in violations(page, axe))


def test_an_opened_mail_and_an_answer_have_no_violation(stack: Driver, page: Page, axe: str) -> None:
    go(stack, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "Question 1")
    message.get_by_role("button", name="Why?").click()
    expect(message.get_by_role("region", name="Why?")).to_be_visible()
    message.get_by_role("button", name="Forward").click()
    expect(message.get_by_label("Subject")).to_have_value("Fwd: Question 1")
    assert violations(page, axe) == []


def test_the_admins_page_has_no_violation(
    stack: Driver, person: BrowserContext, seller: Seller, axe: str
) -> None:
    log_in(person, "admin")
    page = person.new_page()
    go(stack, page, "/admin")
    settle(page)
    expect(page.get_by_role("rowheader", name=user_of(seller).title(), exact=True)).to_be_visible()
    assert violations(page, axe) == []


def shown_to(person: BrowserContext, seller: Seller, path: str) -> Page:
    """A page for whom this path is meant."""
    log_in(person, "admin" if path == "/admin" else user_of(seller))
    return person.new_page()


def refused(route: Route) -> None:
    problem = {"code": "down", "act": "retry", "detail": "The mail service is busy."}
    route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))


def test_a_failed_record_is_read_again_by_its_button(stack: Driver, page: Page) -> None:
    page.route("**/proxy/contacts/**", refused, times=1)
    go(stack, page, f"/contacts/{CONTACT}")
    page.get_by_role("button", name="Try again").click()
    expect(mails(page)).to_have_count(2)


def test_offline_is_told_and_what_was_read_stays(stack: Driver, page: Page, person: BrowserContext) -> None:
    go(stack, page, f"/contacts/{CONTACT}")
    expect(mails(page)).to_have_count(2)
    person.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    expect(mails(page)).to_have_count(2)
    person.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_have_count(0)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_scrolls_sideways_on_a_narrow_screen_or_at_twice_the_size(
    stack: Driver, person: BrowserContext, seller: Seller, path: str, direction: str
) -> None:
    page = shown_to(person, seller, path)
    go(stack, page, path)
    if path == "/admin":
        expect(page.get_by_role("rowheader", name=user_of(seller).title(), exact=True)).to_be_visible()
    page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
    # 200 % zoom of a 1280 pixel window leaves 640 CSS pixels.
    for width in (640, 360):
        page.set_viewport_size({"width": width, "height": 700})
        settle(page)
        assert page.evaluate(OVERFLOW) <= 0, width


def test_an_answer_on_a_narrow_screen_does_not_scroll_sideways(stack: Driver, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    go(stack, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "Question 2")
    message.get_by_role("button", name="Reply", exact=True).click()
    expect(message.get_by_label("Text")).to_be_focused()
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/settings", "Qui peut voir vos messages"),
        ("/notices", "Avis"),
        (f"/contacts/{CONTACT}", "Écrire un message"),
        ("/admin", "Boîtes"),
    ],
)
def test_the_french_page_is_french(
    stack: Driver, chromium: Browser, seller: Seller, path: str, sentence: str
) -> None:
    french = chromium.new_context(locale="fr-FR")
    log_in(french, "admin" if path == "/admin" else user_of(seller))
    page = french.new_page()
    go(stack, page, path)
    expect(page.get_by_text(sentence, exact=True).first).to_be_visible()
    settle(page)
    text = page.locator("main").inner_text()
    for english in ("Show more", "Mailboxes", "All is well", "Save", "unread", "Write a mail", "Deals"):
        assert english not in text, english
    french.close()
