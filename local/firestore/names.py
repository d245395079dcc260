"""Resource names: projects/P/databases/D/documents/collection/id/collection/id."""

import re

from local.firestore.errors import invalid

_RESERVED = re.compile(r"__.*__", re.DOTALL)
_NUMERIC_ID = re.compile(r"__id-?\d+__")
_MAX_ID_BYTES = 1500
_ROOT_SEGMENTS = 5


def database_of(name: str) -> str:
    """projects/P/databases/D of a document's or parent's name. Raises FirestoreError for any other text."""
    parts = name.split("/", _ROOT_SEGMENTS)
    if len(parts) < 4 or parts[0] != "projects" or parts[2] != "databases":
        raise invalid(f'Resource name "{name}" lacks "projects" at index 0.')
    return "/".join(parts[:4])


def collection_of(document: str) -> str:
    """The full name of the collection that holds `document`."""
    return document.rsplit("/", 1)[0]


def group_of(collection: str) -> str:
    """The collection id: the last segment of a collection's full name."""
    return collection.rsplit("/", 1)[1]


def check_document_name(name: str) -> None:
    """Raises FirestoreError unless `name` is a document's full name with ids that Firestore takes.

    https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields
    """
    database_of(name)
    parts = name.split("/")
    if len(parts) <= _ROOT_SEGMENTS or parts[4] != "documents":
        raise invalid(f'Document name "{name}" lacks "/documents/".')
    ids = parts[_ROOT_SEGMENTS:]
    if len(ids) % 2:
        raise invalid(f'Document name "{name}" lacks "/" at index {len(name)}.')
    for each in ids:
        _check_id(each)


def check_parent(name: str) -> None:
    """Raises FirestoreError unless `name` is a database's documents root or a document."""
    database_of(name)
    parts = name.split("/")
    if len(parts) < _ROOT_SEGMENTS or parts[4] != "documents":
        raise invalid(f'Document parent name "{name}" lacks "/" at index {len(name)}.')
    if (len(parts) - _ROOT_SEGMENTS) % 2:
        raise invalid(f'Document parent name "{name}" is a collection.')


def _check_id(text: str) -> None:
    if not text:
        raise invalid("Resource id must not be empty.")
    if text in {".", ".."}:
        raise invalid(f'Resource id "{text}" is invalid because it is reserved.')
    if _RESERVED.fullmatch(text) and not _NUMERIC_ID.fullmatch(text):
        raise invalid(f'Resource id "{text}" is invalid because it is reserved.')
    if len(text.encode()) > _MAX_ID_BYTES:
        raise invalid(f"Resource id is longer than {_MAX_ID_BYTES} bytes.")
