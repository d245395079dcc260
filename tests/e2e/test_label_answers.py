"""What the labeler does and says over HTTP where the answer is not a plain label: newcomers, causes, holds, undo."""

from typing import Any

import pytest

from tests.e2e.driver import Driver, Seller


@pytest.fixture
def seller(stack: Driver) -> Seller:
    """A user with MailMagnet and labels on."""
    return stack.connect_next(mailmagnet=True, labels=True)


def _tick(stack: Driver) -> None:
    stack.call("POST", "/local/tick/labeler", expect=200)


def _explain(stack: Driver, seller: Seller, message: str, language: str = "en") -> dict[str, Any]:
    headers = {"Accept-Language": language}
    answer = stack.raw("GET", f"/labeler/explain/{message}", token=seller.token, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Language"] == language
    return dict(answer.json())


def _causes(told: dict[str, Any]) -> list[str]:
    return [cause["code"] for cause in told["causes"]]


def _ours(stack: Driver, seller: Seller, message: str) -> set[str]:
    mailbox = stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200)
    ours = {label["id"]: category for category, label in mailbox["labels"].items()}
    return {ours[label] for label in stack.label_ids(seller, message) if label in ours}


def _put_contact(stack: Driver, name: str, kind: str, *states: str) -> None:
    contact = {"name": name.title(), "kind": kind, "addresses": [f"{name}@newcomers.example"]}
    assert stack.raw("PUT", f"/crm/contacts/{name}", contact).status_code in (200, 201)
    for at, state in enumerate(states):
        deal = {"name": "Test", "state": state, "closing_date": None}
        assert stack.raw("PUT", f"/crm/contacts/{name}/deals/d{at}", deal).status_code in (200, 201)


def test_mail_of_a_stranger_who_becomes_a_contact_is_labelled_by_the_next_run(
    stack: Driver, seller: Seller
) -> None:
    message = stack.deliver(seller.email, "newcomer@newcomers.example")
    _tick(stack)
    assert stack.label_ids(seller, message) == {"INBOX", "UNREAD"}

    _put_contact(stack, "newcomer", "contact", "won")
    _tick(stack)

    assert _ours(stack, seller, message) == {"customers"}
    assert "INBOX" not in stack.label_ids(seller, message)


def test_undo_since_a_time_takes_back_all_and_the_next_run_leaves_it(stack: Driver, seller: Seller) -> None:
    since = stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200)["connected_at"]
    messages = [stack.deliver(seller.email, "won@customers.example") for _ in range(2)]
    _tick(stack)
    assert [_ours(stack, seller, message) for message in messages] == [{"customers"}] * 2

    undone = stack.call("POST", "/labeler/undo", {"since": since}, token=seller.token, expect=200)
    _tick(stack)

    assert undone["reversed"] == 2
    assert [stack.label_ids(seller, message) for message in messages] == [{"INBOX", "UNREAD"}] * 2
    assert _causes(_explain(stack, seller, messages[0])) == ["undone"]


def test_much_that_would_change_at_once_waits_for_the_admin(stack: Driver, seller: Seller) -> None:
    _put_contact(stack, "mover", "contact", "open")
    _tick(stack)
    messages = [stack.deliver(seller.email, "mover@newcomers.example") for _ in range(22)]
    _tick(stack)
    assert _ours(stack, seller, messages[0]) == {"open_deals"}

    _put_contact(stack, "mover", "contact", "lost")
    _tick(stack)
    mailbox = stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200)
    assert mailbox["health"]["code"] == "label_changes_held"
    assert _ours(stack, seller, messages[0]) == {"open_deals"}

    body = {"mailbox": seller.mailbox}
    stack.call("POST", "/labeler/confirm", body, token=stack.token("admin"), expect=204)
    _tick(stack)

    assert _ours(stack, seller, messages[0]) == set()
    mailbox = stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200)
    assert mailbox["health"]["code"] == "ok"
