"""Events to the CRM: ids only, one id each, and no text but our own is taken for one."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.event import EVENT_TYPES, Event, encode_event, parse_event, webhook_body
from shared.errors import BadInput

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NOTICE = Event("notice.created", "harbour", "alice", "m1", AT, message="18c1", contact="c1")


def test_an_event_comes_back_as_it_was_published() -> None:
    lost = Event("mailbox.needs_reconnect", "harbour", "alice", "m1", AT, cause="grant_lost")
    assert [parse_event(encode_event(event)) for event in (NOTICE, lost)] == [NOTICE, lost]


def test_the_body_names_type_moment_and_ids() -> None:
    somewhere = NOTICE.at.astimezone(timezone(timedelta(hours=13)))
    assert json.loads(webhook_body(replace(NOTICE, at=somewhere))) == {
        "type": "notice.created",
        "timestamp": "2026-11-24T12:00:00Z",
        "data": {"mailbox": "m1", "user": "alice", "message": "18c1", "contact": "c1"},
    }


def test_the_same_event_has_the_same_id_and_another_has_another() -> None:
    later = replace(NOTICE, at=AT + timedelta(hours=1), contact=None)
    connected = replace(NOTICE, type="mailbox.connected", message=None)
    assert later.id == NOTICE.id
    others = [replace(NOTICE, message="18c2"), replace(NOTICE, mailbox="m2"), connected]
    assert len({NOTICE.id, *(event.id for event in others)}) == 4
    assert replace(connected, at=AT + timedelta(seconds=1)).id != connected.id


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_anything_else_is_refused(payload: bytes) -> None:
    with pytest.raises(BadInput):
        parse_event(payload)


@pytest.mark.parametrize(
    "change",
    [{"type": "mail.read"}, {"at": "noon"}, {"at": "2026-11-24T12:00:00"}, {"org": ""}, {"user": 7}, {"mailbox": None},
     {"message": 1}, {"subject": "canary"}],
)  # fmt: skip
def test_an_event_with_one_thing_wrong_is_refused(change: dict[str, object]) -> None:
    fields = json.loads(encode_event(NOTICE))
    with pytest.raises(BadInput):
        parse_event(json.dumps({**fields, **change}).encode())


def test_every_type_of_the_contract_is_known() -> None:
    assert set(EVENT_TYPES) == {
        "notice.created",
        "mailbox.connected",
        "mailbox.needs_reconnect",
        "mailbox.health",
        "mailbox.warning",
        "mailbox.disconnected",
    }


def test_a_warning_is_the_same_event_whenever_it_is_told_and_another_for_another_end() -> None:
    warning = Event(
        "mailbox.warning", "harbour", "alice", "m1", AT, cause="consent_unused", act="user", ends_at=AT
    )
    later = replace(warning, at=AT + timedelta(hours=1))
    assert parse_event(encode_event(warning)) == warning
    assert later.id == warning.id
    others = [replace(warning, ends_at=later.at), replace(warning, cause="watch_ending")]
    assert len({event.id for event in (warning, *others)}) == 3
    data = json.loads(webhook_body(warning))["data"]
    assert data == {
        "mailbox": "m1",
        "user": "alice",
        "cause": "consent_unused",
        "act": "user",
        "ends_at": "2026-11-24T12:00:00Z",
    }


@pytest.mark.parametrize("ends_at", ["2026-11-24T12:00:00", "soon", 5])
def test_a_warning_without_a_moment_is_none_of_ours(ends_at: object) -> None:
    payload = json.loads(encode_event(NOTICE)) | {"ends_at": ends_at}
    with pytest.raises(BadInput):
        parse_event(json.dumps(payload).encode())
