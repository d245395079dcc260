"""The routes of this function: method, path, view, permission."""

import hashlib
import json
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.notify.list_notices import ListNotices, list_notices, mark_notice_read
from functions.notify.recount_notices import ReadProof, read_completeness, read_proof, recount_own
from functions.notify.services import Services
from functions.notify.stream_notices import StreamNotices, stream_notices
from shared.moments import OptionalMoment
from shared.web import Answer, Body, NoBody, Request, Route


class NoticesQuery(Body):
    """Which notices are wanted."""

    since: OptionalMoment = None
    unread: bool = False
    verify: bool = False
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, StringConstraints(max_length=1024)] | None = None


def _notices(request: Request, services: Services) -> Answer:
    query = request.parameters(NoticesQuery)
    values = ListNotices(request.caller, **query.model_dump())
    page = list_notices(values, services)
    return _unless_known({"items": list(page.items), "next_cursor": page.next_cursor}, request)


def _stream(request: Request, services: Services) -> Answer:
    values = StreamNotices(request.caller, request.headers.get("Last-Event-ID"))
    # Proxies that would gather an answer before they pass it on are told not to.
    headers = {"X-Accel-Buffering": "no"}
    return Answer(content=stream_notices(values, services), headers=headers, content_type="text/event-stream")


def _read(request: Request, services: Services) -> Answer:
    mark_notice_read(request.caller, request.path["message_id"], services)
    return Answer(status=204)


def _completeness(request: Request, services: Services) -> Answer:
    return Answer(read_completeness(request.caller, services))


def _proof_of(request: Request, services: Services) -> Answer:
    return Answer(read_proof(ReadProof(request.caller, request.path["mailbox_id"]), services))


def _recount(request: Request, services: Services) -> Answer:
    request.json(NoBody)
    return Answer(recount_own(request.caller, services))


def _unless_known(document: object, request: Request) -> Answer:
    """304 where the caller has this very answer already; a proxy may have made its tag a weak one.

    RFC 9110 section 13.1.2.
    """
    etag = f'"{hashlib.sha256(json.dumps(document).encode()).hexdigest()[:32]}"'
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    if etag in known or "*" in known:
        return Answer(status=304, headers={"ETag": etag})
    return Answer(document, headers={"ETag": etag})


ROUTES: tuple[Route[Services], ...] = (
    Route("GET", "/notify/notices", _notices),
    Route("POST", "/notify/notices/<message_id>/read", _read),
    Route("GET", "/notify/stream", _stream),
    Route("GET", "/notify/completeness", _completeness),
    Route("POST", "/notify/completeness", _recount),
    Route("GET", "/notify/org/mailboxes/<mailbox_id>/completeness", _proof_of, permission="mail_admin"),
)
