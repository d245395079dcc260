"""At most one mail for one key, and never "sent" when it was not: whatever fails, wherever the process dies."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from functions.proxy.send_once import take
from shared.deadline import deadline
from shared.domain.addresses import Address
from shared.domain.compose import compose
from shared.domain.mime_writer import Letter
from shared.domain.outgoing import Composition
from shared.domain.sending import ABANDONED_AFTER
from shared.errors import NotFound, UpstreamDown
from tests.e2e.sending_desk import Desk, Dying, Killed, running_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def _until_sent(desk: Desk, key: str, body: dict[str, Any]) -> str:
    """Asks with the same key until the mail is sent, as a client does: its id."""
    for _ in range(6):
        status, answer = desk.send(key, body)
        if status == 201:
            return str(answer["id"])
        assert answer["act"] == "retry", answer
        desk.later()
    raise AssertionError(f"never sent: {answer}")


FAULTS = [
    ("timeout", {"when": "before", "seconds": 3}),
    ("timeout", {"when": "after", "seconds": 3}),
    ("reset", {"when": "before"}),
    ("reset", {"when": "after"}),
    ("truncate", {}),
    ("status", {"status": 500, "when": "before"}),
    ("status", {"status": 503, "when": "after"}),
    ("status", {"status": 429}),
    ("status", {"status": 403}),
]


@pytest.mark.parametrize("method", ["settings.sendAs.list", "drafts.create", "drafts.send"])
@pytest.mark.parametrize(("kind", "more"), FAULTS)
def test_a_fault_of_gmails_never_makes_two_mails_or_a_false_answer(
    desk: Desk, method: str, kind: str, more: dict[str, Any]
) -> None:
    key, body = desk.letter()
    with desk.fault(method, kind, count=1, **more):
        status, answer = desk.send(key, body)
    sent = desk.copies(body["subject"])["SENT"]
    assert len(sent) <= 1
    assert (status == 201) <= (sent == [answer.get("id")]), answer
    assert (answer.get("code") == "not_sent") <= (sent == []), answer

    found = _until_sent(desk, key, body)

    assert desk.copies(body["subject"]) == {"SENT": [found], "DRAFT": []}


@pytest.mark.parametrize("look", ["drafts.get", "threads.get"])
def test_while_gmail_cannot_be_asked_nothing_is_claimed_and_nothing_sent_again(desk: Desk, look: str) -> None:
    key, body = desk.letter()
    with desk.fault("drafts.send", "reset", when="after", count=1), desk.fault(look, "status", status=503):
        first, second = desk.send(key, body), desk.send(key, body)
    assert (first[0], first[1]["code"]) == (503, "send_unknown")
    assert (second[0], second[1]["code"]) == (503, "send_unknown")
    assert len(desk.copies(body["subject"])["SENT"]) == 1
    found = _until_sent(desk, key, body)
    assert desk.copies(body["subject"]) == {"SENT": [found], "DRAFT": []}


def test_a_call_whose_time_is_up_before_it_sends_says_that_nothing_was_sent(desk: Desk) -> None:
    key, body = desk.letter()

    class Late:
        def __init__(self, gmail: Any) -> None:
            self._gmail = gmail

        def __getattr__(self, name: str) -> Any:
            return getattr(self._gmail, name)

        def send_draft(self, draft_id: str) -> Any:
            with deadline(0.0):
                return self._gmail.send_draft(draft_id)

    class Opener:
        def open(self, mailbox: Any) -> Any:
            return Late(desk.services.gmail.open(mailbox))

    late = replace(desk.services, gmail=Opener())  # type: ignore[arg-type]
    status, answer = desk.send(key, body, late)
    assert (status, answer["code"]) == (503, "not_sent")
    assert desk.copies(body["subject"])["SENT"] == []
    found = _until_sent(desk, key, body)
    assert desk.copies(body["subject"]) == {"SENT": [found], "DRAFT": []}


def test_a_process_killed_at_any_step_sends_at_most_once_and_the_next_call_tells_the_truth(
    desk: Desk,
) -> None:
    deaths = []
    for after in (False, True):
        for at in count(1):
            key, body = desk.letter()
            dying = Dying(at, after)
            try:
                status, _ = desk.send(key, body, desk.dying(dying))
            except Killed:
                deaths.append(dying.died_at)
            else:
                assert (status, dying.died_at) == (201, "")
                break
            assert len(desk.copies(body["subject"])["SENT"]) <= 1, dying.died_at
            busy, answer = desk.send(key, body)
            if busy != 201:
                assert answer["code"] == "send_in_progress", (dying.died_at, answer)
            found = _until_sent(desk, key, body)
            assert desk.copies(body["subject"]) == {"SENT": [found], "DRAFT": []}, dying.died_at
    steps = ["create", "list_aliases", "create_draft", "save", "send_draft", "save", "open_ones"]
    assert deaths == [f"{when} {step}" for when in ("before", "after") for step in steps]


def test_a_process_that_dies_again_and_again_still_sends_once(desk: Desk) -> None:
    key, body = desk.letter()
    for at in range(1, 12):
        with pytest.raises(Killed):
            desk.send(key, body, desk.dying(Dying(min(at, 4), after=at % 2 == 0)))
        desk.later()
        assert len(desk.copies(body["subject"])["SENT"]) <= 1
    found = _until_sent(desk, key, body)
    assert desk.copies(body["subject"]) == {"SENT": [found], "DRAFT": []}


def test_calls_with_one_key_at_once_send_one_mail(desk: Desk) -> None:
    key, body = desk.letter()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: desk.send(key, body), range(8)))
    assert {status for status, _ in answers} <= {201, 503}
    assert {answer["code"] for status, answer in answers if status == 503} <= {"send_in_progress"}
    found = _until_sent(desk, key, body)
    assert {answer["id"] for status, answer in answers if status == 201} == {found}
    assert desk.copies(body["subject"]) == {"SENT": [found], "DRAFT": []}


def test_a_call_that_wakes_up_after_another_took_its_key_over_sends_nothing(desk: Desk) -> None:
    key, body = desk.letter()

    class Sleeper:
        """Sleeps between making its draft and writing it down, for so long that another call does all the work."""

        def __init__(self, sends: Any) -> None:
            self._sends = sends

        def __getattr__(self, name: str) -> Any:
            return getattr(self._sends, name)

        def save(self, mailbox: str, record: Any) -> Any:
            if record.draft_id and not record.message_id:
                desk.later()
                assert desk.send(key, body)[0] == 201
            return self._sends.save(mailbox, record)

    sleeping = replace(desk.services, sends=Sleeper(desk.services.sends))
    status, answer = desk.send(key, body, sleeping)
    assert (status, answer["code"]) == (503, "send_in_progress")
    found = _until_sent(desk, key, body)
    assert desk.copies(body["subject"]) == {"SENT": [found], "DRAFT": []}


def test_the_same_key_with_another_body_is_refused_and_sends_nothing(desk: Desk) -> None:
    key, body = desk.letter()
    found = _until_sent(desk, key, body)
    status, answer = desk.send(key, {**body, "text": "Dear Won, once more"})
    assert (status, answer["code"]) == (409, "key_reused")
    assert desk.copies(body["subject"])["SENT"] == [found]


def test_the_same_key_answers_the_same_for_a_day(desk: Desk) -> None:
    key, body = desk.letter()
    first = desk.send(key, body)
    desk.later(23 * 3600)
    assert desk.send(key, body) == first
    assert len(desk.copies(body["subject"])["SENT"]) == 1
    desk.later(2 * 3600)
    status, answer = desk.send(key, body)
    assert (status, answer["id"] != first[1]["id"]) == (201, True)


def test_a_mail_that_gmail_refuses_leaves_no_draft_and_frees_its_key(desk: Desk) -> None:
    key, body = desk.letter()
    with desk.fault("drafts.send", "status", status=400, reason="invalidArgument", count=1):
        status, answer = desk.send(key, body)
    assert (status, answer["code"]) == (422, "gmail_rejected")
    assert desk.copies(body["subject"]) == {"SENT": [], "DRAFT": []}
    found = _until_sent(desk, key, {**body, "text": "put right"})
    assert desk.copies(body["subject"])["SENT"] == [found]


def test_a_draft_that_the_user_deleted_by_hand_is_never_told_to_be_sent(desk: Desk) -> None:
    key, body = desk.letter()
    with desk.fault("drafts.send", "status", status=503, count=1):
        assert desk.send(key, body)[1]["code"] == "not_sent"
    (draft,) = desk.copies(body["subject"])["DRAFT"]
    desk.house.servers.emulator.boxes.drafts.delete("ana@acme.example", _draft_id(desk, draft))
    assert desk.send(key, body)[1]["code"] == "send_unknown"
    desk.later(11 * 60)
    status, answer = desk.send(key, body)
    assert (status, answer["code"]) == (409, "send_unconfirmed")
    assert desk.copies(body["subject"])["SENT"] == []


def test_drafts_that_nobody_asked_for_again_are_swept(desk: Desk) -> None:
    left = []
    for at, after in (
        (3, True),
        (4, True),
    ):  # between making the draft and noting it; between that and sending
        key, body = desk.letter()
        with pytest.raises(Killed):
            desk.send(key, body, desk.dying(Dying(at, after)))
        assert len(desk.copies(body["subject"])["DRAFT"]) == 1
        left.append((key, body))
    desk.later(ABANDONED_AFTER.total_seconds() / 2)
    _until_sent(desk, *desk.letter())
    assert all(len(desk.copies(body["subject"])["DRAFT"]) == 1 for _, body in left)
    desk.later(ABANDONED_AFTER.total_seconds())
    _until_sent(desk, *desk.letter())
    for key, body in left:
        assert desk.copies(body["subject"]) == {"SENT": [], "DRAFT": []}
        found = _until_sent(desk, key, body)
        assert desk.copies(body["subject"]) == {"SENT": [found], "DRAFT": []}


def test_control_without_the_sweep_such_a_draft_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    key, body = desk.letter()
    with pytest.raises(Killed):
        desk.send(key, body, desk.dying(Dying(3, after=True)))
    desk.later(ABANDONED_AFTER.total_seconds() * 2)
    with monkeypatch.context() as patch:
        patch.setattr("functions.proxy.send_mail.sweep_drafts", lambda *_: None)
        _until_sent(desk, *desk.letter())
    assert len(desk.copies(body["subject"])["DRAFT"]) == 1
    _until_sent(desk, *desk.letter())
    assert desk.copies(body["subject"])["DRAFT"] == []


@pytest.mark.parametrize(("kind", "more"), FAULTS)
def test_a_draft_is_sent_once_whatever_fails(desk: Desk, kind: str, more: dict[str, Any]) -> None:
    _, body = desk.letter()
    _, draft = desk.call("POST", "/proxy/drafts", body)
    path = f"/proxy/drafts/{draft['id']}/send"
    with desk.fault("drafts.send", kind, count=1, **more):
        desk.call("POST", path)
    status, answer = desk.call("POST", path)
    assert status == 201, answer
    assert desk.call("POST", path) == (201, answer)
    assert desk.copies(body["subject"]) == {"SENT": [answer["id"]], "DRAFT": []}


@pytest.mark.parametrize(("kind", "more"), FAULTS)
def test_a_draft_that_is_changed_after_a_fault_is_sent_once_and_known_again(
    desk: Desk, kind: str, more: dict[str, Any]
) -> None:
    _, body = desk.letter()
    _, draft = desk.call("POST", "/proxy/drafts", body)
    path = f"/proxy/drafts/{draft['id']}"
    with desk.fault("drafts.send", kind, count=1, **more):
        first = desk.call("POST", f"{path}/send")
    changed, _ = desk.call("PUT", path, {**body, "text": "Dear Won, on second thoughts"})
    assert changed == (200 if desk.copies(body["subject"])["SENT"] == [] else 404), first
    with desk.fault("drafts.send", "reset", when="after", count=1):
        status, answer = desk.call("POST", f"{path}/send")
    assert status == 201, answer
    assert desk.copies(body["subject"]) == {"SENT": [answer["id"]], "DRAFT": []}


def _leave_a_draft_of_the_users_unsent(desk: Desk) -> str:
    """Gmail refuses to send it, an hour passes, and the user sends another mail: the draft's subject."""
    _, body = desk.letter()
    _, draft = desk.call("POST", "/proxy/drafts", body)
    with desk.fault("drafts.send", "status", status=503, count=1):
        assert desk.call("POST", f"/proxy/drafts/{draft['id']}/send")[1]["code"] == "not_sent"
    desk.later(ABANDONED_AFTER.total_seconds() * 2)
    _until_sent(desk, *desk.letter())
    return str(body["subject"])


