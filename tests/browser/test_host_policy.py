"""The components on a CRM's page that sends the policy of docs/embedding.md: all is shown, and nothing offends."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from tests.browser.crm_pages import open_mail, user_of
from tests.browser.test_hostile import CONTACT, PICTURE, deliver_html
from tests.browser.waiting import wait_until
from tests.e2e.driver import Driver, Seller
from tests.web.embedding_page import documented_policy

HTML = """<p style="color: rgb(1, 2, 3)">In colour</p>
<img src="https://shop.example/hat.png" width="9" height="9"><img src="cid:logo@here">"""
HOST = f"""<!doctype html><html lang="en"><title>CRM</title><script type="module" src="/host.js"></script>
<gmail-record contact-id="{CONTACT}"></gmail-record><gmail-settings></gmail-settings>
<gmail-notices></gmail-notices><gmail-admin></gmail-admin></html>"""
SCRIPT = """import "/assets/crm-gmail.js";
const init = {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({user: "USER"})};
const token = async () => (await (await fetch("/crm/token", init)).json()).token;
for (const component of document.querySelectorAll(":not(html, head, body, title, script)")) component.token = token;
"""
OFFENCE = re.compile(r"Content.Security.Policy|TrustedHTML|TrustedTypePolicy", re.IGNORECASE)
COLOUR = "(element) => getComputedStyle(element).color"
Visit = Callable[[str], list[str]]


@pytest.fixture
def page(person: BrowserContext) -> Page:
    return person.new_page()


@pytest.fixture
def visit(stack: Driver, page: Page) -> Visit:
    """Opens the host's page under a policy; answers what Chromium says of offences, its frames' too, from then on."""
    seller = stack.connect_next()
    deliver_html(stack, seller, HTML)

    def opened(policy: str) -> list[str]:
        offences: list[str] = []
        page.on("console", lambda said: offences.append(said.text) if OFFENCE.search(said.text) else None)
        page.on("pageerror", lambda error: offences.append(str(error)))
        serve(page, stack, seller, policy)
        page.goto(f"{stack.url}/host")
        return offences

    return opened


def serve(page: Page, stack: Driver, seller: Seller, policy: str) -> None:
    script = SCRIPT.replace("USER", user_of(seller))
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html"}
    page.route(f"{stack.url}/host", lambda route: route.fulfill(body=HOST, headers=headers))
    page.route(
        f"{stack.url}/host.js", lambda route: route.fulfill(body=script, content_type="text/javascript")
    )


def sees_all(page: Page) -> None:
    """Each component at work, and the mail with its colour and both its pictures."""

    def hat(route: Route) -> None:
        route.fulfill(body=PICTURE, content_type="image/png")

    page.route("https://shop.example/**", hat)
    message = open_mail(page, "With HTML")
    message.get_by_role("button", name="Show pictures").click()
    frame = message.frame_locator("iframe")
    for picture in ('img[src="https://shop.example/hat.png"]', 'img[src^="data:image/png"]'):
        expect(frame.locator(picture)).to_have_js_property("naturalWidth", 1)
    assert frame.get_by_text("In colour").evaluate(COLOUR) == "rgb(1, 2, 3)"
    expect(page.locator("gmail-settings").get_by_text("Connected to")).to_be_visible()
    expect(page.locator("gmail-notices").get_by_role("heading").first).to_be_visible()
    expect(page.locator("gmail-admin").get_by_role("alert").first).to_be_visible()


def test_all_is_shown_under_the_documented_policy_and_nothing_offends_it(
    stack: Driver, page: Page, visit: Visit
) -> None:
    offences = visit(documented_policy(stack.url))
    sees_all(page)
    assert offences == []
    # The policy was in force: a text is no frame's document here.
    with pytest.raises(Error, match="TrustedHTML"):
        page.evaluate("document.createElement('iframe').srcdoc = 'text'")


def test_all_is_shown_in_a_browser_without_trusted_types(stack: Driver, page: Page, visit: Visit) -> None:
    page.add_init_script("delete window.trustedTypes")
    policy = re.sub(
        r"require-trusted-types-for [^;]+; trusted-types [^;]+; ", "", documented_policy(stack.url)
    )
    assert "trusted" not in policy
    assert visit(policy) == []
    sees_all(page)
    assert page.evaluate("window.trustedTypes") is None


@pytest.mark.parametrize("name", ["crm-gmail", "lit-html"])
def test_control_a_page_that_does_not_name_our_policies_is_told_so(
    stack: Driver, page: Page, visit: Visit, name: str
) -> None:
    policy = documented_policy(stack.url)
    assert f" {name}" in policy
    with page.expect_event("pageerror"):
        offences = visit(policy.replace(f" {name}", ""))
    assert page.locator("gmail-record:not(:defined)").count() == 1
    wait_until(page, lambda: any(name in offence and "trusted-types" in offence for offence in offences))


@pytest.mark.parametrize(
    ("directive", "without"),
    [("style-src-attr 'unsafe-inline'; ", "inline style"), ("img-src data: https:; ", "img-src")],
)
def test_control_what_the_frame_needs_of_the_page_is_missed_where_it_is_not_allowed(
    stack: Driver, page: Page, visit: Visit, directive: str, without: str
) -> None:
    policy = documented_policy(stack.url)
    assert directive in policy
    offences = visit(policy.replace(directive, ""))
    frame = open_mail(page, "With HTML").frame_locator("iframe")
    expect(frame.get_by_text("In colour")).to_be_visible()
    wait_until(page, lambda: any(without in offence for offence in offences))
