"""The edge of the private entry points: garbage is acknowledged from Google, and refused like all else from others."""

import io
import json

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from shared.errors import NotAuthenticated
from shared.events import EntryPoint, PushMessage
from shared.log import Log

GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"\xff\xfe{",
    "half of it": b'{"message": {"data": "',
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "no message": b"{}",
    "a message that is none": b'{"message": null}',
    "a list for a message": b'{"message": [1]}',
    "an event without data": b'{"data": "x"}',
    "deeply nested": b'{"message":' * 50_000 + b"1" + b"}" * 50_000,
    "data that is no base64": b'{"message": {"data": "\xc3\xa9"}}',
    "data that is a number": b'{"message": {"data": 7}}',
    "attributes that are a list": b'{"message": {"attributes": ["traceparent"]}}',
    "an attempt beyond counting": b'{"message": {"data": ""}, "deliveryAttempt": 1e999}',
    "an attempt that is no number": b'{"message": {"data": ""}, "deliveryAttempt": NaN}',
    "an attempt of many digits": b'{"message": {"data": ""}, "deliveryAttempt": ' + b"9" * 5_000 + b"}",
    "an attempt that is an object": b'{"message": {"data": ""}, "deliveryAttempt": {"a": 1}}',
    "a moment that is none": b'{"message": {"data": "", "publishTime": "noon"}}',
    "a moment that is a number": b'{"message": {"data": "", "publishTime": 1}}',
    "half a surrogate pair": b'{"message": {"data": "", "messageId": "\\ud800"}}',
}


def _answered(body: bytes, *, by_google: bool) -> tuple[Response, str]:
    def admit(authorization: str | None) -> None:
        if authorization != "Bearer google":
            raise NotAuthenticated("This call needs a token of Google's.")

    def handle(message: PushMessage) -> None:
        raise AssertionError(f"taken for a message: {message}")

    log = io.StringIO()
    headers = Headers({"Authorization": f"Bearer {'google' if by_google else 'anybody'}"})
    request = Request(EnvironBuilder(method="POST", data=body, headers=headers).get_environ())
    return EntryPoint("on_gmail_push", admit, Log(log, strict=True)).push(request, handle), log.getvalue()


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_from_google_is_logged_and_not_sent_again(name: str) -> None:
    answer, log = _answered(GARBAGE[name], by_google=True)
    assert answer.status_code == 204
    assert "invalid_push" in log


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_from_anybody_else_is_refused_like_any_call_without_a_token(name: str) -> None:
    answer, _ = _answered(GARBAGE[name], by_google=False)
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert json.loads(answer.data)["code"] == "not_authenticated"
