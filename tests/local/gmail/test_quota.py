"""Quota units, rate limits, concurrency and batches."""

import json
import threading
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from local.gmail.errors import GoogleError
from local.gmail.quota import Limits, Quota
from tests.local.gmail.running import ALICE, BOB, FULL, Running, deliver, mail, reason, running
from tests.local.waiting import until

BATCH_TYPE = 'multipart/mixed; boundary="outer"'


def test_each_call_is_counted_with_its_units(gmail: Running) -> None:
    message_id = deliver(gmail, mail())["id"]
    users = gmail.users()
    users.messages().get(userId="me", id=message_id).execute()
    users.messages().get(userId="me", id=message_id).execute()
    users.labels().list(userId="me").execute()
    report = gmail.control("GET", "quota")

    assert report["users"][ALICE]["units"] == 41
    assert report["users"][ALICE]["requests"] == 3
    assert report["users"][ALICE]["methods"] == {
        "messages.get": {"calls": 2, "units": 40},
        "labels.list": {"calls": 1, "units": 1},
    }
    assert report["round_trips"] == {ALICE: 3}
    assert report["token_calls"] == 0
    gmail.control("DELETE", "quota")
    assert gmail.control("GET", "quota") == {"users": {}, "round_trips": {}, "token_calls": 0}


def test_a_user_over_the_units_of_a_minute_is_refused_and_others_are_not() -> None:
    with running(limits=Limits(user_per_minute=40)) as gmail:
        message_id = deliver(gmail, mail())["id"]
        get = gmail.users().messages().get(userId="me", id=message_id)
        get.execute()
        get.execute()
        with pytest.raises(HttpError) as refused:
            get.execute()
        gmail.users(BOB).labels().list(userId="me").execute()
        counted = gmail.control("GET", "quota")["users"][ALICE]["units"]

    assert reason(refused) == (403, "rateLimitExceeded")
    body = json.loads(refused.value.content)["error"]
    assert body["errors"][0]["domain"] == "usageLimits"
    assert "per user" in body["message"]
    assert counted == 40


def test_units_come_back_after_a_minute() -> None:
    seconds = [0.0]
    quota = Quota(Limits(user_per_minute=40), seconds=lambda: seconds[0])
    quota.spend(ALICE, "messages.get")
    seconds[0] = 30.0
    quota.spend(ALICE, "messages.get")
    with pytest.raises(GoogleError):
        quota.spend(ALICE, "labels.list")
    seconds[0] = 60.0
    quota.spend(ALICE, "messages.get")
    with pytest.raises(GoogleError):
        quota.spend(ALICE, "labels.list")


def test_the_project_has_a_limit_of_its_own() -> None:
    with running(limits=Limits(project_per_minute=2)) as gmail:
        gmail.users().labels().list(userId="me").execute()
        gmail.users(BOB).labels().list(userId="me").execute()
        with pytest.raises(HttpError) as refused:
            gmail.users().labels().list(userId="me").execute()

    assert reason(refused) == (403, "rateLimitExceeded")


def test_an_eleventh_request_at_the_same_time_is_refused() -> None:
    with running(limits=Limits()) as gmail:
        gmail.control("POST", "faults", {"match": "getProfile", "kind": "timeout", "seconds": 600})
        waiting = [threading.Thread(target=_ignore_504, args=(gmail,)) for _ in range(10)]
        for thread in waiting:
            thread.start()
        _wait_for_in_flight(gmail, 10)
        with pytest.raises(HttpError, match="Too many concurrent requests for user") as refused:
            gmail.users().labels().list(userId="me").execute()
        other = gmail.users(BOB).labels().list(userId="me").execute()
        gmail.control("DELETE", "faults")
        for thread in waiting:
            thread.join()
        afterwards = gmail.users().labels().list(userId="me").execute()

    assert reason(refused) == (429, "rateLimitExceeded")
    assert other["labels"]
    assert afterwards["labels"]


def _ignore_504(gmail: Running) -> None:
    with pytest.raises(HttpError):
        gmail.users().getProfile(userId="me").execute()


def _wait_for_in_flight(gmail: Running, number: int) -> None:
    until(lambda: gmail.emulator.quota.running(ALICE) == number, f"{number} requests are in flight")


