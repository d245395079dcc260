"""Labels on a running stack while a person works in Gmail with another program and the CRM goes through its faults."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
import requests

from shared.domain.scopes import MODIFY
from tests.e2e.data_sets import DOMAIN
from tests.e2e.driver import Driver, Seller
from tests.e2e.own_gmail import OwnGmail
from tests.local.waiting import until

CLOSING, OPEN, WON = "Deals Closing This Month", "Open Deals", "Customers"
OURS = {CLOSING, OPEN, WON}
HOME = "people.example"
T = TypeVar("T")
FAULTS = (
    *(("lookup", kind) for kind in ("empty", "partial", "error")),
    *(("changes", kind) for kind in ("empty", "partial", "cut_off")),
)
CALLS_OF_A_FAILED_TURN = 4
"""One more than a call is tried within one turn: then a whole turn has failed."""


@pytest.fixture
def seller(stack: Driver) -> Seller:
    """A user with MailMagnet and labels on."""
    return stack.connect_next(mailmagnet=True, labels=True)


@pytest.fixture
def gmail(stack: Driver, seller: Seller) -> OwnGmail:
    """What the user sees in Gmail, and the user's hands there."""
    return OwnGmail.sign_in(stack, seller.email)


@pytest.fixture
def crm_mended(stack: Driver) -> Iterator[None]:
    """The CRM is well again after the test."""
    yield
    stack.call("DELETE", "/crm/faults", expect=204)


def _tick(stack: Driver) -> None:
    stack.call("POST", "/local/tick/labeler", expect=200)


def _put(stack: Driver, name: str, *states: str, addresses: tuple[str, ...] = (), **deal: object) -> None:
    """A contact with one deal for each state; its address is `name` at our place, if no others are given."""
    deals = [
        {"id": f"d{at}", "name": "Test", "state": state, "closing_date": None, **deal}
        for at, state in enumerate(states)
    ]
    contact = {"name": name, "kind": "contact", "addresses": addresses or (f"{name}@{HOME}",), "deals": deals}
    assert stack.raw("PUT", f"/crm/contacts/{name}", contact).status_code in (200, 201)


def _labelled(stack: Driver, seller: Seller, name: str, *states: str) -> str:
    """A mail of this contact's after the run that sorted it."""
    _put(stack, name, *states)
    _tick(stack)
    message = stack.deliver(seller.email, f"{name}@{HOME}")
    _tick(stack)
    return message


def _met(stack: Driver, route: str) -> int:
    """How many calls of a connector's route have met a fault."""
    return int(stack.call("GET", "/crm/faults", expect=200)["met"].get(route, 0))


def _during_fault(stack: Driver, route: str, kind: str, look: Callable[[], T]) -> T:
    """What is seen after a turn in which the CRM has failed like this; the run goes on without the fault."""
    stack.call("POST", "/crm/faults", {"route": route, "kind": kind}, expect=201)
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(_tick, stack)
        # What fails is tried again for as long as the fault lasts; what is answered wrongly ends the run.
        until(lambda: run.done() or _met(stack, route) >= CALLS_OF_A_FAILED_TURN, "the CRM has failed", 60)
        found = look()
        assert _met(stack, route) > 0, (route, kind)
        stack.call("DELETE", "/crm/faults", expect=204)
        run.result()
    return found


def _undo(stack: Driver, seller: Seller, body: dict[str, str]) -> dict[str, Any]:
    """Undoes, and tries again for as long as a run of the stack's own is at work in the mailbox."""
    answers: list[requests.Response] = []

    def asked() -> bool:
        answers.append(stack.raw("POST", "/labeler/undo", body, token=seller.token))
        return answers[-1].status_code != 503

    until(asked, "the mailbox is free", 60)
    assert answers[-1].status_code == 200, answers[-1].text
    return dict(answers[-1].json())


def _mailbox(stack: Driver, seller: Seller) -> dict[str, Any]:
    return dict(stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200))


def _explained(stack: Driver, seller: Seller, message: str) -> list[str]:
    """The codes of the causes; told in two languages, in other words."""
    told = []
    for language in ("en", "fr"):
        answer = stack.raw(
            "GET",
            f"/labeler/explain/{message}",
            token=seller.token,
            headers={"Accept-Language": language},
        )
        assert (answer.status_code, answer.headers["Content-Language"]) == (200, language), answer.text
        told.append(answer.json()["causes"])
    english, french = told
    assert [cause["code"] for cause in english] == [cause["code"] for cause in french]
    assert not {cause["sentence"] for cause in english} & {cause["sentence"] for cause in french}
    return [cause["code"] for cause in english]


def test_a_label_that_the_user_took_off_stays_off(stack: Driver, seller: Seller, gmail: OwnGmail) -> None:
    message = _labelled(stack, seller, "taken", "open")
    assert gmail.labels_of(message) == {OPEN, "UNREAD"}

    gmail.modify(message, remove=(OPEN,))
    _put(stack, "taken", "won")
    _tick(stack)

    assert gmail.labels_of(message) == {"UNREAD"}
    assert _explained(stack, seller, message) == ["taken_off_by_user"]