def test_a_draft_of_the_users_that_could_not_be_sent_is_never_swept(desk: Desk) -> None:
    subject = _leave_a_draft_of_the_users_unsent(desk)
    assert len(desk.copies(subject)["DRAFT"]) == 1


def test_control_a_draft_of_the_users_that_is_taken_for_ours_is_swept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_for_ours(*values: Any, draft_is_ours: bool = True) -> Any:
        return take(*values)

    monkeypatch.setattr("functions.proxy.send_mail.take", take_for_ours)
    subject = _leave_a_draft_of_the_users_unsent(desk)
    assert desk.copies(subject)["DRAFT"] == []


def test_what_is_remembered_of_a_key_is_ids_and_hashes(desk: Desk) -> None:
    key, body = desk.letter()
    _until_sent(desk, key, {**body, "text": "canary-sent-text", "subject": body["subject"]})
    held = repr(desk.house.common.documents.query(f"mailboxes/{desk.mailbox}/sends"))
    for word in ("canary", body["subject"], "won@", key):
        assert word not in held


# Controls: with one defence off each, the tests above could not pass.


def test_control_a_store_that_forgets_keys_sends_twice(desk: Desk) -> None:
    key, body = desk.letter()

    class Forgetful:
        def create(self, mailbox: str, record: Any) -> Any:
            return record

        def save(self, mailbox: str, record: Any) -> Any:
            return record

        def open_ones(self, mailbox: str, limit: int) -> Any:
            return []

    forgetful = replace(desk.services, sends=Forgetful())  # type: ignore[arg-type]
    desk.send(key, body, forgetful)
    desk.send(key, body, forgetful)
    assert len(desk.copies(body["subject"])["SENT"]) == 2