def test_a_batch_answers_each_call_and_is_one_round_trip(gmail: Running) -> None:
    made = [deliver(gmail, mail(f"n{number}"))["id"] for number in range(3)]
    answers: dict[str, Any] = {}

    def keep(request_id: str, answer: Any, error: HttpError | None) -> None:
        answers[request_id] = error.resp.status if error else answer["id"]

    client = gmail.client()
    messages = client.users().messages()
    batch = client.new_batch_http_request(callback=keep)
    for message_id in [*made, "ffffffffffffffff"]:
        batch.add(messages.get(userId="me", id=message_id, format="minimal"), request_id=message_id)
    batch.execute()
    report = gmail.control("GET", "quota")

    assert answers == {**{message_id: message_id for message_id in made}, "ffffffffffffffff": 404}
    assert report["round_trips"] == {ALICE: 1}
    assert report["users"][ALICE]["methods"]["messages.get"]["calls"] == 4


def test_batched_writes_carry_their_bodies(gmail: Running) -> None:
    made = [deliver(gmail, mail(f"n{number}"))["id"] for number in range(2)]
    client = gmail.client()
    messages = client.users().messages()
    batch = client.new_batch_http_request()
    for message_id in made:
        batch.add(messages.modify(userId="me", id=message_id, body={"addLabelIds": ["STARRED"]}))
    batch.execute()

    assert len(messages.list(userId="me", labelIds=["STARRED"]).execute()["messages"]) == 2


def batch_of(*calls: str) -> bytes:
    parts = [
        f"--outer\r\nContent-Type: application/http\r\nContent-ID: <item-{number}>\r\n\r\n{call}\r\n"
        for number, call in enumerate(calls)
    ]
    return ("".join(parts) + "--outer--\r\n").encode()


@pytest.mark.parametrize("path", ["/batch", "/batch/gmail/v1"])
def test_each_part_may_have_a_token_of_its_own(gmail: Running, path: str) -> None:
    alice, bob = gmail.tokens.grant(ALICE, FULL), gmail.tokens.grant(BOB, FULL)
    profile = "GET /gmail/v1/users/me/profile?fields=emailAddress HTTP/1.1\r\n"
    body = batch_of(profile + "\r\n", f"{profile}Authorization: Bearer {bob}\r\n\r\n", "GET /nothing\r\n\r\n")
    status, headers, answer = gmail.request("POST", path, body, token=alice, Content_Type=BATCH_TYPE)

    assert status == 200
    assert headers["content-type"].startswith("multipart/mixed; boundary=batch_")
    first, second, third = answer.decode().split("--batch_")[1:4]
    assert "Content-ID: <response-item-0>" in first
    assert "HTTP/1.1 200 OK" in first
    assert ALICE in first
    assert BOB in second
    assert "HTTP/1.1 404 Not Found" in third


def test_a_batch_without_any_token_is_refused_part_by_part(gmail: Running) -> None:
    body = batch_of("GET /gmail/v1/users/me/profile\r\n\r\n")
    status, _, answer = gmail.request("POST", "/batch", body, Content_Type=BATCH_TYPE)

    assert status == 200
    assert b"HTTP/1.1 401 Unauthorized" in answer


def test_a_batch_has_at_most_a_hundred_calls(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)
    call = "GET /gmail/v1/users/me/profile\r\n\r\n"
    full = gmail.request("POST", "/batch", batch_of(*[call] * 100), token=token, Content_Type=BATCH_TYPE)
    over = gmail.request("POST", "/batch", batch_of(*[call] * 101), token=token, Content_Type=BATCH_TYPE)

    assert full[0] == 200
    assert full[2].count(b"HTTP/1.1 200 OK") == 100
    assert over[0] == 400


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/mixed", b""),
        (BATCH_TYPE, b"nothing"),
        (BATCH_TYPE, b"--outer--"),
    ],
)
def test_a_batch_that_can_not_be_read_is_400(gmail: Running, content_type: str, body: bytes) -> None:
    token = gmail.tokens.grant(ALICE, FULL)

    assert gmail.request("POST", "/batch", body, token=token, Content_Type=content_type)[0] == 400


def test_a_batch_in_a_batch_is_refused_alone(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)
    body = batch_of("POST /batch\r\n\r\n", "GET /gmail/v1/users/me/profile\r\n\r\n")
    _, _, answer = gmail.request("POST", "/batch", body, token=token, Content_Type=BATCH_TYPE)

    assert answer.count(b"HTTP/1.1 400") == 1
    assert answer.count(b"HTTP/1.1 200") == 1
