"""drafts.list, get, create, update, send, delete."""

from typing import Any

from local.gmail.envelope import read_envelope
from local.gmail.errors import invalid_argument
from local.gmail.listing import Selection, read_token
from local.gmail.mailboxes import Mailboxes
from local.gmail.methods.call import Answer, Call
from local.gmail.methods.messages import check_selection, page_resource
from local.gmail.methods.resources import changed, message_resource, read_format, reference


def list_drafts(boxes: Mailboxes, call: Call) -> Answer:
    check_selection(boxes, call)
    selection = Selection(call.email, ("DRAFT",), call.text("q"), call.flag("includeSpamTrash"), call.lag_s)
    position = read_token(call.text("pageToken"), "drafts", selection)
    page = boxes.listing.messages(selection, position, call.limit(), boxes.clock.now())
    items = [
        {"id": boxes.drafts.of_message(call.email, message.id), "message": reference(message)}
        for message in page.messages
    ]
    return page_resource("drafts", items, page, selection)


def get_draft(boxes: Mailboxes, call: Call) -> Answer:
    message = boxes.drafts.message(call.email, call.path["id"])
    return {"id": call.path["id"], "message": message_resource(boxes, message, read_format(call))}


def create_draft(boxes: Mailboxes, call: Call) -> Answer:
    raw, thread = _content(boxes, call)
    draft_id, message = boxes.drafts.create(call.email, raw, boxes.sending.now_ms(), thread)
    return {"id": draft_id, "message": changed(message)}


def update_draft(boxes: Mailboxes, call: Call) -> Answer:
    raw, thread = _content(boxes, call)
    draft_id = call.path["id"]
    message = boxes.drafts.replace(call.email, draft_id, raw, boxes.sending.now_ms(), thread_id=thread)
    return {"id": draft_id, "message": changed(message)}


def _content(boxes: Mailboxes, call: Call) -> tuple[bytes, str | None]:
    message: dict[str, Any] = call.body.get("message") or {}
    raw = call.mail(message.get("raw"))
    return raw, boxes.sending.thread_wish(call.email, read_envelope(raw), message.get("threadId"))


def send_draft(boxes: Mailboxes, call: Call) -> Answer:
    draft_id = call.body.get("id")
    if not draft_id:
        if call.media is None and not call.body.get("message"):
            raise invalid_argument("Missing draft id")
        raw, thread = _content(boxes, call)
        return changed(boxes.sending.send(call.email, raw, draft_thread=thread))
    with boxes.store.transaction():
        message = boxes.drafts.message(call.email, str(draft_id))
        raw = boxes.messages.raw(call.email, message.id)
        if call.media is not None or call.body.get("message", {}).get("raw"):
            raw, _ = _content(boxes, call)
        boxes.drafts.delete(call.email, str(draft_id))
        return changed(boxes.sending.send(call.email, raw, draft_thread=message.thread_id))


def delete_draft(boxes: Mailboxes, call: Call) -> Answer:
    boxes.drafts.delete(call.email, call.path["id"])
    return None


HANDLERS = {
    "drafts.list": list_drafts,
    "drafts.get": get_draft,
    "drafts.create": create_draft,
    "drafts.update": update_draft,
    "drafts.send": send_draft,
    "drafts.delete": delete_draft,
}