def test_control_sending_past_the_draft_after_a_lost_answer_sends_twice(desk: Desk) -> None:
    key, body = desk.letter()

    class Blind:
        """Takes a draft that is gone for one that was never sent, as a client does that sends again."""

        def __init__(self, gmail: Any) -> None:
            self._gmail = gmail

        def __getattr__(self, name: str) -> Any:
            return getattr(self._gmail, name)

        def send_draft(self, draft_id: str) -> Any:
            try:
                return self._gmail.send_draft(draft_id)
            except (UpstreamDown, NotFound):
                again = self._gmail.create_draft(desk_mail(body))
                return self._gmail.send_draft(again.id)

    class Opener:
        def open(self, mailbox: Any) -> Any:
            return Blind(desk.services.gmail.open(mailbox))

    with desk.fault("drafts.send", "reset", when="after", count=1):
        desk.send(key, body, replace(desk.services, gmail=Opener()))  # type: ignore[arg-type]
    assert len(desk.copies(body["subject"])["SENT"]) == 2


def desk_mail(body: dict[str, Any]) -> Letter:
    me, to = Address("", "ana@acme.example"), Address("", body["to"][0])
    return compose(Composition(me, "again", "<again@acme.example>", to=(to,), subject=body["subject"]))


def _draft_id(desk: Desk, message_id: str) -> str:
    found = desk.house.servers.emulator.boxes.drafts.of_message("ana@acme.example", message_id)
    assert found is not None
    return found
