"""Two calls for one mail, one of which slept until the other took over: no mail is lost or doubled."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.proxy import send_once
from shared.domain.sending import ABANDONED_AFTER
from shared.errors import AppError
from tests.e2e.sending_desk import Desk, running_desk
from tests.functions.notify.two_processes import OneOfTwo, run_two

ASLEEP_AFTER = range(1, 9)
"""Steps of the sleeper: create, open, list_aliases, create_draft, save, send_draft, save, open_ones."""
AWAKE_AFTER = range(1, 11)
"""Steps of the other: create, get, save, open, find_draft, where none is found list_aliases and create_draft, save,
send_draft, save."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(tmp_path_factory.mktemp("crossings")) as desk:
        yield desk


def _cross(desk: Desk, asleep_after: int, awake_after: int, *call: Any, key: str | None = None) -> list[Any]:
    """The sleeper sleeps after so many of its steps and wakes after so many of the other's: both answers."""

    def work(process: OneOfTwo) -> tuple[int, Any]:
        if process.who == 1:
            process.take("the sleeper's claim ends")
            desk.later()
        gmail, sends = process.calling(desk.services.gmail), process.calling(desk.services.sends)
        return desk.call(*call, key=key, services=replace(desk.services, gmail=gmail, sends=sends))

    return run_two([0] * asleep_after + [1] * (awake_after + 1), work, work)


def _end(desk: Desk, *call: Any, key: str | None = None) -> tuple[int, Any]:
    """The answer that a client gets that asks until it need not ask again."""
    for _ in range(4):
        status, answer = desk.call(*call, key=key)
        if status != 503:
            break
        desk.later()
    return status, answer


@pytest.mark.parametrize("asleep_after", ASLEEP_AFTER)
def test_a_call_that_wakes_up_at_any_step_of_the_one_that_took_over_loses_and_doubles_nothing(
    desk: Desk, asleep_after: int
) -> None:
    for awake_after in AWAKE_AFTER:
        key, body = desk.letter()
        call = ("POST", "/proxy/messages", body)
        answers = _cross(desk, asleep_after, awake_after, *call, key=key)
        assert {status for status, _ in answers} <= {201, 503}, (awake_after, answers)
        status, answer = _end(desk, *call, key=key)
        assert status == 201, (awake_after, answers, answer)
        found = [answer["id"]]
        assert desk.copies(body["subject"]) == {"SENT": found, "DRAFT": []}, (awake_after, answers)
        assert [row["id"] for code, row in answers if code == 201] in ([], found, found * 2)


@pytest.mark.parametrize("asleep_after", [1, 2, 3, 4, 5])
def test_a_draft_of_the_users_is_sent_once_whoever_wakes_up_when(desk: Desk, asleep_after: int) -> None:
    for awake_after in AWAKE_AFTER:
        _, body = desk.letter()
        _, draft = desk.call("POST", "/proxy/drafts", body)
        call = ("POST", f"/proxy/drafts/{draft['id']}/send")
        answers = _cross(desk, asleep_after, awake_after, *call)
        status, answer = _end(desk, *call)
        assert status == 201, (awake_after, answers, answer)
        assert desk.copies(body["subject"]) == {"SENT": [answer["id"]], "DRAFT": []}, (awake_after, answers)


def _delete_at_once(record: Any, attempt: Any, gmail: Any, services: Any) -> None:
    with suppress(AppError):
        gmail.delete_draft(record.draft_id)


def test_control_a_sleeper_that_deletes_its_draft_unasked_loses_the_mail_of_the_one_that_found_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_once, "_hand_over", _delete_at_once)
    lost = 0
    for awake_after in AWAKE_AFTER:
        key, body = desk.letter()
        call = ("POST", "/proxy/messages", body)
        _cross(desk, 4, awake_after, *call, key=key)
        status, _ = _end(desk, *call, key=key)
        lost += status != 201 and desk.copies(body["subject"]) == {"SENT": [], "DRAFT": []}
    assert lost > 0


def test_control_a_sleeper_that_leaves_its_draft_leaves_one_of_a_mail_that_was_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_once, "_hand_over", lambda *_: None)
    key, body = desk.letter()
    call = ("POST", "/proxy/messages", body)
    _cross(desk, 3, 6, *call, key=key)
    assert _end(desk, *call, key=key)[0] == 201
    assert len(desk.copies(body["subject"])["DRAFT"]) == 1


@pytest.fixture
def quiet_desk(tmp_path: Path) -> Iterator[Desk]:
    """One whose sweeps meet the keys of one test."""
    with running_desk(tmp_path) as desk:
        yield desk


