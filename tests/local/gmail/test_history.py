"""History records, watches and pushes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from local.clock import LocalClock
from local.gmail.push import GooglePublisher
from tests.local.gmail.running import ALICE, BOB, Running, deliver, mail, raw, reason, running, seed_of
from tests.local.gmail.topic_server import TopicServer
from tests.local.waiting import until

TOPIC = "projects/crm-gmail-local/topics/gmail"


def now_id(gmail: Running) -> str:
    return str(gmail.users().getProfile(userId="me").execute()["historyId"])


def records(gmail: Running, start: str, **query: Any) -> list[dict[str, Any]]:
    answer = gmail.users().history().list(userId="me", startHistoryId=start, **query).execute()
    found: list[dict[str, Any]] = answer.get("history", [])
    return found


def test_nothing_new_has_no_history_key(gmail: Running) -> None:
    start = now_id(gmail)
    answer = gmail.users().history().list(userId="me", startHistoryId=start).execute()

    assert answer == {"historyId": start}


def test_each_kind_of_change_is_recorded(gmail: Running) -> None:
    start = now_id(gmail)
    message_id = deliver(gmail, mail())["id"]
    messages = gmail.users().messages()
    body = {"addLabelIds": ["STARRED"], "removeLabelIds": ["UNREAD"]}
    messages.modify(userId="me", id=message_id, body=body).execute()
    messages.delete(userId="me", id=message_id).execute()
    added, changed, deleted = records(gmail, start)

    assert added["messagesAdded"][0]["message"]["labelIds"] == ["INBOX", "UNREAD"]
    assert changed["labelsAdded"][0]["labelIds"] == ["STARRED"]
    assert changed["labelsAdded"][0]["message"]["labelIds"] == ["INBOX", "STARRED"]
    assert changed["labelsRemoved"][0]["labelIds"] == ["UNREAD"]
    assert deleted["messagesDeleted"][0]["message"]["id"] == message_id
    assert all(record["messages"][0]["id"] == message_id for record in (added, changed, deleted))
    numbers = [int(record["id"]) for record in (added, changed, deleted)]
    assert numbers == sorted(set(numbers))
    assert all(isinstance(record["id"], str) for record in (added, changed, deleted))
    assert now_id(gmail) == deleted["id"]


def test_a_message_carries_the_id_of_its_last_change(gmail: Running) -> None:
    message_id = deliver(gmail, mail())["id"]
    messages = gmail.users().messages()
    before = messages.get(userId="me", id=message_id, format="minimal").execute()["historyId"]
    messages.modify(userId="me", id=message_id, body={"addLabelIds": ["STARRED"]}).execute()
    after = messages.get(userId="me", id=message_id, format="minimal").execute()["historyId"]

    assert int(after) > int(before)
    assert after == now_id(gmail)


def test_a_change_that_changes_nothing_is_not_recorded(gmail: Running) -> None:
    message_id = deliver(gmail, mail())["id"]
    start = now_id(gmail)
    gmail.users().messages().modify(userId="me", id=message_id, body={"addLabelIds": ["INBOX"]}).execute()

    assert now_id(gmail) == start


def test_history_is_filtered_by_type_and_label(gmail: Running) -> None:
    start = now_id(gmail)
    message_id = deliver(gmail, mail())["id"]
    gmail.users().messages().insert(userId="me", body={"raw": raw(mail("archived"))}).execute()
    gmail.users().messages().modify(userId="me", id=message_id, body={"addLabelIds": ["STARRED"]}).execute()

    assert len(records(gmail, start)) == 3
    assert [set(record) for record in records(gmail, start, historyTypes=["labelAdded"])] == [
        {"id", "messages", "labelsAdded"}
    ]
    assert len(records(gmail, start, historyTypes=["messageAdded", "labelAdded"])) == 3
    inbox = records(gmail, start, labelId="INBOX", historyTypes=["messageAdded"])
    assert [record["messages"][0]["id"] for record in inbox] == [message_id]


def test_history_is_paged_from_the_oldest_to_the_newest(gmail: Running) -> None:
    start = now_id(gmail)
    delivered = [deliver(gmail, mail(f"n{number}"))["id"] for number in range(5)]
    history = gmail.users().history()
    found: list[str] = []
    request = history.list(userId="me", startHistoryId=start, maxResults=2)
    while request is not None:
        answer = request.execute()
        assert len(answer["history"]) <= 2
        found += [record["messages"][0]["id"] for record in answer["history"]]
        request = history.list_next(request, answer)

    assert found == delivered


def test_a_start_id_that_is_missing_is_400_and_one_never_given_out_is_404(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, "https://mail.google.com/")

    assert gmail.request("GET", "/gmail/v1/users/me/history", token=token)[0] == 400
    for start in ("1", str(2**63)):
        with pytest.raises(HttpError) as refused:
            records(gmail, start)
        assert reason(refused) == (404, "notFound")


def test_history_ids_can_start_anywhere_within_64_bits() -> None:
    with running(seed_of(ALICE), first_history_id=2**62) as gmail:
        start = now_id(gmail)
        deliver(gmail, mail())

        assert int(start) == 2**62
        assert int(now_id(gmail)) > 2**62


def test_expired_history_is_404_at_the_start_and_a_new_cursor_works(gmail: Running) -> None:
    start = now_id(gmail)
    deliver(gmail, mail())
    gmail.control("POST", "faults", {"kind": "expire_history", "count": 1})
    with pytest.raises(HttpError) as refused:
        records(gmail, start)

    assert reason(refused) == (404, "notFound")
    fresh = now_id(gmail)
    message_id = deliver(gmail, mail())["id"]
    assert [record["messages"][0]["id"] for record in records(gmail, fresh)] == [message_id]


def test_history_can_expire_between_two_pages(gmail: Running) -> None:
    start = now_id(gmail)
    for number in range(3):
        deliver(gmail, mail(f"n{number}"))
    gmail.control("POST", "faults", {"kind": "expire_history", "skip": 1, "count": 1})
    history = gmail.users().history()
    request = history.list(userId="me", startHistoryId=start, maxResults=2)
    following = history.list_next(request, request.execute())

    with pytest.raises(HttpError) as refused:
        following.execute()
    assert reason(refused) == (404, "notFound")


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Iterator[TopicServer]:
    with TopicServer().serving() as server:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{server.port}")
        yield server


@pytest.fixture
def watched(topic: TopicServer, tmp_path: Path) -> Iterator[Running]:
    with running(publish=GooglePublisher(), clock=LocalClock(tmp_path / "clock")) as server:
        yield server


def quiet(gmail: Running) -> dict[str, Any]:
    until(lambda: gmail.control("GET", "pushes")["pending"] == 0, "all pushes are on their way")
    state: dict[str, Any] = gmail.control("GET", "pushes")
    return state


def test_every_change_of_a_watched_mailbox_is_published(watched: Running, topic: TopicServer) -> None:
    deliver(watched, mail("before the watch"))
    answer = watched.users().watch(userId="me", body={"topicName": TOPIC}).execute()
    message_id = deliver(watched, mail())["id"]
    deliver(watched, mail(), to=BOB)
    watched.users().messages().trash(userId="me", id=message_id).execute()
    state = quiet(watched)

    assert answer["historyId"].isdecimal()
    assert [name for name, _ in topic.received] == [TOPIC, TOPIC]
    contents = [json.loads(content) for _, content in topic.received]
    assert {content["emailAddress"] for content in contents} == {ALICE}
    assert int(answer["historyId"]) < int(contents[0]["historyId"]) < int(contents[1]["historyId"])
    assert state == {"published": ["0", "1"], "pending": 0, "failed": 0, "held": 0}


def test_a_watch_ends_after_seven_days_or_on_stop(watched: Running, tmp_path: Path) -> None:
    clock = LocalClock(tmp_path / "clock")
    answer = watched.users().watch(userId="me", body={"topicName": TOPIC}).execute()
    assert int(answer["expiration"]) / 1000 == pytest.approx(clock.now().timestamp() + 7 * 86400, abs=60)
    clock.advance(7 * 86400 + 60)
    deliver(watched, mail())
    assert quiet(watched)["published"] == []
    watched.users().watch(userId="me", body={"topicName": TOPIC}).execute()
    watched.users().stop(userId="me").execute()
    deliver(watched, mail())

    assert quiet(watched)["published"] == []


@pytest.mark.parametrize(
    ("behaviour", "label", "pushed"),
    [("include", "INBOX", 1), ("include", "STARRED", 0), ("exclude", "INBOX", 0), ("exclude", "STARRED", 1)],
)
def test_a_watch_can_be_narrowed_by_label(watched: Running, behaviour: str, label: str, pushed: int) -> None:
    body = {"topicName": TOPIC, "labelIds": [label], "labelFilterBehavior": behaviour}
    watched.users().watch(userId="me", body=body).execute()
    deliver(watched, mail())

    assert len(quiet(watched)["published"]) == pushed


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"topicName": "gmail"},
        {"topicName": "projects/p/topics"},
        {"topicName": TOPIC, "labelIds": ["none"]},
    ],
)
def test_a_watch_needs_a_topic_and_known_labels(gmail: Running, body: dict[str, Any]) -> None:
    with pytest.raises(HttpError) as refused:
        gmail.users().watch(userId="me", body=body).execute()

    assert reason(refused) == (400, "invalidArgument")


def test_a_second_topic_is_refused_and_the_same_renews(gmail: Running) -> None:
    users = gmail.users()
    users.watch(userId="me", body={"topicName": TOPIC}).execute()
    users.watch(userId="me", body={"topicName": TOPIC}).execute()
    with pytest.raises(HttpError) as refused:
        users.watch(userId="me", body={"topicName": TOPIC + "-2"}).execute()

    assert reason(refused) == (400, "invalidArgument")


def test_a_push_that_can_not_be_published_is_counted_and_stops_nothing(gmail: Running) -> None:
    gmail.users().watch(userId="me", body={"topicName": TOPIC}).execute()
    deliver(gmail, mail())

    assert quiet(gmail) == {"published": [], "pending": 0, "failed": 1, "held": 0}
    assert len(gmail.control("GET", f"messages?user={ALICE}")) == 1


def test_pushes_are_doubled_dropped_and_reordered_on_command(watched: Running, topic: TopicServer) -> None:
    watched.users().watch(userId="me", body={"topicName": TOPIC}).execute()
    for kind in ("duplicate_push", "drop_push", "reorder_push"):
        watched.control("POST", "faults", {"kind": kind, "count": 1, "user": ALICE})
    for number in range(4):
        deliver(watched, mail(f"n{number}"))
    quiet(watched)
    ids = [int(json.loads(content)["historyId"]) for _, content in topic.received]

    doubled, again, last, third = ids
    assert doubled == again
    assert last > third > doubled
