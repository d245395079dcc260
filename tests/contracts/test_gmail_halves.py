"""Where Gmail refuses to change many messages, or fails at them, because of one: halves lead to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared import errors
from shared.adapters.gmail import GmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from shared.adapters.quota_governor import Governor, Meter
from shared.domain.mail import MailMetadata
from shared.retry import ATTEMPTS
from tests.contracts.gmail_under_test import client_of, impatient
from tests.fakes.quota import FakeQuotaShards, FakeTime
from tests.local.gmail.running import ALICE, MODIFY, Running, deliver, mail, running

REFUSES = (400, 1, errors.BadInput)
FAILS = (503, ATTEMPTS, errors.UpstreamDown)
"""The status, how often one thing is asked for, and what becomes of it."""


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_fault_is_left(server: Running) -> Iterator[None]:
    with impatient():
        yield
    server.control("DELETE", "faults")


@pytest.fixture
def gmail(server: Running) -> GmailClient:
    return client_of(server)


@pytest.fixture
def ids(server: Running) -> list[str]:
    """Thirty mails in the Inbox."""
    return [deliver(server, mail())["id"] for _ in range(30)]


def _fault(server: Running, status: int, match: str, count: int | None = None) -> None:
    fault: dict[str, Any] = {"kind": "status", "status": status, "match": match}
    server.control("POST", "faults", fault if count is None else {**fault, "count": count})


def _in_inbox(ids: list[str], gmail: GmailClient) -> set[str]:
    found = gmail.get_metadata(ids, ["From"])
    return {i for i, each in found.items() if isinstance(each, MailMetadata) and "INBOX" in each.label_ids}


@pytest.mark.parametrize(("status", "asked", "kind"), [REFUSES, FAILS])
def test_the_one_that_gmail_does_not_change_is_told_and_the_others_are_changed(
    server: Running, gmail: GmailClient, ids: list[str], status: int, asked: int, kind: type[errors.AppError]
) -> None:
    # Gmail answers so to each call that names the third.
    _fault(server, status, "messages.batchModify", 2 * asked)
    _fault(server, status, f"/gmail/v1/users/me/messages/{ids[2]}/modify")
    failed = gmail.modify(ids, remove=["INBOX"])
    assert {message_id: type(error) for message_id, error in failed.items()} == {ids[2]: kind}
    assert _in_inbox(ids, gmail) == {ids[2]}


@pytest.mark.parametrize(("status", "asked", "kind"), [REFUSES, FAILS])
def test_the_control_without_halves_none_of_them_is_changed(
    server: Running,
    gmail: GmailClient,
    ids: list[str],
    status: int,
    asked: int,
    kind: type[errors.AppError],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.adapters.gmail.ONE_MAY_BE_WHY", frozenset())
    _fault(server, status, "messages.batchModify", 2 * asked)
    with pytest.raises(kind):
        gmail.modify(ids, remove=["INBOX"])
    assert _in_inbox(ids, gmail) == set(ids)


@pytest.mark.parametrize(
    ("status", "asked", "words"),
    [(400, 1, "{:,} units instead of 50"), (503, ATTEMPTS, "and for {:,} where it answers three times")],
)
def test_what_it_costs_to_find_the_one_of_1000_is_what_the_page_says(
    server: Running, gmail: GmailClient, status: int, asked: int, words: str
) -> None:
    _fault(server, status, "messages.batchModify", 7 * asked)
    # Gmail passes over messages that are gone; of the last fifteen it says so.
    gone = gmail.modify([f"{number:016x}" for number in range(1000)], remove=["INBOX"])
    assert len(gone) == 15
    assert gmail.units == (7 * asked + 6) * 50 + 15 * 5
    page = (Path(__file__).parents[2] / "docs" / "quota.md").read_text(encoding="utf-8")
    assert words.format(gmail.units) in page


def test_a_gmail_that_is_down_is_asked_no_further_than_to_the_first_few(
    server: Running, gmail: GmailClient, ids: list[str]
) -> None:
    _fault(server, 503, "messages.*odify")
    with pytest.raises(errors.UpstreamDown):
        gmail.modify(ids, remove=["INBOX"])
    # 30 and 15 of them, three times each, and the first seven one by one.
    assert gmail.units == 2 * ATTEMPTS * 50 + 7 * 5
    assert _in_inbox(ids, client_of(server)) == set(ids)


def test_a_gmail_that_does_not_answer_is_not_asked_by_halves(
    server: Running, gmail: GmailClient, ids: list[str]
) -> None:
    server.control("POST", "faults", {"kind": "reset", "match": "messages.batchModify", "when": "before"})
    with pytest.raises(errors.UpstreamDown):
        gmail.modify(ids, remove=["INBOX"])
    assert gmail.units == ATTEMPTS * 50


def test_where_the_units_end_on_the_way_the_rest_is_to_be_tried_again(
    server: Running, gmail: GmailClient, ids: list[str]
) -> None:
    _fault(server, 400, "messages.batchModify", 2)
    _fault(server, 400, f"/gmail/v1/users/me/messages/{ids[2]}/modify")
    time = FakeTime()
    governor = Governor(FakeQuotaShards(time), 1_200_000, 0.0, seconds=time, wait=time.wait)
    # 30, 15 of them, and seven of these one by one.
    meter = Meter(governor, "acme", "background", 2 * 50 + 7 * 5)
    token = server.tokens.grant(ALICE, MODIFY)
    metered = GmailClient(
        HttpPool(), f"http://127.0.0.1:{server.port}/", Bearer(lambda _: token), None, meter
    )
    failed = metered.modify(ids, remove=["INBOX"])
    expected = {ids[2]: errors.BadInput} | dict.fromkeys(ids[7:], errors.Postponed)
    assert {message_id: type(error) for message_id, error in failed.items()} == expected
    assert _in_inbox(ids, gmail) == failed.keys()
    with pytest.raises(errors.Postponed):
        metered.modify(ids, remove=["INBOX"])
