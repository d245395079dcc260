"""Works out what a list of writes does, without doing it: all of them succeed or an error says why not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from local.firestore.errors import already_exists, invalid, not_found, precondition_failed
from local.firestore.messages import Document, Message, Write, WriteResult
from local.firestore.names import check_document_name
from local.firestore.paths import delete_field, read_field, split_path, write_field
from local.firestore.snapshot import Snapshot
from local.firestore.storage import Change
from local.firestore.times import to_micros, to_timestamp
from local.firestore.transforms import apply_transforms, check_transforms
from local.firestore.values import make_storable

Lookup = Callable[[str], Snapshot | None]


@dataclass(frozen=True)
class Plan:
    """What a commit changes, and the answer to each write."""

    changes: Change
    results: list[WriteResult]


def plan_writes(writes: Iterable[Write], stored: Lookup, time: int) -> Plan:
    """The effect of `writes`, each seeing the ones before it. Raises FirestoreError; it changes nothing.

    `stored` finds present documents, `time` is the commit's, in microseconds.
    """
    # Malformed writes are refused before any precondition is looked at.
    targets = [(write, _target(write)) for write in writes]
    for write, _ in targets:
        check_transforms(_transforms(write))
    plan = Plan({}, [])
    for write, name in targets:
        old = plan.changes[name] if name in plan.changes else stored(name)
        _check_precondition(write, name, old)
        new, result = _effect(write, name, old, time)
        if new is not old:
            plan.changes[name] = new
        plan.results.append(result)
    return plan


def _target(write: Write) -> str:
    operation = write.WhichOneof("operation")
    if operation == "update":
        name: str = write.update.name
    elif operation == "delete":
        name = write.delete
    elif operation == "transform":
        name = write.transform.document
    else:
        raise invalid("empty write operation")
    check_document_name(name)
    return name


def _check_precondition(write: Write, name: str, old: Snapshot | None) -> None:
    condition = write.current_document
    kind = condition.WhichOneof("condition_type")
    if kind == "exists":
        if condition.exists and old is None:
            raise not_found(f"No document to update: {name}")
        if not condition.exists and old is not None:
            raise already_exists(f"Document already exists: {name}")
    elif kind == "update_time":
        stored = old.update_time if old else 0
        required = to_micros(condition.update_time)
        if stored != required:
            raise precondition_failed(
                f"the stored version ({stored}) does not match the required base version ({required})"
            )


def _effect(write: Write, name: str, old: Snapshot | None, time: int) -> tuple[Snapshot | None, WriteResult]:
    """The document after one write (`old` itself where nothing changed) and the write's result."""
    result = WriteResult()
    if write.WhichOneof("operation") == "delete":
        return None, result
    draft = _draft(write, name, old)
    result.transform_results.extend(apply_transforms(draft, _transforms(write), time))
    make_storable(draft)
    if old is not None:
        draft.create_time.CopyFrom(old.document.create_time)
        draft.update_time.CopyFrom(old.document.update_time)
        if _same(draft, old.document):
            # A write without effect leaves the update time as it was.
            result.update_time.CopyFrom(draft.update_time)
            return old, result
    else:
        draft.create_time.CopyFrom(to_timestamp(time))
    draft.update_time.CopyFrom(to_timestamp(time))
    result.update_time.CopyFrom(draft.update_time)
    return Snapshot(draft), result


def _draft(write: Write, name: str, old: Snapshot | None) -> Document:
    """The document with the fields of the write, before its transforms."""
    draft = Document(name=name)
    replaced = write.WhichOneof("operation") == "update" and not write.HasField("update_mask")
    if replaced:
        _copy_fields(write.update, draft)
        return draft
    if old is not None:
        _copy_fields(old.document, draft)
    if write.HasField("update_mask"):
        _merge(write.update, write.update_mask, draft)
    return draft


def _transforms(write: Write) -> Sequence[Message]:
    transforms: Sequence[Message] = write.transform.field_transforms or write.update_transforms
    return transforms


def _merge(update: Document, mask: Message, draft: Document) -> None:
    """Each path of the mask is written if the update has it and deleted if not."""
    for path in mask.field_paths:
        names = split_path(path)
        value = read_field(update.fields, names)
        if value is None:
            delete_field(draft.fields, names)
        else:
            write_field(draft.fields, names, value)


def _copy_fields(source: Document, target: Document) -> None:
    for name, value in source.fields.items():
        target.fields[name].CopyFrom(value)


def _same(one: Document, other: Document) -> bool:
    # As bytes: compared as messages, NaN is unlike itself and 0.0 is like -0.0.
    return one.SerializeToString(deterministic=True) == other.SerializeToString(deterministic=True)
