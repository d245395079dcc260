"""Labels on a running stack, through the contract's calls: backfill, changes, months, users, preview, undo, confirm."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.driver import Driver, Seller

SEED = 20261124
STATES = ("open", "won", "lost")
OWN_DEALS = ("lost", "no-deals")
"""Contacts whose deals these tests change; each test puts them back."""


@pytest.fixture
def seller(stack: Driver) -> Seller:
    """A user with MailMagnet on and labels off."""
    return stack.connect_next(mailmagnet=True)


@pytest.fixture(autouse=True)
def deals_put_back(stack: Driver) -> Iterator[None]:
    """Deals that a test made are gone after it, and the next run has seen that."""
    yield
    for contact in OWN_DEALS:
        stack.raw("DELETE", f"/crm/contacts/{contact}/deals/test")


def _tick(stack: Driver) -> None:
    stack.call("POST", "/local/tick/labeler", expect=200)


def _labels_on(stack: Driver, seller: Seller) -> None:
    stack.call("PATCH", "/oauth/mailbox", {"labels": True}, token=seller.token, expect=200)


def _categories(stack: Driver, seller: Seller, message: str) -> set[str]:
    mailbox = stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200)
    ours = {label["id"]: category for category, label in mailbox["labels"].items()}
    return {ours[label] for label in stack.label_ids(seller, message) if label in ours}


def _put_deal(stack: Driver, contact: str, state: str, closing: str | None = None) -> None:
    deal = {"name": "Test", "state": state, "closing_date": closing}
    answer = stack.raw("PUT", f"/crm/contacts/{contact}/deals/test", deal)
    assert answer.status_code in (200, 201), answer.text


def test_the_inbox_as_it_is_is_sorted_when_labels_go_on(stack: Driver, seller: Seller) -> None:
    closing, won, stranger = (
        stack.deliver(seller.email, f"{name}@customers.example") for name in ("closing", "won", "nobody")
    )
    stack.call("POST", "/local/clock", {"advance_s": 1}, expect=200)
    _labels_on(stack, seller)
    _tick(stack)

    assert _categories(stack, seller, closing) == {"closing_this_month"}
    assert _categories(stack, seller, won) == {"customers"}
    assert stack.label_ids(seller, stranger) == {"INBOX", "UNREAD"}
    labeling = stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200)["labeling"]
    assert labeling["state"] == "idle"
    assert labeling["done"] == labeling["total"] > 0


def test_a_preview_counts_and_shows_and_writes_nothing(stack: Driver, seller: Seller) -> None:
    message = stack.deliver(seller.email, "won@customers.example", "A subject")
    # Its push is done with when the run answers: what is written from here on, the preview wrote.
    _tick(stack)
    before = (stack.stored(), stack.label_ids(seller, message))

    shown = stack.call("POST", "/labeler/preview", {}, token=seller.token, expect=200)

    assert shown["counts"] == {"closing_this_month": 0, "open_deals": 0, "customers": 1}
    assert shown["leaves_inbox"] == 1
    assert [row["id"] for row in shown["samples"]["customers"]] == [message]
    assert (stack.stored(), stack.label_ids(seller, message)) == before
    _labels_on(stack, seller)
    _tick(stack)
    assert _categories(stack, seller, message) == {"customers"}, "the preview was right"


def test_mail_follows_its_deal_through_every_state(stack: Driver, seller: Seller) -> None:
    _labels_on(stack, seller)
    message = stack.deliver(seller.email, "no-deals@customers.example")
    _tick(stack)
    assert _categories(stack, seller, message) == set()

    for state, category in (("open", "open_deals"), ("won", "customers"), ("open", "open_deals")):
        _put_deal(stack, "no-deals", state)
        _tick(stack)
        assert _categories(stack, seller, message) == {category}
        assert "INBOX" not in stack.label_ids(seller, message)

    _put_deal(stack, "no-deals", "lost")
    _tick(stack)
    assert stack.label_ids(seller, message) == {"UNREAD"}, "it lost our label and stays archived"


def test_deals_changed_at_random_end_where_an_oracle_says(stack: Driver, seller: Seller) -> None:
    print("seed", SEED)
    chance = random.Random(SEED)  # noqa: S311 - no secret
    _labels_on(stack, seller)
    messages = {name: stack.deliver(seller.email, f"{name}@customers.example") for name in OWN_DEALS}
    states: dict[str, str] = {}
    for _ in range(6):
        for name in chance.sample(OWN_DEALS, chance.randint(1, 2)):
            states[name] = chance.choice(STATES)
            _put_deal(stack, name, states[name])
        _tick(stack)
        for name, state in states.items():
            want = {"open": {"open_deals"}, "won": {"customers"}, "lost": set()}[state]
            assert _categories(stack, seller, messages[name]) == want, (name, state)


def test_a_user_who_takes_a_label_off_is_not_contradicted(stack: Driver, seller: Seller) -> None:
    _labels_on(stack, seller)
    message = stack.deliver(seller.email, "no-deals@customers.example")
    _put_deal(stack, "no-deals", "open")
    _tick(stack)
    assert _categories(stack, seller, message) == {"open_deals"}

    undone = stack.call("POST", "/labeler/undo", {"message": message}, token=seller.token, expect=200)
    _put_deal(stack, "no-deals", "won")
    _tick(stack)

    assert undone == {"reversed": 1, "skipped": [], "more": False}
    assert stack.label_ids(seller, message) == {"INBOX", "UNREAD"}
    told = stack.call("GET", f"/labeler/explain/{message}", token=seller.token, expect=200)
    assert [cause["code"] for cause in told["causes"]] == ["undone"]


def test_a_run_is_listed_and_can_be_taken_back(stack: Driver, seller: Seller) -> None:
    messages = [stack.deliver(seller.email, "won@customers.example") for _ in range(3)]
    _labels_on(stack, seller)
    _tick(stack)
    (run,) = stack.call("GET", "/labeler/runs", token=seller.token, expect=200)["items"]
    assert run["labelled"] == {"closing_this_month": 0, "open_deals": 0, "customers": 3}
    assert run["state"] == "done"
    assert run["gmail_units"] > 0

    undone = stack.call("POST", "/labeler/undo", {"run": run["id"]}, token=seller.token, expect=200)

    assert undone["reversed"] == 3
    assert [stack.label_ids(seller, message) for message in messages] == [{"INBOX", "UNREAD"}] * 3


@pytest.mark.parametrize(
    ("contact", "code"),
    [("nobody", "unknown_address"), ("no-deals", "no_deal_counts"), ("lost", "no_deal_counts")],
)
def test_mail_without_a_label_is_explained(stack: Driver, contact: str, code: str) -> None:
    seller = stack.connect_next(mailmagnet=True, labels=True)
    message = stack.deliver(seller.email, f"{contact}@customers.example")
    _tick(stack)
    path = f"/labeler/explain/{message}"
    told = stack.call("GET", path, token=seller.token, expect=200)
    headers = {"Accept-Language": "fr-CH, en;q=0.8"}
    french = stack.raw("GET", path, token=seller.token, headers=headers)

    assert told["category"] is None
    assert told["rule_code"] == told["causes"][0]["code"] == code
    assert french.headers["Content-Language"] == "fr"
    assert french.json()["rule_code"] == code
    assert french.json()["rule"] != told["rule"]


def test_undo_wants_exactly_one_thing_and_knows_only_own_runs(stack: Driver, seller: Seller) -> None:
    for body in ({}, {"message": "a", "run": "b"}, {"message": "a/b"}, {"since": "yesterday"}):
        assert stack.raw("POST", "/labeler/undo", body, token=seller.token).status_code == 422
    found = stack.raw("POST", "/labeler/undo", {"run": "0" * 32}, token=seller.token)
    assert (found.status_code, found.json()["code"]) == (404, "run_not_found")


def test_only_an_admin_confirms_and_only_what_is_held(stack: Driver, seller: Seller) -> None:
    body = {"mailbox": seller.mailbox}
    assert stack.raw("POST", "/labeler/confirm", body, token=seller.token).status_code == 403
    found = stack.raw("POST", "/labeler/confirm", body, token=stack.token("admin"))
    assert (found.status_code, found.json()["code"]) == (404, "nothing_held")


def test_what_is_remembered_of_labelled_mail_is_ids_and_labels(stack: Driver, seller: Seller) -> None:
    word = "canary-heron-4412"
    message = stack.deliver(seller.email, f'"{word}" <won@customers.example>', word, word)
    _labels_on(stack, seller)
    _tick(stack)

    store: dict[str, Any] = stack.call("GET", "/local/store", expect=200)["documents"]
    runs = [row for path, row in store.items() if f"{seller.mailbox}/label_runs/" in path]
    assert [row["ids"] for row in runs] == [[message]]
    assert word not in json.dumps(store)
    assert "customers.example" not in json.dumps(runs)