def test_mail_that_the_user_moved_back_to_the_inbox_stays_there(
    stack: Driver, seller: Seller, gmail: OwnGmail
) -> None:
    message = _labelled(stack, seller, "moved", "open")
    gmail.modify(message, add=("INBOX",))
    _tick(stack)
    assert gmail.labels_of(message) == {OPEN, "INBOX", "UNREAD"}

    _put(stack, "moved", "won")
    _tick(stack)

    assert gmail.labels_of(message) == {WON, "INBOX", "UNREAD"}, "its label follows the deal, in the Inbox"


def test_a_label_that_the_user_renamed_is_followed(stack: Driver, seller: Seller, gmail: OwnGmail) -> None:
    label = gmail.labels()[OPEN]["id"]
    gmail.call("PATCH", f"labels/{label}", {"name": "Pipeline/Mine"})
    message = _labelled(stack, seller, "renamed", "open")
    _put(stack, "renamed", "open")
    _tick(stack)

    assert gmail.labels_of(message) == {"Pipeline/Mine", "UNREAD"}
    assert OPEN not in gmail.labels()
    assert _mailbox(stack, seller)["labels"]["open_deals"] == {"id": label, "name": "Pipeline/Mine"}


def test_a_label_that_the_user_recoloured_keeps_its_colour(
    stack: Driver, seller: Seller, gmail: OwnGmail
) -> None:
    look = {
        "color": {"textColor": "#ffffff", "backgroundColor": "#16a765"},
        "labelListVisibility": "labelShowIfUnread",
        "messageListVisibility": "hide",
    }
    gmail.call("PATCH", f"labels/{gmail.labels()[OPEN]['id']}", look)
    message = _labelled(stack, seller, "coloured", "open")
    for state in ("won", "open"):
        _put(stack, "coloured", state)
        _tick(stack)

    assert gmail.labels_of(message) == {OPEN, "UNREAD"}
    assert {name: gmail.labels()[OPEN][name] for name in look} == look


def test_a_label_that_the_user_deletes_is_made_again_once_and_then_labels_are_off(
    stack: Driver, seller: Seller, gmail: OwnGmail
) -> None:
    gmail.delete_label(OPEN)
    first = _labelled(stack, seller, "deleted", "open")
    assert gmail.labels_of(first) == {OPEN, "UNREAD"}

    gmail.delete_label(OPEN)
    second = stack.deliver(seller.email, f"deleted@{HOME}")
    _tick(stack)

    assert gmail.labels_of(second) == {"INBOX", "UNREAD"}
    assert OPEN not in gmail.labels()
    mailbox = _mailbox(stack, seller)
    assert mailbox["settings"]["labels"] is False
    assert (mailbox["health"]["code"], mailbox["health"]["act"]) == ("labels_deleted", "user")
    assert _explained(stack, seller, second) == ["labels_off"]


@pytest.mark.parametrize("agreed", [False, True])
def test_a_label_of_the_users_with_our_name_is_adopted_only_if_the_user_agrees(
    stack: Driver, agreed: bool
) -> None:
    seller = stack.connect_next(mailmagnet=True)
    gmail = OwnGmail.sign_in(stack, seller.email)
    theirs = gmail.call("POST", "labels", {"name": "customers"})["id"]
    settings = {"labels": True, "adopt_labels": agreed}
    stack.call("PATCH", "/oauth/mailbox", settings, token=seller.token, expect=200)

    message = stack.deliver(seller.email, "won@customers.example")
    _tick(stack)

    assert gmail.labels_of(message) == {"customers" if agreed else "Customers (CRM)", "UNREAD"}
    assert (_mailbox(stack, seller)["labels"]["customers"]["id"] == theirs) is agreed


def test_the_turn_of_the_month_moves_mail(stack: Driver, seller: Seller, gmail: OwnGmail) -> None:
    now = stack.call("GET", "/local/clock", expect=200)["now"]
    today = datetime.fromisoformat(now).astimezone(ZoneInfo("Pacific/Auckland"))
    next_month = today.replace(day=1, hour=12) + timedelta(days=31)
    _put(stack, "present", "open", closing_date=f"{today:%Y-%m-%d}")
    _put(stack, "coming", "open", closing_date=f"{next_month:%Y-%m-%d}")
    _tick(stack)
    messages = [stack.deliver(seller.email, f"{name}@{HOME}") for name in ("present", "coming")]
    _tick(stack)
    assert [gmail.labels_of(m) & OURS for m in messages] == [{CLOSING}, {OPEN}]

    try:
        stack.call("POST", "/local/clock", {"now": next_month.isoformat()}, expect=200)
        _tick(stack)
        # Google's token of before has ended by now.
        later = OwnGmail.sign_in(stack, seller.email)
        assert [later.labels_of(m) & OURS for m in messages] == [{OPEN}, {CLOSING}]
    finally:
        stack.call("POST", "/local/clock", {"now": now}, expect=200)
        _tick(stack)


