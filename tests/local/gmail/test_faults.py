"""Faults on command. Each has a control: without the fault, or after it, the same call works."""

import http.client
import json
import time
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.local.gmail.running import ALICE, BOB, FULL, Running, deliver, mail, reason


def fault(gmail: Running, **body: Any) -> None:
    gmail.control("POST", "faults", body)


def labels(gmail: Running, email: str = ALICE) -> Any:
    return gmail.users(email).labels().list(userId="me").execute()


def test_a_status_fault_answers_in_googles_shape_until_it_is_used_up(gmail: Running) -> None:
    assert labels(gmail)
    fault(
        gmail,
        match="labels.list",
        kind="status",
        status=429,
        reason="userRateLimitExceeded",
        retry_after=7,
        count=1,
    )
    with pytest.raises(HttpError) as refused:
        labels(gmail)

    assert reason(refused) == (429, "userRateLimitExceeded")
    assert refused.value.resp["retry-after"] == "7"
    assert json.loads(refused.value.content)["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert labels(gmail)


def test_a_fault_hits_the_methods_and_the_user_that_it_names(gmail: Running) -> None:
    fault(gmail, match="labels.*", kind="status", status=503, user=ALICE)
    assert labels(gmail, BOB)
    assert gmail.users().getProfile(userId="me").execute()
    with pytest.raises(HttpError):
        labels(gmail)
    gmail.control("DELETE", "faults")
    assert labels(gmail)


def test_a_fault_can_match_a_path(gmail: Running) -> None:
    fault(gmail, match="/gmail/v1/users/me/labels", kind="status", status=500)
    assert gmail.users().getProfile(userId="me").execute()
    with pytest.raises(HttpError) as refused:
        labels(gmail)

    assert reason(refused) == (500, "backendError")


def test_a_rate_hits_about_that_share_of_the_calls(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)
    fault(gmail, match="getProfile", kind="status", status=503, rate=0.5)
    statuses = [gmail.request("GET", "/gmail/v1/users/me/profile", token=token)[0] for _ in range(60)]

    assert 15 <= statuses.count(503) <= 45
    assert statuses.count(200) == 60 - statuses.count(503)


@pytest.mark.parametrize(("when", "done"), [("before", 0), ("after", 1)])
def test_a_failure_comes_before_or_after_gmail_did_it(gmail: Running, when: str, done: int) -> None:
    fault(gmail, match="messages.insert", kind="status", status=503, when=when, count=1)
    with pytest.raises(HttpError):
        gmail.users().messages().insert(userId="me", body={"raw": "U3ViamVjdDogeA0KDQo="}).execute()

    assert len(gmail.control("GET", f"messages?user={ALICE}")) == done


def test_a_timeout_hangs_for_its_seconds(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)
    fault(gmail, match="getProfile", kind="timeout", seconds=0.3, count=1)
    start = time.monotonic()
    status, _, _ = gmail.request("GET", "/gmail/v1/users/me/profile", token=token)

    assert time.monotonic() - start >= 0.3
    assert status == 504
    assert gmail.request("GET", "/gmail/v1/users/me/profile", token=token)[0] == 200


def test_a_reset_ends_the_connection_without_an_answer(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)
    fault(gmail, match="getProfile", kind="reset", count=1)
    with pytest.raises(ConnectionResetError) as broken:
        gmail.request("GET", "/gmail/v1/users/me/profile", token=token)

    assert not isinstance(broken.value, http.client.RemoteDisconnected)
    assert gmail.request("GET", "/gmail/v1/users/me/profile", token=token)[0] == 200


def test_a_truncated_answer_ends_in_the_middle(gmail: Running) -> None:
    token = gmail.tokens.grant(ALICE, FULL)
    fault(gmail, match="getProfile", kind="truncate", count=1)
    with pytest.raises(http.client.IncompleteRead) as broken:
        gmail.request("GET", "/gmail/v1/users/me/profile", token=token)

    assert broken.value.partial.startswith(b"{")
    assert gmail.request("GET", "/gmail/v1/users/me/profile", token=token)[0] == 200


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("status", 503), ("reset", ConnectionResetError), ("truncate", http.client.IncompleteRead)],
)
def test_the_oauth_server_fails_where_a_fault_names_its_path(
    gmail: Running, kind: str, expected: Any
) -> None:
    fault(gmail, match="/oauth2/v3/certs", kind=kind, count=1)
    if kind == "status":
        assert gmail.request("GET", "/oauth2/v3/certs")[0] == expected
    else:
        with pytest.raises(expected):
            gmail.request("GET", "/oauth2/v3/certs")

    assert gmail.request("GET", "/oauth2/v3/certs")[0] == 200


