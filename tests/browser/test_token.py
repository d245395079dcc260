"""The CRM's token comes by a callback, and is nowhere on the page, in no store and in no address."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.accessibility import settle
from tests.browser.crm_pages import allow_more, consent, go, log_in, mails, open_mail, user_of
from tests.browser.token_hunt import TokenHunt
from tests.e2e.driver import Driver

CONTACT = "won"
PLANTED = {
    "text": "e.shadowRoot.append(token)",
    "attribute": "e.shadowRoot.firstElementChild.setAttribute('data-token', token)",
    "field": "e.shadowRoot.querySelector('input').value = token",
    "frame": "{ const f = document.createElement('iframe'); f.srcdoc = token; e.shadowRoot.append(f); }",
    "localStorage": "localStorage.setItem('kept', token)",
    "sessionStorage": "sessionStorage.setItem('kept', token)",
    "cookie": "document.cookie = `kept=${token.slice(-2000)}`",
    "history": "history.replaceState({ token }, '')",
    "address": "history.replaceState(null, '', `#${token}`)",
    "database": "await new Promise((done) => { indexedDB.open(token).onsuccess = done; })",
    "cache": "await (await caches.open('kept')).put(`/healthz?${token}`, new Response(''))",
    "request": "fetch(`/healthz?token=${token}`)",
}
KEPT = (
    "token",
    "{ token }",
    "{ [token]: 1 }",
    "[[token]]",
    "new Map([['t', token]])",
    "new Set([token])",
    "(() => { const cycle = { token }; cycle.self = cycle; return cycle; })()",
    "{ [Symbol('t')]: new Map([[{ token }, 1]]) }",
)
"""Each way to keep a token in a script's variable."""


@pytest.fixture
def undefended(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser without the demo's policy, under which no text becomes a frame's document."""
    context = chromium.new_context(locale="en-GB", bypass_csp=True)
    yield context
    context.close()


@pytest.fixture
def hunt(person: BrowserContext) -> TokenHunt:
    return TokenHunt(person)


def shows_no_token(hunt: TokenHunt, page: Page) -> None:
    settle(page)
    assert hunt.places(page) == set(), page.url


def test_the_token_is_in_no_address_no_storage_and_no_document(
    stack: Driver, person: BrowserContext, hunt: TokenHunt
) -> None:
    user = stack.next_name()
    log_in(person, user)
    page = person.new_page()
    go(stack, page, "/settings")
    consent(page, person, user)
    page.get_by_label("MailMagnet", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="What was done").click()
    shows_no_token(hunt, page)

    email = stack.call("GET", "/oauth/mailbox", token=stack.token(user), expect=200)["email"]
    stack.deliver(email, f"Won <{CONTACT}@customers.example>", "Where is the token?")
    go(stack, page, "/notices")
    expect(page.get_by_text("1 unread")).to_be_visible()
    shows_no_token(hunt, page)

    go(stack, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "Where is the token?")
    message.get_by_role("button", name="Why?").click()
    message.get_by_role("button", name="Reply", exact=True).click()
    allow_more(page, person, "Allow writing", user)
    expect(message.get_by_label("Subject")).to_have_value("Re: Where is the token?")
    shows_no_token(hunt, page)


def test_the_admins_token_is_in_no_address_no_storage_and_no_document(
    stack: Driver, person: BrowserContext, hunt: TokenHunt
) -> None:
    stack.connect_next()
    log_in(person, "admin")
    page = person.new_page()
    go(stack, page, "/admin")
    page.get_by_role("button", name="What was done").first.click()
    page.get_by_role("button", name="Add them up").click()
    expect(page.get_by_text("mailboxes proved complete")).to_be_visible()
    shows_no_token(hunt, page)


def test_control_a_token_is_found_in_each_place_where_it_is_put(
    stack: Driver, undefended: BrowserContext
) -> None:
    page, hunt = reading(stack, undefended)
    missed = set()
    for place, planting in PLANTED.items():
        before = hunt.places(page)
        plant(page, hunt, planting)
        if place not in hunt.places(page) - before:
            missed.add(place)
    assert missed == set()


def test_control_a_token_is_found_however_a_script_keeps_it(
    stack: Driver, undefended: BrowserContext
) -> None:
    page, hunt = reading(stack, undefended)
    missed = set()
    for place, where in (("property", "e"), ("window", "window")):
        for kept in KEPT:
            plant(page, hunt, f"{where}.kept = {kept}")
            if place not in hunt.places(page):
                missed.add((place, kept))
            plant(page, hunt, f"delete {where}.kept")
            assert hunt.places(page) == set()
    assert missed == set()


def reading(stack: Driver, person: BrowserContext) -> tuple[Page, TokenHunt]:
    """A page with a mail that is being written."""
    hunt = TokenHunt(person)
    seller = stack.connect_next()
    stack.deliver(seller.email, f"Won <{CONTACT}@customers.example>", "Where is the token?")
    log_in(person, user_of(seller))
    page = person.new_page()
    go(stack, page, f"/contacts/{CONTACT}")
    expect(mails(page)).to_have_count(1)
    page.get_by_role("button", name="Write a mail").click()
    expect(page.get_by_label("Subject")).to_be_visible()
    return page, hunt


def plant(page: Page, hunt: TokenHunt, planting: str) -> None:
    """Runs this with a token and the composer."""
    page.locator("gmail-composer").evaluate(f"async (e, token) => {{ {planting}; }}", next(iter(hunt.tokens)))