def test_a_merge_takes_the_mail_of_a_former_address_along(
    stack: Driver, seller: Seller, gmail: OwnGmail
) -> None:
    hers, his = _labelled(stack, seller, "hers", "open"), _labelled(stack, seller, "his", "won")

    stack.call("DELETE", "/crm/contacts/hers", expect=204)
    _put(stack, "his", "won", addresses=(f"his@{HOME}", f"hers@{HOME}"))
    _tick(stack)
    assert [gmail.labels_of(message) for message in (hers, his)] == [{WON, "UNREAD"}] * 2

    _put(stack, "his", "won", addresses=(f"his@{HOME}",))
    _tick(stack)
    assert [gmail.labels_of(message) for message in (hers, his)] == [{"UNREAD"}, {WON, "UNREAD"}]


def test_an_empty_partial_or_failing_answer_of_the_crm_never_removes_a_label(
    stack: Driver, seller: Seller, gmail: OwnGmail, crm_mended: None
) -> None:
    names, label = ("first", "second"), {"open": OPEN, "won": WON}
    for name in names:
        _put(stack, name, "open")
    _tick(stack)
    messages = [stack.deliver(seller.email, f"{name}@{HOME}") for name in names]
    _tick(stack)
    for at, (route, kind) in enumerate(FAULTS):
        state, before = ("open", "won") if at % 2 else ("won", "open")
        assert [gmail.labels_of(m) for m in messages] == [{label[before], "UNREAD"}] * 2, (route, kind)
        for name in names:
            _put(stack, name, state)
        found = _during_fault(stack, route, kind, lambda: [gmail.labels_of(message) for message in messages])
        assert all(labels in ({OPEN, "UNREAD"}, {WON, "UNREAD"}) for labels in found), (route, kind, found)
        for name in names if route == "changes" else ():
            # A CRM that has left a change out once names it with the next one.
            _put(stack, name, state)
        _tick(stack)


@pytest.mark.parametrize("by", ["message", "run"])
def test_what_is_undone_is_as_before_and_is_not_labelled_again(
    stack: Driver, seller: Seller, gmail: OwnGmail, by: str
) -> None:
    message = _labelled(stack, seller, f"undone-{by}", "open")
    (run,) = stack.call("GET", "/labeler/runs", token=seller.token, expect=200)["items"]
    body = {"message": message} if by == "message" else {"run": run["id"]}

    undone = _undo(stack, seller, body)
    assert undone == {"reversed": 1, "skipped": [], "more": False}
    assert gmail.labels_of(message) == {"INBOX", "UNREAD"}

    for state in ("won", "open"):
        _put(stack, f"undone-{by}", state)
        _tick(stack)
        assert gmail.labels_of(message) == {"INBOX", "UNREAD"}
    assert _explained(stack, seller, message) == ["undone"]
    because = "undone_already" if by == "message" else "changed_since"
    skipped = [{"id": message, "because": because}]
    assert _undo(stack, seller, body) == {"reversed": 0, "skipped": skipped, "more": False}


def test_why_a_mail_has_no_label_is_told_in_english_and_french(stack: Driver, seller: Seller) -> None:
    lead = {"name": "Lead", "kind": "lead", "addresses": [f"barelead@{HOME}"]}
    assert stack.raw("PUT", "/crm/contacts/barelead", lead).status_code == 201
    _tick(stack)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Cc"] = f"nobody@{HOME}", seller.email, "won@customers.example"
    mail.set_content("Hello.")
    other = stack.deliver_raw(seller.email, mail.as_bytes())
    lead_mail, stranger = (stack.deliver(seller.email, f"{n}@{HOME}") for n in ("barelead", "nobody"))
    _tick(stack)
    waiting = stack.deliver(seller.email, "won@customers.example")

    explained = partial(_explained, stack, seller)
    assert explained(lead_mail) == ["lead_without_deal"]
    assert explained(stranger) == ["unknown_address"]
    assert explained(other) == ["unknown_address", "deal_on_another_contact"]
    assert explained(waiting) == ["waits_for_next_run"]
    stack.call("PATCH", "/oauth/mailbox", {"labels": False}, token=seller.token, expect=200)
    assert explained(waiting) == ["labels_off"]


def test_a_consent_that_does_not_reach_as_far_as_labels_is_told(stack: Driver) -> None:
    name = stack.next_name()
    token, email = stack.token(name), f"{name}@{DOMAIN}"
    mailbox = stack.connect(token, email, features=["read"])
    message = stack.deliver(email, "won@customers.example")

    assert MODIFY not in mailbox["scopes"]["granted"]
    assert _explained(stack, Seller(token, email, mailbox["id"]), message) == ["scope_missing", "labels_off"]
