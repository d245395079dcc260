"""Settings that change while they are looked at: the labeler's progress, and another window's changes."""

import json

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.crm_pages import go, log_in
from tests.browser.waiting import wait_until
from tests.e2e.driver import Driver, Seller

TOTAL = 100
LOOK_MS = 10_000


@pytest.fixture
def seller(stack: Driver) -> Seller:
    return stack.connect_next(mailmagnet=True)


def looked(page: Page) -> None:
    """Time passes until the page looks at the mailbox again."""
    with page.expect_response("**/oauth/mailbox"):
        page.clock.run_for(LOOK_MS)


def test_the_bar_moves_while_the_inbox_is_sorted_and_goes_when_it_is(stack: Driver, page: Page) -> None:
    done = 10
    looks = 0

    def sorting(route: Route) -> None:
        nonlocal looks
        looks += 1
        state = "backfill" if done < TOTAL else "idle"
        labeling = {"state": state, "done": done, "total": TOTAL, "last_run_at": None}
        route.fulfill(json=route.fetch().json() | {"labeling": labeling})

    page.clock.install()
    page.route("**/oauth/mailbox", sorting)
    go(stack, page, "/settings")
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("value", "10")
    page.get_by_label("Custom").check()
    done = 60
    looked(page)
    expect(bar).to_have_attribute("value", "60")
    # What is being changed in the form is not undone by a look.
    expect(page.get_by_label("Custom")).to_be_checked()
    done = TOTAL
    looked(page)
    expect(bar).to_have_count(0)
    before = looks
    page.clock.run_for(3 * LOOK_MS)
    assert looks == before


def test_only_what_was_changed_is_sent_and_another_windows_change_is_shown_first(
    stack: Driver, page: Page, seller: Seller
) -> None:
    go(stack, page, "/settings")
    never: Locator = page.get_by_label("Addresses and domains that are never shared")
    never.fill("mine.example")
    never.blur()
    other = {"sharing": "custom", "never_shared": ["other.example"]}
    stack.call("PATCH", "/oauth/mailbox", other, token=seller.token, expect=200)

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("changed elsewhere meanwhile")).to_be_visible()
    expect(page.get_by_label("Custom")).to_be_checked()
    expect(never).to_have_value("mine.example")
    with page.expect_request(lambda request: request.method == "PATCH") as saved:
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert saved.value.post_data_json == {"never_shared": ["mine.example"]}
    settings = stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200)["settings"]
    assert (settings["sharing"], settings["never_shared"]) == ("custom", ["mine.example"])


def test_who_would_see_mail_is_told_of_the_choice_that_stands(stack: Driver, page: Page) -> None:
    held: dict[str, Route] = {}

    def hold(route: Route) -> None:
        held[json.loads(route.request.post_data or "")["sharing"]] = route

    def answer(sharing: str, colleagues: int) -> None:
        newly = {"colleagues": colleagues, "contacts": 1, "names": []}
        none = {"colleagues": 0, "contacts": 0, "names": []}
        found = {"newly_visible": newly, "no_longer_visible": none, "complete": True}
        with page.expect_response("**/settings:preview"):
            held.pop(sharing).fulfill(json=found)

    page.route("**/settings:preview", hold)
    go(stack, page, "/settings")
    page.get_by_label("Public").check()
    page.get_by_label("Custom").check()
    wait_until(page, lambda: set(held) == {"public", "custom"})
    answer("custom", 1001)
    expect(page.get_by_text("1,001 colleagues will newly see")).to_be_visible()
    answer("public", 2)
    page.locator("gmail-settings").evaluate("(it) => new Promise((done) => setTimeout(done))")
    expect(page.get_by_text("1,001 colleagues will newly see")).to_be_visible()

    page.get_by_label("Public").check()
    wait_until(page, lambda: set(held) == {"public"})
    held.pop("public").abort()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("will newly see")).to_have_count(0)


def test_pause_keeps_what_is_changed_in_the_form(stack: Driver, page: Page) -> None:
    go(stack, page, "/settings")
    page.get_by_label("Custom").check()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Nothing is lost")).to_be_visible()
    expect(page.get_by_label("Custom")).to_be_checked()


def test_what_labels_would_take_out_of_the_inbox_is_told_by_label_with_samples(
    stack: Driver, page: Page, seller: Seller
) -> None:
    stack.deliver(seller.email, "Closing <closing@customers.example>", "A sample")

    def many(route: Route) -> None:
        found = route.fetch().json()
        found["counts"]["closing_this_month"] += 1233
        route.fulfill(json=found | {"leaves_inbox": found["leaves_inbox"] + 1233, "exact": False})

    page.route("**/labeler/preview", many)
    go(stack, page, "/settings")
    page.get_by_label("Label your email in Mailbox").check()
    page.get_by_role("button", name="What would leave the Inbox?").click()
    expect(page.get_by_text("About 1,234 messages would leave the Inbox.")).to_be_visible()
    expect(page.get_by_text("Deals Closing This Month · 1,234")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Closing · A sample")).to_be_visible()


def test_an_admin_sees_what_another_admin_has_changed_before_it_is_saved_over(
    stack: Driver, person: BrowserContext
) -> None:
    log_in(person, "admin")
    page = person.new_page()
    token = stack.token("admin")
    before = stack.call("GET", "/oauth/org", token=token, expect=200)
    go(stack, page, "/admin")
    form = page.locator("gmail-policy")
    form.get_by_label("Superiors", exact=False).first.click()
    superiors = form.get_by_label("Superiors", exact=False).first.is_checked()
    stack.call("PUT", "/oauth/org", before | {"label_look_back_days": 17}, token=token, expect=200)

    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("changed elsewhere meanwhile")).to_be_visible()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Saved.")).to_be_visible()
    after = stack.call("GET", "/oauth/org", token=token, expect=200)
    stack.call("PUT", "/oauth/org", before, token=token, expect=200)
    assert (after["label_look_back_days"], after["superiors_see"]) == (17, superiors)
