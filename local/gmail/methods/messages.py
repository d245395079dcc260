"""messages.list, get, insert, import, send and attachments.get."""

from typing import Any

from local.gmail.envelope import read_envelope
from local.gmail.errors import GoogleError, invalid_argument, not_found
from local.gmail.listing import Page, read_token, write_token
from local.gmail.mailboxes import Mailboxes
from local.gmail.methods.call import Answer, Call, Media
from local.gmail.methods.resources import changed, message_resource, read_format, reference
from local.gmail.validation import encode_base64url


def list_messages(boxes: Mailboxes, call: Call) -> Answer:
    check_selection(boxes, call)
    selection = call.selection()
    position = read_token(call.text("pageToken"), "messages", selection)
    page = boxes.listing.messages(selection, position, call.limit(), boxes.clock.now())
    return page_resource("messages", [reference(message) for message in page.messages], page, selection)


def check_selection(boxes: Mailboxes, call: Call) -> None:
    """Raises GoogleError 403 for `q` under the metadata scope, 400 for a label that is not there."""
    if call.metadata_only and call.text("q"):
        raise GoogleError(403, "forbidden", "Metadata scope does not support 'q' parameter")
    boxes.labels.check_exist(call.email, call.texts("labelIds"))


def page_resource(key: str, items: list[dict[str, Any]], page: Page, scope: object) -> dict[str, Any]:
    """A list's answer: an empty list has no key of its own."""
    answer: dict[str, Any] = {key: items} if items else {}
    if page.next is not None:
        answer["nextPageToken"] = write_token(key, page.next, scope)
    return answer | {"resultSizeEstimate": page.estimate}


def get_message(boxes: Mailboxes, call: Call) -> Answer:
    message = boxes.messages.get(call.email, call.path["id"])
    if call.text("alt") == "media":
        read_format(call)
        return Media(boxes.messages.raw(call.email, message.id), "message/rfc822")
    return message_resource(boxes, message, read_format(call), call.texts("metadataHeaders"))


def get_attachment(boxes: Mailboxes, call: Call) -> Answer:
    boxes.messages.get(call.email, call.path["messageId"])
    content = boxes.parsed.get(call.email, call.path["messageId"]).attachments.get(call.path["id"])
    if content is None:
        raise not_found()
    if call.text("alt") == "media":
        return Media(content, "application/octet-stream")
    return {"size": len(content), "data": encode_base64url(content)}


def insert_message(boxes: Mailboxes, call: Call) -> Answer:
    return _put(boxes, call, default_labels=frozenset())


def import_message(boxes: Mailboxes, call: Call) -> Answer:
    return _put(boxes, call, default_labels=frozenset({"INBOX", "UNREAD"}))


def _put(boxes: Mailboxes, call: Call, default_labels: frozenset[str]) -> Answer:
    if call.flag("deleted"):
        raise invalid_argument("deleted is for Google Workspace accounts with Vault only.")
    raw = call.mail(call.body.get("raw"))
    labels = frozenset(call.body.get("labelIds", default_labels))
    boxes.labels.check_exist(call.email, labels)
    envelope, now_ms = read_envelope(raw), boxes.sending.now_ms()
    from_header = call.text("internalDateSource") == "dateHeader" and envelope.date_ms is not None
    thread = boxes.sending.thread_wish(call.email, envelope, call.body.get("threadId"))
    message = boxes.messages.add(
        call.email, raw, labels, (envelope.date_ms or 0) if from_header else now_ms, thread_id=thread
    )
    return changed(message)


def send_message(boxes: Mailboxes, call: Call) -> Answer:
    raw = call.mail(call.body.get("raw"))
    return changed(boxes.sending.send(call.email, raw, call.body.get("threadId")))


HANDLERS = {
    "messages.list": list_messages,
    "messages.get": get_message,
    "messages.attachments.get": get_attachment,
    "messages.insert": insert_message,
    "messages.import": import_message,
    "messages.send": send_message,
}
