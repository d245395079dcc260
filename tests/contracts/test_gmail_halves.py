"""Where Gmail refuses to change many messages because of one: halves lead to it."""

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


def test_the_one_that_gmail_does_not_change_is_told_and_the_others_are_changed(
    server: Running, gmail: GmailClient, ids: list[str]
) -> None:
    # Gmail answers so to each call that names the third.
    _fault(server, 400, "messages.batchModify", 2)
    _fault(server, 400, f"/gmail/v1/users/me/messages/{ids[2]}/modify")
    failed = gmail.modify(ids, remove=["INBOX"])
    assert {message_id: type(error) for message_id, error in failed.items()} == {ids[2]: errors.BadInput}
    assert _in_inbox(ids, gmail) == {ids[2]}


def test_the_control_without_halves_none_of_them_is_changed(
    server: Running, gmail: GmailClient, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GmailClient, "_modify", GmailClient._modify_at_once)
    _fault(server, 400, "messages.batchModify", 2)
    with pytest.raises(errors.BadInput):
        gmail.modify(ids, remove=["INBOX"])
    assert _in_inbox(ids, gmail) == set(ids)


def test_what_it_costs_to_find_the_one_of_1000_is_what_the_page_says(
    server: Running, gmail: GmailClient
) -> None:
    _fault(server, 400, "messages.batchModify", 7)
    # Gmail passes over messages that are gone; of the last fifteen it says so.
    gone = gmail.modify([f"{number:016x}" for number in range(1000)], remove=["INBOX"])
    assert len(gone) == 15
    assert gmail.units == (7 + 6) * 50 + 15 * 5
    page = (Path(__file__).parents[2] / "docs" / "quota.md").read_text(encoding="utf-8")
    assert f"{gmail.units} units instead of 50" in page


def test_a_gmail_that_is_down_is_not_asked_by_halves(
    server: Running, gmail: GmailClient, ids: list[str]
) -> None:
    _fault(server, 503, "messages.batchModify")
    with pytest.raises(errors.UpstreamDown):
        gmail.modify(ids, remove=["INBOX"])
    assert gmail.units == ATTEMPTS * 50
    assert _in_inbox(ids, gmail) == set(ids)


def test_where_gmail_fails_on_the_way_what_was_changed_is_told_and_the_rest_is_to_be_tried_again(
    server: Running, gmail: GmailClient, ids: list[str]
) -> None:
    _fault(server, 400, "messages.batchModify", 2)
    _fault(server, 400, f"/gmail/v1/users/me/messages/{ids[2]}/modify")
    # The second half.
    _fault(server, 503, "messages.batchModify")
    failed = gmail.modify(ids, remove=["INBOX"])
    expected = {ids[2]: errors.BadInput} | dict.fromkeys(ids[15:], errors.UpstreamDown)
    assert {message_id: type(error) for message_id, error in failed.items()} == expected
    assert _in_inbox(ids, gmail) == failed.keys()


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
