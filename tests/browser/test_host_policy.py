"""The components on a CRM's page that sends the policy of docs/embedding.md: all is shown, and nothing offends."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Locator, Page, Route, expect

from tests.browser.crm_pages import PICTURE, deliver_html, open_mail, user_of
from tests.browser.waiting import wait_until
from tests.e2e.driver import Driver, Seller
from tests.local.waiting import until
from tests.web.embedding_page import documented_policy

CONTACT = "won"
HTML = """<p style="color: rgb(1, 2, 3)">In colour</p>
<img src="https://shop.example/hat.png" width="9" height="9"><img src="cid:logo@here">"""
HOST = f"""<!doctype html><html lang="en"><title>CRM</title><script type="module" src="/host.js"></script>
<gmail-record contact-id="{CONTACT}"></gmail-record><gmail-settings></gmail-settings>
<gmail-notices></gmail-notices><gmail-admin></gmail-admin></html>"""
SCRIPT = """import "/assets/crm-gmail.js";
const headers = {"Content-Type": "application/json"};
const tokenOf = async (user) => {
  const answer = await fetch("/crm/token", {method: "POST", headers, body: JSON.stringify({user})});
  return (await answer.json()).token;
};
for (const component of document.querySelectorAll(":not(html, head, body, title, script)")) {
  const user = component.localName === "gmail-admin" ? "admin" : "USER";
  component.token = () => tokenOf(user);
}
"""
OFFENCE = re.compile(r"Content.Security.Policy|TrustedHTML|TrustedTypePolicy", re.IGNORECASE)
COLOUR = "(element) => getComputedStyle(element).color"
Visit = Callable[[str], list[str]]


@pytest.fixture
def page(person: BrowserContext) -> Page:
    return person.new_page()


@pytest.fixture
def seller(stack: Driver) -> Seller:
    found = stack.connect_next(mailmagnet=True, labels=True)
    deliver_html(stack, found, CONTACT, HTML)
    return found


@pytest.fixture
def at_work(stack: Driver, seller: Seller) -> None:
    """The labeler has run: there is something to draw."""
    stack.call("POST", "/local/tick/labeler", expect=200)
    until(
        lambda: stack.call("GET", "/labeler/runs", token=seller.token, expect=200)["items"] != [],
        "the seller's mail is labelled",
    )


@pytest.fixture
def visit(stack: Driver, page: Page, seller: Seller) -> Visit:
    """Opens the host's page under a policy; answers what Chromium says of offences, its frames' too, from then on."""

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
    answers_and_saves(page, message)
    sees_the_admins(page.locator("gmail-admin"))


def answers_and_saves(page: Page, message: Locator) -> None:
    with page.expect_download() as download:
        message.get_by_role("button", name="numbers.csv").click()
    assert Path(download.value.path()).read_bytes() == b"numbers"
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Text").fill("Thank you.")
    expect(message.get_by_text("Draft saved in Gmail")).to_be_visible()


def sees_the_admins(admin: Locator) -> None:
    """The table of mailboxes with the runs of one, all runs as a chart, and the policy's form."""
    admin.get_by_role("button", name="What was done in the mailbox of").first.click()
    expect(admin.get_by_role("heading", name="Completeness").first).to_be_visible()
    admin.get_by_role("button", name="Add them up").click()
    expect(admin.get_by_text("mailboxes proved complete")).to_be_visible()
    expect(admin.locator("gmail-totals svg").first).to_be_attached()
    expect(admin.get_by_label("Sharing by user")).to_be_visible()
    expect(admin.get_by_role("alert")).to_have_count(0)


@pytest.mark.usefixtures("at_work")
def test_all_is_shown_under_the_documented_policy_and_nothing_offends_it(
    stack: Driver, page: Page, visit: Visit
) -> None:
    offences = visit(documented_policy(stack.url))
    sees_all(page)
    assert offences == []
    # The policy was in force: a text is no frame's document here.
    with pytest.raises(Error, match="TrustedHTML"):
        page.evaluate("document.createElement('iframe').srcdoc = 'text'")


@pytest.mark.usefixtures("at_work")
def test_all_is_shown_in_a_browser_without_trusted_types(stack: Driver, page: Page, visit: Visit) -> None:
    page.add_init_script("delete window.trustedTypes")
    policy = re.sub(
        r"require-trusted-types-for [^;]+; trusted-types [^;]+; ", "", documented_policy(stack.url)
    )
    assert "trusted" not in policy
    offences = visit(policy)
    sees_all(page)
    assert offences == []
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


@pytest.mark.parametrize("allowed", [True, False])
def test_a_page_that_uses_lit_itself_allows_a_second_policy_of_its_name(
    stack: Driver, page: Page, visit: Visit, allowed: bool
) -> None:
    page.add_init_script("trustedTypes.createPolicy('lit-html', {createHTML: (text) => text})")
    duplicates = "trusted-types crm-gmail lit-html 'allow-duplicates';"
    policy = documented_policy(stack.url)
    offences = visit(policy.replace("trusted-types crm-gmail lit-html;", duplicates) if allowed else policy)
    expect(page.locator("gmail-record:defined")).to_have_count(1 if allowed else 0)
    if allowed:
        assert offences == []
    else:
        wait_until(page, lambda: any("already exists" in offence for offence in offences))


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
