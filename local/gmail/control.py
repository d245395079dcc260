"""The control calls under `/_emulator/`: for tests and for people, never for the product."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from local.gmail.envelope import read_envelope
from local.gmail.errors import GoogleError, invalid_argument, not_found
from local.gmail.faults import Faults
from local.gmail.mailboxes import Mailboxes
from local.gmail.push import Pushes
from local.gmail.quota import Quota
from local.gmail.validation import decode_base64url

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

View = Callable[[Request], tuple[int, object]]


class Control:
    """A WSGI application. `token_calls` reads, `reset_token_calls` zeroes the OAuth server's counter."""

    def __init__(
        self,
        boxes: Mailboxes,
        quota: Quota,
        faults: Faults,
        pushes: Pushes,
        *,
        token_calls: Callable[[], int],
        reset_token_calls: Callable[[], None],
    ) -> None:
        self._boxes = boxes
        self._quota = quota
        self._faults = faults
        self._pushes = pushes
        self._token_calls = token_calls
        self._reset_token_calls = reset_token_calls
        self._views: Mapping[tuple[str, str], View] = {
            ("POST", "deliver"): self._deliver,
            ("GET", "quota"): self._read_quota,
            ("DELETE", "quota"): self._reset_quota,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "pushes"): self._read_pushes,
            ("GET", "messages"): self._list_messages,
        }

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        view = self._views.get((request.method, request.path.removeprefix("/_emulator/")))
        try:
            if view is None:
                raise not_found()
            status, content = view(request)
        except GoogleError as error:
            return error.response()(environ, start_response)
        return _respond(status, content)(environ, start_response)

    def _deliver(self, request: Request) -> tuple[int, object]:
        body = _object(request)
        to, raw = body.get("to"), body.get("raw")
        if not isinstance(to, str) or not isinstance(raw, str):
            raise invalid_argument("`to` is an address and `raw` a base64url mail.")
        owner = self._boxes.accounts.owner(to.strip())
        if owner is None:
            raise GoogleError(404, "notFound", f"There is no mailbox for {to[:200]!r}.")
        message = self._boxes.sending.deliver(owner, decode_base64url(raw, "raw"))
        return 201, {"id": message.id, "threadId": message.thread_id}

    def _read_quota(self, request: Request) -> tuple[int, object]:
        return 200, {**self._quota.report(), "token_calls": self._token_calls()}

    def _reset_quota(self, request: Request) -> tuple[int, object]:
        self._quota.reset()
        self._reset_token_calls()
        return 204, None

    def _add_fault(self, request: Request) -> tuple[int, object]:
        fault = self._faults.add(_object(request))
        return 201, {"kind": fault.kind, "match": fault.match}

    def _clear_faults(self, request: Request) -> tuple[int, object]:
        self._faults.clear()
        self._pushes.release()
        return 204, None

    def _read_pushes(self, request: Request) -> tuple[int, object]:
        return 200, self._pushes.state()

    def _list_messages(self, request: Request) -> tuple[int, object]:
        user = request.args.get("user", "").lower()
        if user not in self._boxes.accounts.all():
            raise GoogleError(404, "notFound", f"There is no mailbox {user[:200]!r}.")
        return 200, [self._describe(user, message.id) for message in self._boxes.messages.all(user)]

    def _describe(self, user: str, message_id: str) -> dict[str, Any]:
        message = self._boxes.messages.get(user, message_id)
        envelope = read_envelope(self._boxes.messages.raw(user, message_id))
        return {
            "id": message.id,
            "threadId": message.thread_id,
            "labelIds": sorted(message.label_ids),
            "from": envelope.from_header,
            "subject": envelope.subject,
        }


def _object(request: Request) -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise invalid_argument("The body is a JSON object.")
    return body


def _respond(status: int, content: object) -> Response:
    if content is None:
        return Response(status=status)
    return Response(json.dumps(content), status=status, mimetype="application/json")
