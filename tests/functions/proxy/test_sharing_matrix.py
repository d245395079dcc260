"""The sharing matrix at every endpoint that reads mail, against the oracle.

Lists and threads are compared in all of its 27,216 situations. Single messages and attachments, a call for each mail,
are compared in 8,316: all in which the admin fixes nothing, and each value of the admin's under one choice of the
owner's (`custom`, superiors do not see). What is hidden is held, byte for byte, against what is missing.

A house is one viewer under one policy and one choice of the owner's. Its mailbox holds a mail for each way in which
the contacts may be on it and each exclusion, all of one conversation: a list and a thread answer for all at once.
"""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.domain import sharing
from shared.domain.mail import Mail
from tests.domain.sharing_oracle import Case, is_visible
from tests.domain.test_sharing import EVERY_CASE, EXCLUSIONS, RELATIONS, RULES, headers_of, labels_of
from tests.fakes.proxy_fakes import NOON, mail_of
from tests.functions.proxy.shared_house import BODY, SharedHouse

THREAD = "t-all"
WITH = {"a": {"only A", "A and B", "A and somebody unknown"}, "b": {"only B", "A and B"}}
"""The relations in which a contact is on the mail."""


@dataclass(frozen=True)
class Cell:
    """One mail of the mailbox: who is on it, and what may exclude it."""

    id: str
    relation: str
    exclusion: str

    def of(self, house: Case) -> Case:
        return replace(house, relation=self.relation, exclusion=self.exclusion)

    @property
    def unlisted(self) -> bool:
        return self.exclusion in ("draft", "spam")


CELLS = [
    Cell(f"m{number}", relation, exclusion)
    for number, (relation, exclusion) in enumerate(itertools.product(RELATIONS, EXCLUSIONS))
]
FIRST = CELLS[0]
GUARDED_TWICE = {"other_organisation", "unknown_address"}
"""Rules without which the endpoints still hide: who asks for mail looks at these himself, before and after."""


@cache
def mails() -> Sequence[Mail]:
    return [_mail(cell) for cell in CELLS]


def _mail(cell: Cell) -> Mail:
    case = cell.of(EVERY_CASE[0])
    headers = "".join(f"{name}: {value}\r\n" for name, value in headers_of(case))
    mail = mail_of(headers + BODY.replace("<one@", f"<{cell.id}@"), cell.id, labels_of(case), NOON)
    return replace(mail, metadata=replace(mail.metadata, thread_id=THREAD))


def houses(wanted: Callable[[Case], bool] = lambda case: True) -> Iterator[tuple[Case, SharedHouse]]:
    """Every situation but for the mail itself, or those that are wanted."""
    for case in EVERY_CASE:
        if (case.relation, case.exclusion) == (FIRST.relation, FIRST.exclusion) and wanted(case):
            house = SharedHouse(case)
            house.gmail.mails[:] = mails()
            yield case, house


def ids(answer: TestResponse) -> set[str] | None:
    """The mails of a list; None where there is no such list for the caller. Any other answer is a defect."""
    assert answer.status_code in (200, 404), answer.data
    return {row["id"] for row in answer.get_json()["items"]} if answer.status_code == 200 else None


def content(answer: TestResponse) -> tuple[int, str, bytes]:
    """All that a caller is told, but for the number of the request."""
    request_id = json.loads(answer.data)["request_id"].encode()
    return answer.status_code, str(answer.content_type), answer.data.replace(request_id, b"")


def shown_by_lists(house: SharedHouse) -> dict[str, set[str] | None]:
    """What each endpoint that answers for many mails shows."""
    base = f"/proxy/mailboxes/{house.mailbox.id}"
    return {
        "a": ids(house.get("/proxy/contacts/a/messages?limit=100")),
        "b": ids(house.get("/proxy/contacts/b/messages?limit=100")),
        "thread": ids(house.get(f"{base}/threads/{THREAD}")),
        "own": ids(house.get("/proxy/messages?limit=100")),
    }


