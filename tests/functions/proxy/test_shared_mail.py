"""What a colleague's reading costs, leaves behind and meets; who sees what is in test_sharing_matrix.py."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from functions.proxy.read_contact_mail import SOURCES
from shared.domain.caller import Caller
from shared.domain.mail import Header
from shared.domain.mailbox import mailbox_id
from shared.domain.sharing import may_ask
from shared.errors import GrantLost, UpstreamDown
from shared.usecases.shared_mail import MessageViews, OpenShared, find_shared_mailbox
from tests.domain.sharing_oracle import Case, is_visible
from tests.domain.test_sharing import EVERY_CASE, OWNER, policy_of, viewer_of
from tests.fakes.proxy_fakes import NOON, FakeGmail, letter, mail_of
from tests.functions.proxy.shared_house import SharedHouse

SEED = 20261124
SHOWN = Case("colleague", "public", "nothing", "only A", "none", False, False)
LIST = "/proxy/contacts/a/messages"


def sample() -> list[Case]:
    """A part of the matrix in which a third is shown to a colleague."""
    print(f"seed {SEED}")
    chosen = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    shown = [case for case in EVERY_CASE if case.viewer != "owner" and is_visible(case)]
    return chosen.sample(shown, 60) + chosen.sample(EVERY_CASE, 190)


def without_request_id(answer: TestResponse) -> tuple[int, str, dict[str, Any]]:
    body = json.loads(answer.data)
    body.pop("request_id", None)
    return answer.status_code, str(answer.content_type), body


def listed(house: SharedHouse) -> bool:
    page = house.get(LIST).get_json()
    return [row["id"] for row in page.get("items", [])] == ["m1"]


@pytest.mark.parametrize("call", ["users", "lookup", "contact"])
def test_while_the_crm_is_down_a_hidden_message_answers_as_a_missing_one(call: str) -> None:
    for case in (
        SHOWN,
        replace(SHOWN, viewer="colleague without the record"),
        replace(SHOWN, relation="only B"),
    ):
        house = SharedHouse(case)
        house.contacts.down = frozenset({call})
        for there, missing in zip(house.paths(), house.paths("m404"), strict=True):
            answer = without_request_id(house.get(there))
            assert answer == without_request_id(house.get(missing)), (case, there)
            assert answer[0] == 404


def test_a_mail_that_gmail_answers_otherwise_within_one_call_is_decided_anew() -> None:
    house = SharedHouse(SHOWN)
    viewer = viewer_of(SHOWN)
    asking = Caller(viewer.org, viewer.user, frozenset(), viewer.roles)
    shared = find_shared_mailbox(OpenShared(asking, house.mailbox.id), house.sharing)
    assert shared is not None
    views, mail = MessageViews(shared, house.sharing), house.gmail.mails[0].metadata

    assert views.shows(mail)
    assert not views.shows(replace(mail, label_ids=frozenset({"SPAM"})))
    assert not views.shows(replace(mail, headers=(*mail.headers, Header("Cc", "eve@excluded.example"))))


def test_gmail_is_not_called_for_a_mailbox_that_may_not_be_seen() -> None:
    closed = 0
    for case in sample():
        house = SharedHouse(case)
        if may_ask(viewer_of(case), house.mailbox, policy_of(case)).allowed:
            continue
        closed += 1
        for path in (*house.paths(), LIST):
            house.get(path)
        assert house.opener.opened == 0, case
    assert closed > 50


def test_the_owner_reads_which_colleague_opened_which_message() -> None:
    house = SharedHouse(SHOWN)
    for path in house.paths():
        house.get(path)
    house.get(LIST)
    entries = house.audit.of_owner
    assert [(e.action, e.actor, e.owner, e.message_id) for e in entries] == [
        ("message.viewed", "cleo", "olga", "m1")
    ] * 3
    assert house.audit.of_org == [], "not for the admin"


@pytest.mark.parametrize("case", [replace(SHOWN, mode="private"), replace(SHOWN, viewer="owner")])
def test_what_is_hidden_or_ones_own_leaves_no_entry(case: Case) -> None:
    house = SharedHouse(case)
    for path in house.paths():
        house.get(path)
    assert house.audit.of_owner == []


def test_a_colleague_is_not_told_how_the_owner_marked_a_mail_or_whom_they_wrote_in_blind_copy() -> None:
    house = SharedHouse(replace(SHOWN, exclusion="none"))
    mail = house.gmail.mails[0]
    raw = replace(mail.metadata, label_ids=frozenset({"INBOX", "UNREAD", "STARRED", "Label_private"}))
    house.gmail.mails[0] = replace(mail, metadata=raw)
    page, opened = house.get(LIST).get_json(), house.get(house.paths()[0]).get_json()
    for row in (page["items"][0], opened):
        assert (row["labels"], row["unread"], row["owner"]["you"]) == ([], False, False)


@pytest.mark.parametrize("status", ["paused", "grant gone"])
def test_a_mailbox_that_has_stopped_is_named_in_the_list_and_its_messages_are_not_found(status: str) -> None:
    house = SharedHouse(SHOWN)
    if status == "paused":
        settings = replace(house.mailbox.settings, paused=True)
        house.mailboxes.rows[house.mailbox.id] = replace(house.mailbox, settings=settings)
    else:
        house.gmail.down = GrantLost("gone")
    missing = without_request_id(house.get(house.paths("m2", "nosuchmailbox")[0]))

    page = house.get(LIST)

    assert page.status_code == 200
    assert [row["status"] for row in page.get_json()["sources"]] == [
        "paused" if status == "paused" else "needs_reconnect"
    ]
    assert without_request_id(house.get(house.paths()[0])) == missing


def test_of_a_conversation_a_colleague_sees_only_the_messages_that_are_shared() -> None:
    house = SharedHouse(SHOWN)
    for number, (sender, extra) in enumerate(
        (("ana@a.example", "Cc: eve@excluded.example\r\n"), ("x@unknown.example", ""), ("ana@a.example", ""))
    ):
        raw = f"From: {sender}\r\nTo: olga@own.example\r\n{extra}\r\nHello.\r\n"
        mail = mail_of(raw, f"n{number}", ("INBOX",), NOON)
        house.gmail.mails.append(replace(mail, metadata=replace(mail.metadata, thread_id="t-m1")))

    thread = house.get(house.paths()[1]).get_json()

    assert [row["id"] for row in thread["items"]] == ["m1", "n2"]
    assert [entry.message_id for entry in house.audit.of_owner] == ["m1", "n2"]
    assert house.contacts.calls == ["users", "lookup", "contact"], "once for all of them"


def test_many_colleagues_mail_is_one_list_also_when_one_mailbox_is_dead_and_those_left_out_are_named() -> (
    None
):
    house = SharedHouse(SHOWN)
    for number in range(SOURCES + 2):
        row = replace(house.mailbox, id=mailbox_id("acme", f"u{number}"), user=f"u{number}")
        house.mailboxes.rows[row.id] = row
        letter_of_theirs = letter("ana@a.example", OWNER, Message_ID=f"<{number}@a.example>")
        at = NOON + timedelta(minutes=number)
        house.opener.by_mailbox[row.id] = FakeGmail([mail_of(letter_of_theirs, f"x{number}", ("INBOX",), at)])
    dead = sorted(house.mailboxes.rows)[3]
    del house.opener.by_mailbox[dead]

    page = house.get(f"{LIST}?limit=100").get_json()

    status = {row["mailbox"]: row["status"] for row in page["sources"]}
    assert list(status) == sorted(house.mailboxes.rows), "in one order, however fast each was"
    assert [status[mailbox] for mailbox in sorted(status)].count("ok") == SOURCES - 1
    assert status[dead] == "needs_reconnect"
    assert list(status.values())[SOURCES:] == ["left_out"] * 3
    assert house.opener.opened == SOURCES
    dates = [row["date"] for row in page["items"]]
    assert len(dates) == SOURCES - 1
    assert dates == sorted(dates, reverse=True)


def test_gmail_being_down_is_told_and_not_taken_for_missing() -> None:
    house = SharedHouse(SHOWN)
    house.gmail.down = UpstreamDown("down")
    assert house.get(house.paths()[0]).status_code == 503


def test_a_colleagues_message_costs_three_reads_twenty_units_and_three_calls_to_the_crm() -> None:
    house = SharedHouse(SHOWN)
    house.get(house.paths()[0])
    assert house.gmail.units == 20
    assert house.mailboxes.reads == 2, "before and after the view is noted; and one for the policy"
    assert house.contacts.calls == ["users", "lookup", "contact"]


def test_a_crm_that_names_no_superiors_is_asked_for_them_once_and_mail_is_still_shared() -> None:
    house = SharedHouse(SHOWN)
    house.contacts.people = None
    assert listed(house)
    assert house.contacts.calls == ["contact", "users"]
