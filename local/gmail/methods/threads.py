"""threads.list, get, modify, trash, untrash, delete."""

from collections.abc import Sequence
from typing import Any

from local.gmail.listing import read_token
from local.gmail.mailboxes import Mailboxes
from local.gmail.messages import Message
from local.gmail.methods.call import Answer, Call
from local.gmail.methods.messages import check_selection, page_resource
from local.gmail.methods.modify import read_labels
from local.gmail.methods.resources import changed, message_resource, read_format


def list_threads(boxes: Mailboxes, call: Call) -> Answer:
    check_selection(boxes, call)
    selection = call.selection()
    position = read_token(call.text("pageToken"), "threads", selection)
    page = boxes.listing.threads(selection, position, call.limit(), boxes.clock.now())
    items = [_summary(boxes, call.email, message.thread_id) for message in page.messages]
    return page_resource("threads", items, page, selection)


def _summary(boxes: Mailboxes, email: str, thread_id: str) -> dict[str, Any]:
    messages = boxes.messages.thread(email, thread_id)
    snippet = boxes.parsed.get(email, messages[-1].id).snippet
    return {"id": thread_id, "snippet": snippet, "historyId": _history_id(messages)}


def _history_id(messages: Sequence[Message]) -> str:
    return str(max(message.history_id for message in messages))


def get_thread(boxes: Mailboxes, call: Call) -> Answer:
    messages = boxes.messages.thread(call.email, call.path["id"])
    form, names = read_format(call), call.texts("metadataHeaders")
    return {
        "id": call.path["id"],
        "historyId": _history_id(messages),
        "messages": [message_resource(boxes, message, form, names) for message in messages],
    }


def modify_thread(boxes: Mailboxes, call: Call) -> Answer:
    add, remove = read_labels(boxes, call)
    return _change(boxes, call, add, remove)


def trash_thread(boxes: Mailboxes, call: Call) -> Answer:
    return _change(boxes, call, ["TRASH"], [])


def untrash_thread(boxes: Mailboxes, call: Call) -> Answer:
    return _change(boxes, call, [], ["TRASH"])


def _change(boxes: Mailboxes, call: Call, add: list[str], remove: list[str]) -> Answer:
    with boxes.store.transaction():
        messages = [
            boxes.messages.change_labels(call.email, message.id, add, remove)
            for message in boxes.messages.thread(call.email, call.path["id"])
        ]
    return {
        "id": call.path["id"],
        "historyId": _history_id(messages),
        "messages": [changed(message) for message in messages],
    }


def delete_thread(boxes: Mailboxes, call: Call) -> Answer:
    with boxes.store.transaction():
        for message in boxes.messages.thread(call.email, call.path["id"]):
            boxes.messages.delete(call.email, message.id)
            boxes.drafts.forget_message(call.email, message.id)
    return None


HANDLERS = {
    "threads.list": list_threads,
    "threads.get": get_thread,
    "threads.modify": modify_thread,
    "threads.trash": trash_thread,
    "threads.untrash": untrash_thread,
    "threads.delete": delete_thread,
}