def test_a_revoked_grant_is_401_from_then_on(gmail: Running) -> None:
    alice, bob = gmail.tokens.grant(ALICE, FULL), gmail.tokens.grant(BOB, FULL)
    fault(gmail, match="labels.list", kind="revoke", user=ALICE, count=1)
    for name in ("labels", "profile"):
        assert gmail.request("GET", f"/gmail/v1/users/me/{name}", token=alice)[0] == 401
        assert gmail.request("GET", f"/gmail/v1/users/me/{name}", token=bob)[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "earthquake"},
        {},
        {"kind": "status", "rate": "often"},
        {"kind": "status", "status": -1},
        {"kind": "status", "colour": "red"},
        {"kind": "status", "when": "never"},
    ],
)
def test_a_fault_that_is_not_known_is_422_with_a_sentence(gmail: Running, body: dict[str, Any]) -> None:
    status, _, answer = gmail.request("POST", "/_emulator/faults", body)

    assert status == 422
    assert json.loads(answer)["error"]["message"].endswith(".")
    assert labels(gmail)


def test_deliver_refuses_what_it_can_not_put_anywhere(gmail: Running) -> None:
    for body, expected in (
        ({"to": "nobody@example.com", "raw": "eA=="}, 404),
        ({"to": ALICE}, 400),
        ({"to": ALICE, "raw": "*"}, 400),
        ([], 400),
    ):
        assert gmail.request("POST", "/_emulator/deliver", body)[0] == expected
    assert gmail.request("GET", "/_emulator/nothing")[0] == 404
    assert gmail.request("GET", "/_emulator/messages?user=nobody@example.com")[0] == 404


def test_the_control_calls_list_what_a_mailbox_holds(gmail: Running) -> None:
    delivered = deliver(gmail, mail("listed", sender="Dora <dora@customer.test>"))

    assert gmail.control("GET", f"messages?user={ALICE}") == [
        {
            "id": delivered["id"],
            "threadId": delivered["threadId"],
            "labelIds": ["INBOX", "UNREAD"],
            "from": "Dora <dora@customer.test>",
            "subject": "listed",
        }
    ]


def refresh(gmail: Running) -> tuple[int, Any]:
    status, _, body = gmail.request("POST", "/token", {"grant_type": "refresh_token"})
    return status, json.loads(body)


@pytest.mark.parametrize(
    ("order", "status", "expected"),
    [
        ({"status": 400, "message": "Gone."}, 400, {"error": "invalid_grant", "error_description": "Gone."}),
        ({"status": 503, "message": "Ill."}, 503, {"error": "internal_failure", "error_description": "Ill."}),
        (
            {"status": 400, "reason": "invalid_grant", "message": "Again.", "subtype": "invalid_rapt"},
            400,
            {"error": "invalid_grant", "error_description": "Again.", "error_subtype": "invalid_rapt"},
        ),
    ],
)
def test_the_token_endpoint_refuses_on_command_as_oauth_says(
    gmail: Running, order: dict[str, Any], status: int, expected: dict[str, str]
) -> None:
    fault(gmail, match="/token", kind="status", count=1, **order)
    assert refresh(gmail) == (status, expected)
    assert refresh(gmail)[1]["error"] == "invalid_request", "the control: the endpoint's own refusal"


def test_no_call_of_gmail_meets_the_narrowing_of_a_consent(gmail: Running) -> None:
    fault(gmail, match="*", kind="narrow", scope="openid")
    assert labels(gmail)


def test_a_search_whose_index_lags_finds_no_mail_of_the_last_seconds(gmail: Running) -> None:
    message = deliver(gmail, mail("Fresh"))["id"]

    def found(**query: Any) -> bool:
        answer = gmail.users().messages().list(userId="me", **query).execute()
        return message in [row["id"] for row in answer.get("messages", [])]

    assert found(q="subject:Fresh")
    fault(gmail, match="messages.list", kind="index_lag", seconds=60)
    assert not found(q="subject:Fresh")
    assert found(labelIds=["INBOX"])
    gmail.control("DELETE", "faults")
    assert found(q="subject:Fresh")
