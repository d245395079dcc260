"""Mail and pages that would like to be let in: pictures wait for a click, and no message is believed."""

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.crm_pages import PICTURE, deliver_html, give_another_token, go, log_in, open_mail
from tests.browser.waiting import settled
from tests.e2e.driver import Driver, Seller

CONTACT = "won"


@pytest.fixture
def seller(stack: Driver) -> Seller:
    return stack.connect_next()


def foreign(page: Page, stack: Driver) -> list[str]:
    """What the page asks other machines for, from now on. What its policy stops never comes so far."""
    asked: list[str] = []

    def note(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PICTURE, content_type="image/png")

    page.route(lambda url: not url.startswith((stack.url, "data:", "about:", "blob:")), note)
    return asked


def test_pictures_from_elsewhere_come_on_a_click_only(stack: Driver, page: Page, seller: Seller) -> None:
    html = '<p>Look</p><img src="https://shop.example/hat.png" width="9" height="9"><img src="cid:logo@here">'
    deliver_html(stack, seller, CONTACT, html)
    asked = foreign(page, stack)
    go(stack, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "With HTML")
    frame = message.frame_locator("iframe")
    expect(frame.get_by_text("Look")).to_be_visible()
    # The picture that came in the mail is there at once, as data: the frame has no token.
    expect(frame.locator('img[src^="data:image/png"]')).to_have_count(1)
    assert asked == []

    message.get_by_role("button", name="Show pictures").click()

    expect(frame.locator('img[src="https://shop.example/hat.png"]')).to_be_visible()
    assert asked == ["https://shop.example/hat.png"]


def test_quoted_history_is_folded_and_opens(stack: Driver, page: Page, seller: Seller) -> None:
    deliver_html(
        stack, seller, CONTACT, '<p>New</p><div class="gmail_quote"><blockquote>Old words</blockquote></div>'
    )
    go(stack, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "With HTML")
    frame = message.frame_locator("iframe")
    expect(frame.get_by_text("New")).to_be_visible()
    expect(frame.get_by_text("Old words")).to_be_hidden()
    frame.get_by_text("Earlier messages").click()
    expect(frame.get_by_text("Old words")).to_be_visible()
    # The frame is not loaded again under its reader when something beside it changes.
    message.get_by_role("button", name="Show more of the message").click()
    message.get_by_role("button", name="Why?").click()
    expect(message.get_by_role("region", name="Why?")).to_be_visible()
    expect(frame.get_by_text("Old words")).to_be_visible()
    # Nor when the host gives another way to the token, and the mail is read again.
    with page.expect_response(lambda answer: "/messages/" in answer.url):
        give_another_token(page)
    settled(page)
    expect(frame.get_by_text("Old words")).to_be_visible()


ATTACKER = """<!doctype html><button id="go">go</button><script>
window.heard = [];
addEventListener("message", (event) => window.heard.push(event.data));
document.getElementById("go").onclick = () => {
  const victim = window.open(TARGET);
  setInterval(() => victim.postMessage({type: "crm-gmail:authorized", ticket: "forged"}, "*"), 50);
};
</script>"""


def test_a_hostile_opener_and_sender_of_messages_get_nothing(
    stack: Driver, page: Page, person: BrowserContext
) -> None:
    user = stack.next_name()
    log_in(person, user)

    def attack(route: Route) -> None:
        body = ATTACKER.replace("TARGET", json.dumps(f"{stack.url}/settings"))
        route.fulfill(body=body, content_type="text/html")

    person.route("http://attacker.example/**", attack)
    page.goto("http://attacker.example/")
    with person.expect_page() as opened:
        page.click("#go")
    victim = opened.value
    tickets: list[Any] = []
    victim.on(
        "request",
        lambda request: tickets.append(request.post_data_json) if request.url.endswith("/complete") else None,
    )
    with person.expect_page() as popup:
        victim.get_by_role("button", name="Authenticate").click()
    popup.value.get_by_text(f"{user}@", exact=False).first.click()
    # The forged messages have come by now, twenty a second: none was believed.
    assert tickets == []
    popup.value.get_by_role("button", name="Allow").click()
    expect(victim.get_by_text(f"Connected to {user}@")).to_be_visible()

    assert [ticket != {"ticket": "forged"} for ticket in tickets] == [True]
    assert page.evaluate("window.heard") == []
