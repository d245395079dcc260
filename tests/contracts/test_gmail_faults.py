"""What the Gmail adapter makes of a Gmail that misbehaves: the emulator's faults over the wire, and garbage."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import urllib3
from werkzeug.wrappers import Response

from local import serve
from shared import errors
from shared.adapters.gmail import GmailClient
from shared.adapters.gmail_errors import to_error
from shared.adapters.gmail_sending import SendingGmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from shared.domain.addresses import Address
from shared.domain.compose import compose
from shared.domain.mail import MailMetadata
from shared.domain.outgoing import Composition
from shared.retry import ATTEMPTS
from tests.contracts.gmail_under_test import client_of, impatient
from tests.local.gmail.running import ALICE, MODIFY, Running, deliver, mail, running

ROWS = [
    (400, "invalidArgument", errors.BadInput, "gmail_rejected"),
    (400, "failedPrecondition", errors.NotAllowed, "gmail_not_enabled"),
    (403, "rateLimitExceeded", errors.Throttled, "throttled"),
    (403, "userRateLimitExceeded", errors.Throttled, "throttled"),
    (403, "dailyLimitExceeded", errors.Misconfigured, "quota_exhausted"),
    (403, "insufficientPermissions", errors.ScopeMissing, "scope_missing"),
    (403, "domainPolicy", errors.NotAllowed, "blocked_by_admin"),
    (403, "accessNotConfigured", errors.Misconfigured, "gmail_api_disabled"),
    (403, "somethingNew", errors.NotAllowed, "gmail_refused"),
    (404, "notFound", errors.NotFound, "not_found"),
    (409, "alreadyExists", errors.Conflict, "exists_in_gmail"),
    (429, "rateLimitExceeded", errors.Throttled, "throttled"),
    (500, "backendError", errors.UpstreamDown, "gmail_down"),
    (502, "backendError", errors.UpstreamDown, "gmail_down"),
    (503, "backendError", errors.UpstreamDown, "gmail_down"),
]


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
def two(server: Running) -> list[str]:
    """Ids of two mails: more than one message is a batch."""
    return [deliver(server, mail())["id"] for _ in range(2)]


def _fault(server: Running, kind: str, **more: Any) -> None:
    server.control("POST", "faults", {"kind": kind, **more})


@pytest.mark.parametrize(("status", "reason", "kind", "code"), ROWS)
def test_a_refusal_becomes_our_error_by_status_and_reason(
    server: Running, gmail: GmailClient, status: int, reason: str, kind: type[errors.AppError], code: str
) -> None:
    _fault(server, "status", match="getProfile", status=status, reason=reason)
    with pytest.raises(errors.AppError) as raised:
        gmail.address_and_cursor()
    assert (type(raised.value), raised.value.code) == (kind, code)


@pytest.mark.parametrize(
    ("status", "reason", "kind", "code"), [row for row in ROWS if row[2] is not errors.ScopeMissing]
)
def test_a_refused_part_of_a_batch_is_that_messages_outcome(
    server: Running,
    gmail: GmailClient,
    two: list[str],
    status: int,
    reason: str,
    kind: type[errors.AppError],
    code: str,
) -> None:
    _fault(server, "status", match="messages.get", status=status, reason=reason, count=1)
    found = gmail.get_metadata(two, ["From"])
    refused = found[two[0]]
    assert isinstance(refused, errors.AppError)
    assert (type(refused), refused.code) == (kind, code)
    assert isinstance(found[two[1]], MailMetadata)


@pytest.mark.parametrize("kind", ["status", "truncate", "reset"])
def test_a_passing_fault_is_tried_again(server: Running, gmail: GmailClient, kind: str) -> None:
    _fault(server, kind, match="getProfile", status=503, count=ATTEMPTS - 1)
    assert gmail.address_and_cursor()[0] == ALICE


@pytest.mark.parametrize("kind", ["status", "truncate", "reset"])
def test_a_lasting_fault_ends_after_three_attempts(server: Running, gmail: GmailClient, kind: str) -> None:
    _fault(server, kind, match="getProfile", status=503, count=ATTEMPTS)
    with pytest.raises(errors.UpstreamDown):
        gmail.address_and_cursor()
    assert gmail.address_and_cursor()[0] == ALICE


@pytest.mark.parametrize("kind", ["truncate", "reset"])
def test_a_batch_whose_answer_breaks_off_is_no_empty_answer(
    server: Running, gmail: GmailClient, two: list[str], kind: str
) -> None:
    _fault(server, kind, match="/batch")
    with pytest.raises(errors.UpstreamDown):
        gmail.get_metadata(two, ["From"])


def test_an_answer_that_does_not_come_ends_by_itself(server: Running) -> None:
    pool = HttpPool(timeout=urllib3.Timeout(connect=1.0, read=0.1))
    gmail = client_of(server, pool=pool)
    _fault(server, "timeout", match="getProfile", seconds=30)
    with pytest.raises(errors.UpstreamDown) as raised:
        gmail.address_and_cursor()
    assert raised.value.code == "gmail_no_answer"


@pytest.mark.parametrize("reason", ["insufficientPermissions", "domainPolicy", "somethingNew"])
def test_what_no_second_attempt_can_change_is_not_tried_again(
    server: Running, gmail: GmailClient, reason: str
) -> None:
    _fault(server, "status", match="getProfile", status=403, reason=reason, count=1)
    with pytest.raises(errors.AppError):
        gmail.address_and_cursor()


@pytest.mark.parametrize("seconds", [5, 120, 100_000])
def test_a_wait_that_does_not_fit_is_passed_on_and_not_waited_for(
    server: Running, gmail: GmailClient, seconds: int
) -> None:
    _fault(server, "status", match="getProfile", status=429, retry_after=seconds, count=1)
    with pytest.raises(errors.Throttled) as raised:
        gmail.address_and_cursor()
    assert raised.value.retry_after_s == min(seconds, 3600)


def test_a_wait_until_a_date_is_understood(server: Running, gmail: GmailClient) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    _fault(server, "status", match="getProfile", status=429, retry_after=until, count=1)
    with pytest.raises(errors.Throttled) as raised:
        gmail.address_and_cursor()
    assert 100 < raised.value.retry_after_s <= 120


def test_a_label_whose_answer_was_lost_is_not_made_twice(server: Running, gmail: GmailClient) -> None:
    _fault(server, "reset", match="labels.create", when="after", count=1)
    with pytest.raises(errors.UpstreamDown):
        gmail.create_label("Once")
    assert [label.name for label in gmail.list_labels()].count("Once") == 1
    with pytest.raises(errors.Conflict):
        gmail.create_label("Once")


@pytest.mark.parametrize("count", [2, 11])
def test_a_change_of_labels_whose_answer_was_lost_is_made_again(
    server: Running, gmail: GmailClient, count: int
) -> None:
    ids = [deliver(server, mail())["id"] for _ in range(count)]
    path = "/batch" if count == 2 else "/gmail/v1/users/me/messages/batchModify"
    _fault(server, "reset", match=path, when="after", count=1)
    assert gmail.modify(ids, remove=["INBOX"]) == {}
    found = gmail.get_metadata(ids, ["From"]).values()
    assert {each.label_ids for each in found if isinstance(each, MailMetadata)} == {frozenset({"UNREAD"})}


def test_a_token_that_gmail_does_not_take_is_renewed_once(server: Running) -> None:
    asked: list[str | None] = []

    def renew(rejected: str | None) -> str:
        asked.append(rejected)
        return "expired" if rejected is None else server.tokens.grant(ALICE, MODIFY)

    gmail = GmailClient(HttpPool(), f"http://127.0.0.1:{server.port}/", Bearer(renew))
    assert gmail.address_and_cursor()[0] == ALICE
    assert gmail.address_and_cursor()[0] == ALICE
    assert asked == [None, "expired"]


def test_an_upload_that_meets_an_old_token_is_sent_again_from_its_start(server: Running) -> None:
    def renew(rejected: str | None) -> str:
        return "expired" if rejected is None else server.tokens.grant(ALICE, MODIFY)

    gmail = SendingGmailClient(HttpPool(), f"http://127.0.0.1:{server.port}/", Bearer(renew))
    mine, ana = Address("", ALICE), Address("Ana", "ana@client.example")
    letter = compose(Composition(mine, "a1", "<a1@own.example>", to=(ana,), subject="Once", text="Dear Ana"))
    raw = gmail.get_raw(gmail.create_draft(letter).message_id)
    assert raw.partition(b"\r\nContent-Type:")[2] == bytes(letter).partition(b"\r\nContent-Type:")[2]


def test_a_second_refusal_is_a_lost_grant_and_no_endless_renewal(server: Running) -> None:
    asked: list[str | None] = []

    def renew(rejected: str | None) -> str:
        asked.append(rejected)
        return f"expired-{len(asked)}"

    gmail = GmailClient(HttpPool(), f"http://127.0.0.1:{server.port}/", Bearer(renew))
    with pytest.raises(errors.GrantLost):
        gmail.address_and_cursor()
    assert asked == [None, "expired-1"]


def test_a_part_of_a_batch_that_is_refused_for_its_token_is_asked_again(
    server: Running, two: list[str]
) -> None:
    _fault(server, "status", match="messages.get", status=401, count=1)
    found = client_of(server).get_metadata(two, ["From"])
    assert all(isinstance(outcome, MailMetadata) for outcome in found.values())


@pytest.mark.parametrize("body", [b"<html>Sorry</html>", b"", b'{"emailAddress": "al', b"\xff\xfe"])
def test_an_answer_that_is_not_json_is_a_fault_of_the_other_side(body: bytes) -> None:
    with _answering(lambda: Response(body, content_type="application/json")) as gmail:
        with pytest.raises(errors.UpstreamDown):
            gmail.address_and_cursor()
        with pytest.raises(errors.UpstreamDown):
            gmail.list_messages()
        with pytest.raises(errors.UpstreamDown):
            gmail.history(1)


def test_a_batch_that_is_answered_with_something_else_is_a_fault_of_the_other_side() -> None:
    with (
        _answering(lambda: Response(b"{}", content_type="application/json")) as gmail,
        pytest.raises(errors.UpstreamDown),
    ):
        gmail.get_metadata(["a", "b"], ["From"])


def test_a_batch_that_leaves_a_part_out_is_a_fault_of_the_other_side() -> None:
    head = b"--x\r\nContent-Type: application/http\r\nContent-ID: <response-1+a>\r\n\r\n"
    part = head + b"HTTP/1.1 404 Not Found\r\n\r\n{}\r\n"
    with (
        _answering(lambda: Response(part + b"--x--", content_type="multipart/mixed; boundary=x")) as gmail,
        pytest.raises(errors.UpstreamDown),
    ):
        gmail.get_metadata(["a", "b"], ["From"])


def test_an_error_page_of_a_proxy_in_between_is_told_by_its_status() -> None:
    with (
        _answering(lambda: Response(b"<html>Bad gateway</html>", 502)) as gmail,
        pytest.raises(errors.UpstreamDown) as raised,
    ):
        gmail.address_and_cursor()
    assert raised.value.code == "gmail_down"


@contextmanager
def _answering(answer: Callable[[], Response]) -> Iterator[GmailClient]:
    """The adapter, speaking to a server that answers everything the same."""

    def app(environ: Any, start_response: Any) -> Any:
        # Read whole, or the next request on the same connection would begin in the middle of this one.
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return answer()(environ, start_response)

    server = serve.make(app, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield GmailClient(HttpPool(), f"http://127.0.0.1:{server.server_port}/", Bearer(lambda _: "token"))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "message",
    ["Metadata scope doesn't allow format FULL", "Metadata scope does not support 'q' parameter"],
)
def test_what_the_metadata_scope_does_not_allow_is_a_missing_scope(message: str) -> None:
    body = json.dumps({"error": {"code": 403, "message": message, "errors": [{"reason": "forbidden"}]}})
    fault = to_error(403, body.encode(), None, datetime(2026, 11, 28, tzinfo=UTC))
    assert (type(fault), fault.code) == (errors.ScopeMissing, "scope_missing")


READ_AND_CHANGE: list[Callable[[GmailClient, list[str]], object]] = [
    lambda gmail, ids: gmail.modify(ids, remove=["INBOX"]),
    lambda gmail, ids: gmail.get_metadata(ids, ["From"]),
    lambda gmail, ids: gmail.get_metadata(ids[:1], ["From"]),
    lambda gmail, ids: gmail.get_listed([(i, f"of {i}") for i in ids], ["From"]),
]


@pytest.mark.parametrize("act", READ_AND_CHANGE)
def test_what_the_consent_does_not_allow_is_no_failure_of_single_messages(
    server: Running, gmail: GmailClient, two: list[str], act: Callable[[GmailClient, list[str]], object]
) -> None:
    for method in ("messages.modify", "messages.get"):
        _fault(server, "status", status=403, reason="insufficientPermissions", match=method)
    with pytest.raises(errors.ScopeMissing):
        act(gmail, two)
