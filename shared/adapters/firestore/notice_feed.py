"""The feed of a mailbox's notices: one Firestore listener, told of each notice as it is made."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from typing import Any, Final

from shared.adapters.firestore.documents import Documents, field_filter, known_moment
from shared.domain.feed import FedNotice, FeedBatch, FeedMark
from shared.domain.notice import Notice

REOPEN_S: Final = 1.0
"""Seconds before a lost stream is opened again."""


class FirestoreFeedListener:
    """A running listener; it lives in threads of Google's client until `stop`.

    That client opens a lost stream again at once, also after it was ended: while Firestore is out of reach, a core of
    work for each listener. Here it waits REOPEN_S before, and opens none that was stopped.
    """

    def __init__(self, watch: Any) -> None:
        self._watch = watch
        self._stopped = Event()
        rpc = watch._rpc
        if rpc is not None:
            usual = rpc._should_recover
            rpc._should_recover = lambda error: not self._stopped.wait(REOPEN_S) and usual(error)

    @property
    def alive(self) -> bool:
        return bool(self._watch.is_active)

    def stop(self) -> None:
        self._stopped.set()
        self._watch.unsubscribe()


class FirestoreNoticeFeed:
    """Listens by expiry, which is in the order of making, but for the skew of clocks."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def listen(
        self, mailbox: str, expiring: tuple[datetime, datetime], tell: Callable[[FeedBatch], None]
    ) -> FirestoreFeedListener:
        first = [1]

        def changed(_documents: Sequence[Any], changes: Sequence[Any], read_at: Any) -> None:
            added = [change.document for change in changes if change.type.name == "ADDED"]
            # A query that finds nothing is billed as one read.
            self._documents.note_reads(max(len(added), first.pop() if first else 0))
            tell(FeedBatch(tuple(_fed(snapshot) for snapshot in added), known_moment(read_at)))

        def shape(query: Any) -> Any:
            query = query.where(filter=field_filter("expires_at", ">=", expiring[0]))
            return query.where(filter=field_filter("expires_at", "<=", expiring[1])).order_by("expires_at")

        return FirestoreFeedListener(self._documents.listen(f"mailboxes/{mailbox}/notices", shape, changed))


def _fed(snapshot: Any) -> FedNotice:
    row = snapshot.to_dict()
    mark = FeedMark(known_moment(snapshot.create_time), known_moment(row["expires_at"]))
    return FedNotice(Notice(snapshot.id, row["from"], known_moment(row["received_at"])), mark)
