"""Connecting, through HTTP and Google's consent page: what works, and both account-linking attacks that do not."""

import re
from urllib.parse import urljoin

import pytest
import requests

from tests.e2e.data_sets import DOMAIN
from tests.e2e.driver import TIMEOUT_S, Driver, FirstForm


@pytest.fixture
def person(stack: Driver) -> tuple[str, str]:
    """A CRM user without a mailbox: token, and the address of their Gmail account."""
    name = stack.next_name()
    return stack.token(name), f"{name}@{DOMAIN}"


def begin(stack: Driver, token: str, **body: object) -> str:
    return str(stack.call("POST", "/oauth/connections", body, token=token, expect=201)["authorization_url"])


def consent_up_to_the_callback(browser: requests.Session, url: str, email: str) -> str:
    """Consents in this browser and answers where Google sends it, without going there."""
    page = browser.get(url, timeout=TIMEOUT_S)
    form = FirstForm(page.text)
    fields = [(n, v) for n, v in form.fields if n != "email"] + [("email", email), ("decision", "allow")]
    sent = browser.post(urljoin(page.url, form.action), data=fields, timeout=TIMEOUT_S, allow_redirects=False)
    return sent.headers["Location"]


def ticket_in(page: requests.Response) -> str | None:
    found = re.search(r'"ticket": ?"([^"]+)"', page.text)
    return found[1] if found else None


def test_an_attackers_code_does_not_work_in_the_victims_browser(
    stack: Driver, person: tuple[str, str]
) -> None:
    token, email = person
    attackers_browser, victims_browser = requests.Session(), requests.Session()
    callback = consent_up_to_the_callback(attackers_browser, begin(stack, token), email)

    refused = victims_browser.get(callback, timeout=TIMEOUT_S)
    control = attackers_browser.get(callback, timeout=TIMEOUT_S)

    assert refused.status_code == 403
    assert ticket_in(refused) is None
    assert ticket_in(control) is not None, "the control: in the browser that began it works"


def test_a_victims_consent_on_an_attackers_link_gives_the_attacker_nothing(
    stack: Driver, person: tuple[str, str]
) -> None:
    attacker, _ = person
    victim_name = stack.next_name()
    victim = stack.token(victim_name)
    callback = consent_up_to_the_callback(
        victims_browser := requests.Session(), begin(stack, attacker), f"{victim_name}@{DOMAIN}"
    )

    ticket = ticket_in(victims_browser.get(callback, timeout=TIMEOUT_S))

    # The ticket is in the victim's window only, and good for the attacker's CRM user only.
    assert stack.raw("GET", "/oauth/mailbox", token=attacker).status_code == 404
    assert (
        stack.raw("POST", "/oauth/connections/complete", {"ticket": ticket}, token=victim).status_code == 404
    )
    assert (
        stack.raw("POST", "/oauth/connections/complete", {"ticket": "x.y"}, token=attacker).status_code == 404
    )
    assert stack.raw("GET", "/oauth/mailbox", token=attacker).status_code == 404


def test_a_link_a_state_and_a_ticket_are_good_once(stack: Driver, person: tuple[str, str]) -> None:
    token, email = person
    browser = requests.Session()
    url = begin(stack, token)
    callback = consent_up_to_the_callback(browser, url, email)
    ticket = ticket_in(browser.get(callback, timeout=TIMEOUT_S))

    assert requests.get(url, timeout=TIMEOUT_S).status_code == 404
    assert browser.get(callback, timeout=TIMEOUT_S).status_code == 404
    body = {"ticket": ticket}
    assert stack.raw("POST", "/oauth/connections/complete", body, token=token).status_code == 201
    assert stack.raw("POST", "/oauth/connections/complete", body, token=token).status_code == 404


def test_a_consent_that_nobody_claims_is_forgotten(stack: Driver, person: tuple[str, str]) -> None:
    token, email = person
    page = stack.consent(begin(stack, token), email)
    ticket = ticket_in(page)

    stack.call("POST", "/local/clock", {"advance_s": 601}, expect=200)
    late = stack.raw("POST", "/oauth/connections/complete", {"ticket": ticket}, token=token)
    summary = stack.call("POST", "/local/tick/labeler", expect=200)

    assert late.status_code == 404
    assert summary["forgotten"] >= 1
    documents = stack.call("GET", "/local/store", expect=200)["documents"]
    assert not [path for path in documents if path.startswith("connections/")]


def test_refusing_says_so_and_connects_nothing(stack: Driver, person: tuple[str, str]) -> None:
    token, email = person

    page = stack.consent(begin(stack, token), email, decision="deny")

    assert page.status_code == 403
    assert "did not allow" in page.text
    assert stack.raw("GET", "/oauth/mailbox", token=token).status_code == 404


def test_an_unticked_box_says_what_was_missing_and_connects_nothing(
    stack: Driver, person: tuple[str, str]
) -> None:
    token, email = person

    page = stack.consent(begin(stack, token), email, untick=True)

    assert page.status_code == 409
    assert "leave the boxes for Gmail ticked" in page.text
    assert stack.raw("GET", "/oauth/mailbox", token=token).status_code == 404


def test_only_the_scopes_that_the_features_need_are_asked_for(stack: Driver, person: tuple[str, str]) -> None:
    token, email = person
    mailbox = stack.connect(token, email, features=["notices", "read"])

    refused = stack.raw("PATCH", "/oauth/mailbox", {"mailmagnet": True, "labels": True}, token=token)
    allowed = stack.raw("PATCH", "/oauth/mailbox", {"mailmagnet": True}, token=token)

    assert "https://www.googleapis.com/auth/gmail.readonly" in mailbox["scopes"]["granted"]
    assert "https://www.googleapis.com/auth/gmail.modify" not in mailbox["scopes"]["granted"]
    assert mailbox["scopes"]["stopped"] == ["send", "labels"]
    assert (refused.status_code, refused.json()["code"]) == (409, "scope_missing")
    assert allowed.status_code == 200
    assert allowed.json()["status"] == "connected"


