"""The project's Gmail units, spread over a few documents: `quota_shards/{number}`."""

from dataclasses import replace
from typing import Final

from shared.adapters.firestore.documents import Documents
from shared.errors import Conflict, NotFound, Stale
from shared.ports.quota import Shard

TIMEOUT_S: Final = 2.0
"""Somebody may be waiting for the answer, and gets none sooner than this."""


class FirestoreQuotaShards:
    """Of two processes that write what both have read, one wins."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def read(self, number: int) -> Shard:
        document = self._documents.get(_path(number), timeout_s=TIMEOUT_S)
        if document is None:
            return Shard(number, 0.0)
        return Shard(number, float(document.fields["full_at"]), document.version)

    def write(self, shard: Shard) -> Shard:
        path, fields = _path(shard.number), {"full_at": shard.full_at}
        try:
            if shard.version is None:
                version = self._documents.create(path, fields, timeout_s=TIMEOUT_S)
            else:
                version = self._documents.update(path, fields, version=shard.version, timeout_s=TIMEOUT_S)
        except (Conflict, NotFound):
            # Stale is a Conflict too: whoever was first has written.
            raise Stale("Another process has taken units meanwhile.") from None
        return replace(shard, version=version)


def _path(number: int) -> str:
    return f"quota_shards/{number}"