def expected_of_lists(case: Case) -> dict[str, set[str] | None]:
    visible = {cell.id for cell in CELLS if is_visible(cell.of(case))}
    listed = {cell.id for cell in CELLS if not cell.unlisted}
    if case.viewer == "owner":
        with_contact = {
            contact: {cell.id for cell in CELLS if cell.relation in relations} & listed
            for contact, relations in WITH.items()
        }
        return {**with_contact, "thread": visible, "own": listed}
    # B is hidden from everybody else, and whose own mailbox is none has none to list.
    sees_a = case.viewer != "colleague without the record"
    return {"a": visible if sees_a else None, "b": None, "thread": visible or None, "own": None}


def missing(house: SharedHouse) -> dict[str, tuple[int, str, bytes]]:
    """What each endpoint answers for a mail that is not there."""
    there = dict(zip(("message", "thread", "attachment"), house.paths("nosuch"), strict=True))
    return {name: content(house.get(path)) for name, path in there.items()}


def wrong_cells(case: Case, house: SharedHouse) -> Iterator[Any]:
    """Mails that a single read shows or hides otherwise than the oracle says, or hides unlike a missing one."""
    nothing = missing(house)
    if not shown_by_lists(house)["thread"]:
        hidden = content(house.get(f"/proxy/mailboxes/{house.mailbox.id}/threads/{THREAD}"))
        if hidden != nothing["thread"]:
            yield case, "thread"
    for cell in CELLS:
        message, _, attachment = house.paths(cell.id)
        for name, path in (("message", message), ("attachment", attachment)):
            answer = house.get(path)
            right = (
                answer.status_code == 200 if is_visible(cell.of(case)) else content(answer) == nothing[name]
            )
            if not right:
                yield cell.of(case), name


def test_every_list_and_thread_shows_exactly_what_the_oracle_says() -> None:
    compared = 0
    for case, house in houses():
        assert shown_by_lists(house) == expected_of_lists(case), case
        compared += len(CELLS)
    assert compared == len(EVERY_CASE)


def test_a_contact_that_is_hidden_is_as_if_it_were_missing() -> None:
    hidden = 0
    for case, house in houses():
        nothing = content(house.get("/proxy/contacts/nosuch/messages"))
        assert nothing[0] == 404
        for contact in ("a", "b"):
            if expected_of_lists(case)[contact] is None:
                assert content(house.get(f"/proxy/contacts/{contact}/messages")) == nothing, case
                hidden += 1
    assert hidden == (6 + 1) * 72, "B from everybody but the owner, A from who has not the record"


def test_the_control_a_list_that_fails_is_not_taken_for_one_that_hides() -> None:
    _, house = next(houses())
    house.contacts.down = frozenset({"contact"})
    with pytest.raises(AssertionError):
        shown_by_lists(house)


def without_the_admin_or_with_each_of_his_values_once(case: Case) -> bool:
    """A call for each mail is dear: what the admin fixes is tried under one choice of the owner's, not under each."""
    return case.fixed == "nothing" or (case.mode == "custom" and not case.superiors_see)


def test_every_message_and_attachment_is_shown_as_the_oracle_says_or_is_as_if_it_were_missing() -> None:
    compared = 0
    for case, house in houses(without_the_admin_or_with_each_of_his_values_once):
        assert next(wrong_cells(case, house), None) is None
        compared += len(CELLS)
    assert compared == (84 + 70) * len(CELLS)


@pytest.mark.parametrize("rule", sorted({*RULES} - GUARDED_TWICE))
def test_without_any_one_of_its_rules_the_endpoints_show_more_than_the_oracle_says(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in ("_OF_MAILBOX", "_OF_MESSAGE"):
        rules = {reason: forbids for reason, forbids in getattr(sharing, table).items() if reason != rule}
        monkeypatch.setattr(sharing, table, rules)
    chosen = houses(lambda case: case.fixed == "nothing" and (case.mode == "private") == (rule == "private"))
    differing = (
        (shown["thread"], right["thread"])
        for case, house in chosen
        if (shown := shown_by_lists(house)) != (right := expected_of_lists(case))
    )
    by_the_thread, by_the_oracle = next(differing)
    assert (by_the_thread or set()) > (by_the_oracle or set())