def test_the_ladder_is_climbed_step_by_step_and_each_step_keeps_what_was_there(stack: Driver) -> None:
    name = stack.next_name()
    token, email = stack.token(name), f"{name}@{DOMAIN}"
    stack.connect(token, email, features=["notices"])
    stack.call("PATCH", "/oauth/mailbox", {"mailmagnet": True}, token=token, expect=200)
    message_id = stack.deliver(email, "won@customers.example")
    stack.call("POST", "/local/tick/labeler", expect=200)
    opened, stopped, noticed = [], [], []
    for step in (["notices"], ["read"], ["send"], ["labels"]):
        mailbox = stack.connect(token, email, features=step)
        stopped.append(mailbox["scopes"]["stopped"])
        page = stack.call("GET", "/notify/notices", token=token, expect=200)
        noticed.append([row["id"] for row in page["items"]])
        path = f"/proxy/mailboxes/{mailbox['id']}/messages/{message_id}"
        opened.append(stack.raw("GET", path, token=token).status_code)
        assert (mailbox["status"], mailbox["settings"]["mailmagnet"]) == ("connected", True), step

    assert stopped == [["read", "send", "labels"], ["send", "labels"], ["labels"], []]
    assert noticed == [[message_id]] * 4
    assert opened == [409, 200, 200, 200]
    labels = stack.raw("PATCH", "/oauth/mailbox", {"labels": True}, token=token)
    assert labels.status_code == 200


def test_who_only_wants_to_write_is_asked_for_what_writing_stands_on(
    stack: Driver, person: tuple[str, str]
) -> None:
    token, email = person
    mailbox = stack.connect(token, email, features=["send"])

    assert (mailbox["status"], mailbox["health"]["code"]) == ("connected", "ok")
    assert mailbox["scopes"]["stopped"] == ["labels"]
    mail = {"to": ["won@customers.example"], "subject": "Hello", "text": "Hello."}
    sent = stack.raw("POST", "/proxy/messages", mail, token=token, headers={"Idempotency-Key": "ladder-send"})
    assert sent.status_code == 201, sent.text


def test_a_reconnect_keeps_settings_notices_and_cursor(stack: Driver) -> None:
    seller = stack.connect_next(mailmagnet=True, labels=True, sharing="custom")
    first = stack.deliver(seller.email, "won@customers.example")
    stack.call("POST", "/local/tick/labeler", expect=200)
    missed = stack.deliver(seller.email, "lost@customers.example")

    again = stack.connect(seller.token, seller.email)
    stack.call("POST", "/local/tick/labeler", expect=200)

    page = stack.call("GET", "/notify/notices", token=seller.token, expect=200)
    assert (again["settings"]["sharing"], again["settings"]["mailmagnet"]) == ("custom", True)
    assert {row["id"] for row in page["items"]} == {first, missed}


def test_another_gmail_account_needs_a_disconnect_first(stack: Driver) -> None:
    seller, other = stack.connect_next(), f"{stack.next_name()}@{DOMAIN}"
    page = stack.consent(begin(stack, seller.token), other)

    body = {"ticket": ticket_in(page)}
    refused = stack.call("POST", "/oauth/connections/complete", body, token=seller.token, expect=409)

    assert refused["code"] == "other_account_connected"
    assert stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200)["email"] == seller.email
    # tests/e2e/test_life.py looks at Google's side of it.


def test_a_page_of_another_origin_can_neither_begin_nor_be_returned_to(
    stack: Driver, person: tuple[str, str]
) -> None:
    token, _ = person
    elsewhere = {"Origin": "https://evil.example"}

    begun = stack.raw("POST", "/oauth/connections", {}, token=token, headers=elsewhere)
    returned = stack.raw("POST", "/oauth/connections", {"return_url": "https://evil.example/x"}, token=token)

    assert (begun.status_code, begun.json()["code"]) == (403, "origin_not_registered")
    assert (returned.status_code, returned.json()["code"]) == (422, "return_url_elsewhere")


def test_a_ticket_is_returned_to_registered_pages_only(stack: Driver, person: tuple[str, str]) -> None:
    token, _ = person
    registered = {"return_url": f"{stack.url}/settings/connected"}
    redirect = {"return_url": f"{stack.url}/settings/connected?next=https://evil.example"}

    refused = stack.raw("POST", "/oauth/connections", redirect, token=token)

    assert (refused.status_code, refused.json()["code"]) == (422, "return_url_not_registered")
    stack.call("POST", "/oauth/connections", registered, token=token, expect=201)


def test_one_gmail_account_serves_two_crm_users(stack: Driver, person: tuple[str, str]) -> None:
    first = stack.connect_next(mailmagnet=True, labels=False)
    token, _ = person
    stack.connect(token, first.email)
    stack.call("PATCH", "/oauth/mailbox", {"mailmagnet": True}, token=token, expect=200)
    message_id = stack.deliver(first.email, "won@customers.example")
    stack.call("POST", "/local/tick/labeler", expect=200)

    receipt = stack.call("DELETE", "/oauth/mailbox", token=token, expect=200)
    second_id = stack.deliver(first.email, "won@customers.example")
    stack.call("POST", "/local/tick/labeler", expect=200)

    page = stack.call("GET", "/notify/notices", token=first.token, expect=200)
    assert {row["id"] for row in page["items"]} == {message_id, second_id}
    assert (receipt["watch_stopped"], receipt["revoked"]) == (False, False), "the other user lives on them"
