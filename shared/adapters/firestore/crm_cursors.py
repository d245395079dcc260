"""How far each organisation's changes are handed on: `crm_cursors/{hash of the id}`."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from shared.adapters.firestore.documents import Documents, known_moment, moment
from shared.domain.labeling_row import org_key
from shared.errors import Conflict, NotFound, Stale, TryAgain
from shared.ports.labeling import CrmCursor

ATTEMPTS: Final = 4


class FirestoreCrmCursors:
    """One document an organisation that has labels."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, org: str) -> CrmCursor | None:
        document = self._documents.get(f"crm_cursors/{org_key(org)}")
        if document is None:
            return None
        row = document.fields
        return CrmCursor(
            row["org"],
            known_moment(row["since"]),
            row["calendar"],
            untold_since=moment(row.get("untold_since")),
            searched_at=moment(row.get("searched_at")),
            version=document.version,
        )

    def begin(self, cursor: CrmCursor) -> None:
        path = f"crm_cursors/{org_key(cursor.org)}"
        for _ in range(ATTEMPTS):
            try:
                self._documents.create(path, _fields(cursor))
                return
            except Conflict:
                # It may be about to end; what has changed since it was read is not ended.
                with suppress(NotFound):
                    self._documents.update(path, {"begun": uuid.uuid4().hex})
                    return
        raise TryAgain("The organisation's cursor keeps coming and going.", code="store_contended")

    def end(self, cursor: CrmCursor) -> bool:
        path = f"crm_cursors/{org_key(cursor.org)}"
        try:
            return bool(self._documents.delete_existing(path, version=cursor.version))
        except Stale:
            return False

    def save(self, cursor: CrmCursor) -> None:
        self._documents.put(f"crm_cursors/{org_key(cursor.org)}", _fields(cursor))

    def orgs(self, limit: int, after: str | None = None) -> Sequence[tuple[str, str]]:
        def shape(query: Any) -> Any:
            query = query.order_by("__name__").select(["org"])
            if after is not None:
                query = query.start_after({"__name__": after})
            return query.limit(limit)

        found = self._documents.query("crm_cursors", shape)
        return [(document.id, str(document.fields["org"])) for document in found]


def _fields(cursor: CrmCursor) -> dict[str, Any]:
    return {
        "org": cursor.org,
        "since": cursor.since,
        "calendar": cursor.calendar,
        "untold_since": cursor.untold_since,
        "searched_at": cursor.searched_at,
    }
