"""One immutable version of one document."""

from local.firestore.messages import Document
from local.firestore.paths import DOCUMENT_ID, read_field, split_path
from local.firestore.times import to_micros
from local.firestore.values import RANKS, Key, order_key, reference_key


class Snapshot:
    """A stored document that nobody changes any more, with the order keys of its fields computed once."""

    __slots__ = ("_keys", "create_time", "document", "name", "update_time")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.name = document.name
        self.create_time = to_micros(document.create_time)
        self.update_time = to_micros(document.update_time)
        self._keys: dict[str, Key | None] = {}

    def key(self, path: str) -> Key | None:
        """The order key of the field at `path` (`__name__`: of the name), None where there is none."""
        if path not in self._keys:
            self._keys[path] = self._compute(path)
        return self._keys[path]

    def _compute(self, path: str) -> Key | None:
        if path == DOCUMENT_ID:
            return (RANKS["reference_value"], reference_key(self.name))
        value = read_field(self.document.fields, split_path(path))
        return None if value is None else order_key(value)
