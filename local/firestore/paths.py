"""Field paths ("a.b.`odd name`"): reading, writing and deleting what they point at."""

import re
from collections.abc import Sequence
from functools import lru_cache

from local.firestore.errors import invalid
from local.firestore.messages import Document, Fields, Value

DOCUMENT_ID = "__name__"

_SIMPLE = r"[a-zA-Z_][a-zA-Z_0-9]*"
_QUOTED = r"`(?:[^`\\]|(?:\\.))+`"
_SEGMENT = re.compile(f"({_SIMPLE})|({_QUOTED})", re.DOTALL)


@lru_cache(maxsize=4096)
def split_path(path: str) -> tuple[str, ...]:
    """The field names of a path. Raises FirestoreError where the path is malformed.

    https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#documentmask
    """
    if not path:
        raise invalid("Invalid empty property path string.")
    names: list[str] = []
    position = 0
    while True:
        found = _SEGMENT.match(path, position)
        if found is None:
            raise _malformed(path)
        names.append(found[1] or re.sub(r"\\(.)", r"\1", found[2][1:-1], flags=re.DOTALL))
        position = found.end()
        if position == len(path):
            return tuple(names)
        if path[position] != ".":
            raise _malformed(path)
        position += 1


def read_field(fields: Fields, names: Sequence[str]) -> Value | None:
    """The value at a path, or None where there is none."""
    value: Value | None = None
    for depth, name in enumerate(names):
        if depth:
            if value is None or value.WhichOneof("value_type") != "map_value":
                return None
            fields = value.map_value.fields
        if name not in fields:
            return None
        value = fields[name]
    return value


def write_field(fields: Fields, names: Sequence[str], value: Value) -> None:
    """Puts `value` at a path; anything but a map on the way is replaced by a map."""
    for name in names[:-1]:
        step = fields[name]
        if step.WhichOneof("value_type") != "map_value":
            step.map_value.SetInParent()
        fields = step.map_value.fields
    fields[names[-1]].CopyFrom(value)


def delete_field(fields: Fields, names: Sequence[str]) -> None:
    """Removes what a path points at; a path that leads nowhere changes nothing."""
    for name in names[:-1]:
        if name not in fields or fields[name].WhichOneof("value_type") != "map_value":
            return
        fields = fields[name].map_value.fields
    if names[-1] in fields:
        del fields[names[-1]]


def project(document: Document, paths: Sequence[str]) -> Document:
    """A copy of `document` with the fields that `paths` name and no others."""
    reduced = Document(name=document.name, create_time=document.create_time, update_time=document.update_time)
    for path in paths:
        if path == DOCUMENT_ID:
            continue
        names = split_path(path)
        value = read_field(document.fields, names)
        if value is not None:
            write_field(reduced.fields, names, value)
    return reduced


def _malformed(path: str) -> Exception:
    return invalid(
        f'Invalid property path "{path}". Unquoted property paths must match regex ({_SIMPLE}), '
        f"and quoted property paths must match regex ({_QUOTED})"
    )