@pytest.mark.parametrize("lost", [1, 2])
def test_a_draft_that_gmails_search_did_not_show_in_time_is_swept_after_its_mail_was_sent(
    quiet_desk: Desk, lost: int
) -> None:
    desk = quiet_desk
    key, body = desk.letter()
    lag = ("drafts.list", "index_lag")
    for _ in range(lost):
        with desk.fault(*lag, seconds=60), desk.fault("drafts.create", "reset", when="after", count=1):
            assert desk.send(key, body)[0] == 503
    with desk.fault(*lag, seconds=60):
        first = desk.send(key, body)
    assert first[0] == 201
    assert len(desk.copies(body["subject"])["DRAFT"]) == lost, "the control: they are there"

    for _ in range(lost + 1):
        desk.later(ABANDONED_AFTER.total_seconds() + 60)
        assert desk.send(*desk.letter())[0] == 201

    assert desk.copies(body["subject"]) == {"SENT": [first[1]["id"]], "DRAFT": []}
    assert desk.send(key, body) == first, "the key still answers"
    assert desk.services.sends.open_ones(desk.mailbox, 10) == [], "and nothing is looked for any more"


REFUSALS = ["drafts.send", "settings.sendAs.list"]


def _refuse_what_was_drafted_before(desk: Desk, method: str) -> tuple[str, dict[str, Any]]:
    """The answer to a first draft is lost; the second call does not find it, and is refused: the key and its mail."""
    key, body = desk.letter()
    with desk.fault("drafts.create", "reset", when="after", count=1):
        assert desk.send(key, body)[0] == 503
    refusal = {"status": 400, "reason": "invalidArgument", "count": 1}
    with desk.fault("drafts.list", "index_lag", seconds=60), desk.fault(method, "status", **refusal):
        status, answer = desk.send(key, body)
    assert (status, answer["act"] != "retry") == (422, True), answer
    assert len(desk.copies(body["subject"])["DRAFT"]) == 1, "the control: it is there"
    return key, body


def _sweep(desk: Desk, times: int) -> None:
    for _ in range(times):
        desk.later(ABANDONED_AFTER.total_seconds() + 60)
        assert desk.send(*desk.letter())[0] == 201


@pytest.mark.parametrize("method", REFUSALS)
def test_the_first_draft_of_a_mail_whose_second_was_refused_is_swept(quiet_desk: Desk, method: str) -> None:
    desk = quiet_desk
    _, body = _refuse_what_was_drafted_before(desk, method)
    _sweep(desk, 2)
    assert desk.copies(body["subject"]) == {"SENT": [], "DRAFT": []}
    assert desk.services.sends.open_ones(desk.mailbox, 10) == []


@pytest.mark.parametrize("method", REFUSALS)
def test_a_refused_mail_put_right_goes_out_under_its_key_and_never_with_its_first_words(
    quiet_desk: Desk, method: str
) -> None:
    desk = quiet_desk
    key, refused = _refuse_what_was_drafted_before(desk, method)
    right = {**refused, "subject": "Put right"}
    desk.later(120)
    with desk.fault("drafts.create", "reset", when="after", count=1):
        assert desk.send(key, right)[0] == 503
    with desk.fault("drafts.list", "index_lag", seconds=60):  # only the first draft is shown
        status, answer = desk.send(key, right)
    assert status == 201, answer
    assert desk.copies("Put right")["SENT"] == [answer["id"]]
    assert desk.copies(refused["subject"])["SENT"] == []
    _sweep(desk, 4)
    assert desk.copies("Put right")["DRAFT"] == desk.copies(refused["subject"])["DRAFT"] == []
    assert desk.send(key, right) == (201, answer)


def test_a_sleeper_whose_draft_is_taken_over_tells_that_there_is_an_earlier_one(quiet_desk: Desk) -> None:
    desk = quiet_desk
    key, body = desk.letter()
    call = ("POST", "/proxy/messages", body)
    with desk.fault("drafts.create", "reset", when="after", count=1):
        assert desk.send(key, body)[0] == 503
    with desk.fault("drafts.list", "index_lag", seconds=600):
        # The sleeper has drafted; the other has claimed the key, and not drafted yet.
        _cross(desk, 7, 4, *call, key=key)
        status, answer = _end(desk, *call, key=key)
    assert status == 201, answer
    assert len(desk.copies(body["subject"])["DRAFT"]) == 1, "the control: it is there"
    _sweep(desk, 3)
    assert desk.copies(body["subject"]) == {"SENT": [answer["id"]], "DRAFT": []}
