"""The feed as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html

One Firestore listener a stream: a read for each notice, none for waiting. A stream ends by itself before the
function's time-out, and when the caller's token does; the client comes back with the id of the last event it saw.
"""

import json
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import Any, Final

from functions.notify.list_notices import show_notices
from functions.notify.services import Services
from shared.domain.caller import Caller
from shared.domain.feed import SKEW, FeedBatch, FeedMark, after, parse_mark, resumable
from shared.domain.mailbox import mailbox_id
from shared.errors import AppError, Throttled
from shared.ports.notices import FeedListener

COME_BACK_MS: Final = 2000


@dataclass(frozen=True)
class StreamNotices:
    """Whose notices, and the last event that the client saw, if any."""

    caller: Caller
    last_event_id: str | None


def stream_notices(values: StreamNotices, services: Services) -> Iterator[bytes]:
    """Begins a stream. Raises Throttled (code too_many_streams) where this process has no room for one more."""
    if not services.streams.slots.acquire(blocking=False):
        raise Throttled(
            "Too many streams are open; list the notices, or try again.",
            retry_after_s=30,
            code="too_many_streams",
        )
    return _Stream(values, services)


class _Stream(Iterator[bytes]):
    """Closed by the server when the client goes, also before the first event: so it gives its slot back itself."""

    def __init__(self, values: StreamNotices, services: Services) -> None:
        self._events = _events(values, services)
        self._services = services
        self._open = True

    def __next__(self) -> bytes:
        try:
            return next(self._events)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._open:
            self._open = False
            self._events.close()
            self._services.streams.slots.release()


def _events(values: StreamNotices, services: Services) -> Generator[bytes, None, None]:
    mailbox, now = mailbox_id(values.caller.org, values.caller.user), services.clock.now()
    asked = parse_mark(values.last_event_id) if values.last_event_id else None
    resumed = resumable(asked, now, services.retention)
    first = resumed.expires_at if resumed else now + services.retention
    # Where the retention was longer before, older notices expire after all that can be made while this stream lasts.
    last = now + services.retention + timedelta(seconds=services.streams.seconds)
    batches: SimpleQueue[FeedBatch] = SimpleQueue()
    yield f"retry: {COME_BACK_MS}\n\n".encode()
    listener = services.feed.listen(mailbox, (first - SKEW, last + SKEW), batches.put)
    try:
        yield from _told(values, resumed, listener, batches, services)
    except AppError as error:
        # What was not sent is sent after the client has come back: its last event id has not moved.
        services.log.event("stream.broken", "WARNING", mailbox=mailbox, code=error.code)
    finally:
        listener.stop()


def _told(
    values: StreamNotices,
    mark: FeedMark | None,
    listener: FeedListener,
    batches: "SimpleQueue[FeedBatch]",
    services: Services,
) -> Iterator[bytes]:
    ends_at = time.monotonic() + min(services.streams.seconds, _token_s(values.caller))
    mailbox, first = mailbox_id(values.caller.org, values.caller.user), True
    while (left := ends_at - time.monotonic()) > 0 and listener.alive:
        try:
            batch = batches.get(timeout=min(left, services.streams.heartbeat_s))
        except Empty:
            # Also finds out whether the client is still there.
            yield b": \n\n"
            continue
        if mark is None:
            # What is there already is listed, not streamed. From here on nothing is left out.
            mark = FeedMark(batch.read_at, services.clock.now() + services.retention)
            lost = values.last_event_id is not None
            first = False
            yield _event("reset" if lost else "ready", mark, {})
            continue
        fresh = after(mark, batch)
        # Nobody can have read what has just been made, only what a client missed.
        missed = [fed.notice.message_id for fed in fresh] if first else []
        read = services.notices.read_marks(mailbox, missed)
        first = False
        rows = [(fed.notice, fed.notice.message_id in read) for fed in fresh]
        shown = show_notices(mailbox, rows, values.caller.org, services)
        for fed, row in zip(fresh, shown, strict=True):
            mark = FeedMark(fed.mark.created, max(mark.expires_at, fed.mark.expires_at))
            yield _event("notice", mark, row)


def _token_s(caller: Caller) -> float:
    """Seconds that the caller's token is still good for, by the clock that the token was checked with."""
    return float("inf") if caller.until is None else caller.until.timestamp() - time.time()


def _event(name: str, mark: FeedMark, data: dict[str, Any]) -> bytes:
    body = json.dumps(data, ensure_ascii=False)
    return f"event: {name}\nid: {mark.text()}\ndata: {body}\n\n".encode()
