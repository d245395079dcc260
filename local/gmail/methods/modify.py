"""Calls that change or remove messages: modify, trash, delete, and their batch forms."""

from collections.abc import Callable

from local.gmail.errors import GoogleError, invalid_argument
from local.gmail.mailboxes import Mailboxes
from local.gmail.methods.call import MAX_IDS, MAX_LABELS, Answer, Call
from local.gmail.methods.resources import changed


def modify_message(boxes: Mailboxes, call: Call) -> Answer:
    add, remove = read_labels(boxes, call)
    return changed(boxes.messages.change_labels(call.email, call.path["id"], add, remove))


def read_labels(boxes: Mailboxes, call: Call, most: int = MAX_LABELS) -> tuple[list[str], list[str]]:
    """The label ids to add and to remove. Raises GoogleError 400 for unknown, unfit, too many or none."""
    add, remove = list(call.body.get("addLabelIds", ())), list(call.body.get("removeLabelIds", ()))
    if not add and not remove:
        raise invalid_argument("No label add or removes specified")
    if max(len(add), len(remove)) > most:
        raise invalid_argument(f"Too many labels: at most {most}")
    if set(add) & set(remove):
        raise invalid_argument("Cannot both add and remove the same label")
    boxes.labels.check_applicable(call.email, add + remove)
    return add, remove


def batch_modify(boxes: Mailboxes, call: Call) -> Answer:
    add, remove = read_labels(boxes, call)
    _each(boxes, call, lambda message_id: boxes.messages.change_labels(call.email, message_id, add, remove))
    return None


def batch_delete(boxes: Mailboxes, call: Call) -> Answer:
    _each(boxes, call, lambda message_id: _delete(boxes, call.email, message_id))
    return None


def _each(boxes: Mailboxes, call: Call, act: Callable[[str], object]) -> None:
    ids = list(dict.fromkeys(call.body.get("ids", ())))
    if not ids:
        raise invalid_argument("No message ids specified")
    if len(ids) > MAX_IDS:
        raise invalid_argument(f"Too many message ids: at most {MAX_IDS}")
    with boxes.store.transaction():
        for message_id in ids:
            try:
                act(message_id)
            except GoogleError as error:
                # "Provides no guarantees that messages ... even existed at all."
                if error.code != 404:
                    raise


def delete_message(boxes: Mailboxes, call: Call) -> Answer:
    _delete(boxes, call.email, call.path["id"])
    return None


def _delete(boxes: Mailboxes, email: str, message_id: str) -> None:
    with boxes.store.transaction():
        boxes.messages.delete(email, message_id)
        boxes.drafts.forget_message(email, message_id)


def trash_message(boxes: Mailboxes, call: Call) -> Answer:
    return changed(boxes.messages.change_labels(call.email, call.path["id"], ["TRASH"], []))


def untrash_message(boxes: Mailboxes, call: Call) -> Answer:
    return changed(boxes.messages.change_labels(call.email, call.path["id"], [], ["TRASH"]))


HANDLERS = {
    "messages.modify": modify_message,
    "messages.batchModify": batch_modify,
    "messages.batchDelete": batch_delete,
    "messages.delete": delete_message,
    "messages.trash": trash_message,
    "messages.untrash": untrash_message,
}
