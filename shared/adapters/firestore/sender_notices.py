"""Notices by who sent them (`mailboxes/{mailbox}/notices/{message}`): read only."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from shared.adapters.firestore.documents import Documents, field_filter, known_moment
from shared.domain.notice import Notice

SENDERS_PER_QUERY: Final = 30
"""Values that one `in` may name."""


class FirestoreSenderNotices:
    """Asks by the From address; the received time is compared here, which saves a composite index."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def from_senders(self, mailbox: str, senders: Collection[str], since: datetime) -> Sequence[Notice]:
        wanted, found = sorted(set(senders)), list[Notice]()
        for start in range(0, len(wanted), SENDERS_PER_QUERY):
            chunk = wanted[start : start + SENDERS_PER_QUERY]

            def shape(query: Any, chunk: list[str] = chunk) -> Any:
                return query.where(filter=field_filter("from", "in", chunk))

            for document in self._documents.query(f"mailboxes/{mailbox}/notices", shape):
                received_at = known_moment(document.fields["received_at"])
                if received_at >= since:
                    found.append(Notice(document.id, document.fields["from"], received_at))
        return found
