"""A running stack and Debian's Chromium, for tests that do what a person does."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.browser.crm_pages import log_in, user_of
from tests.browser.waiting import PATIENCE_MS
from tests.e2e import data_sets
from tests.e2e.driver import Driver, Seller
from tests.e2e.stacks import running_stack
from tests.web.node import packages

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there: without a browser's own window the same engine draws the pages for half the work."""
# The network of a test machine may be closed: nothing that Chromium would fetch by itself.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """A running stack on the tests' own data set."""
    folder = tmp_path_factory.mktemp("browser")
    with running_stack(data_sets.write(folder / "harbour"), folder) as driver:
        yield driver


@pytest.fixture(autouse=True)
def gone_after_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whom a test connected leaves after it, or what was shared by then would stand in the lists of all others."""
    if "stack" not in request.fixturenames:
        yield
        return
    stack: Driver = request.getfixturevalue("stack")
    before = {mailbox["id"] for mailbox in stack.mailboxes()}
    yield
    for mailbox in stack.mailboxes():
        if mailbox["id"] not in before:
            stack.disconnect(mailbox["id"])


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one process for all tests. CI must have it; a person's machine may lack it, loudly."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    to_do = f"apt-get install {PROGRAMS[0]}"
    if program is None and os.environ.get("CI") != "true":
        pytest.skip(f"NO CHROMIUM HERE: the pages were not tried in a browser ({to_do})")
    assert program is not None, f"The browser tests need Chromium: {to_do}"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS, timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture
def person(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    # What a test's own answer still asks the stack for is of no interest any more.
    for page in context.pages:
        # A popup may be closing by itself.
        with suppress(Error):
            page.unroute_all(behavior="ignoreErrors")
    context.unroute_all(behavior="ignoreErrors")
    context.close()


@pytest.fixture
def page(person: BrowserContext, seller: Seller) -> Page:
    """A page of the CRM's, logged in as the owner of the mailbox that a file of tests calls `seller`."""
    log_in(person, user_of(seller))
    return person.new_page()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (packages() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
