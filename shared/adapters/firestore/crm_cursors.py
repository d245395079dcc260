"""How far each organisation's changes are handed on: `crm_cursors/{hash of the id}`."""

from collections.abc import Sequence
from typing import Any

from shared.adapters.firestore.documents import Documents, known_moment, moment
from shared.domain.labeling_row import org_key
from shared.errors import Conflict
from shared.ports.labeling import CrmCursor


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
        )

    def begin(self, cursor: CrmCursor) -> None:
        try:
            self._documents.create(f"crm_cursors/{org_key(cursor.org)}", _fields(cursor))
        except Conflict:
            return

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
