"""Reads every document of Firestore through the official client and shows it as JSON."""

import base64
import functools
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from google.cloud import firestore


def read_store(project: str) -> dict[str, object]:
    """`{"documents": {path: fields}}`, subcollections included; FIRESTORE_EMULATOR_HOST says where."""
    client = _client(project)
    return {"documents": dict(sorted(_walk(client, client.collections())))}


@functools.cache
def _client(project: str) -> Any:
    return firestore.Client(project=project)


def _walk(client: Any, collections: Any) -> Iterator[tuple[str, object]]:
    for collection in collections:
        # list_documents also names those that do not exist but have subcollections.
        references = list(collection.list_documents(page_size=300))
        for snapshot in client.get_all(references):
            if snapshot.exists:
                yield snapshot.reference.path, to_json_value(snapshot.to_dict())
        for reference in references:
            yield from _walk(client, reference.collections())


def to_json_value(value: Any) -> object:
    """A Firestore value as JSON: bytes as {"bytes": base64}, times as RFC 3339, references as {"reference": path}."""
    if isinstance(value, dict):
        return {key: to_json_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_json_value(inner) for inner in value]
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": str(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, firestore.DocumentReference):
        return {"reference": value.path}
    if isinstance(value, firestore.GeoPoint):
        return {"latitude": value.latitude, "longitude": value.longitude}
    return {"value": str(value)}
