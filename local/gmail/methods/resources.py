"""Gmail's Message and Draft resources in their four formats."""

from collections.abc import Sequence
from typing import Any

from local.gmail.errors import GoogleError
from local.gmail.mailboxes import Mailboxes
from local.gmail.messages import Message
from local.gmail.methods.call import Call
from local.gmail.payload import metadata
from local.gmail.validation import encode_base64url


def reference(message: Message) -> dict[str, Any]:
    """What lists answer of a message."""
    return {"id": message.id, "threadId": message.thread_id}


def changed(message: Message) -> dict[str, Any]:
    """What calls that write answer of a message."""
    resource = reference(message)
    if message.label_ids:
        resource["labelIds"] = sorted(message.label_ids)
    return resource


def message_resource(
    boxes: Mailboxes, message: Message, form: str, header_names: Sequence[str] = ()
) -> dict[str, Any]:
    """A message as `format` asks: minimal, metadata, full or raw."""
    mail = boxes.parsed.get(message.email, message.id)
    resource = changed(message) | {
        "snippet": mail.snippet,
        "sizeEstimate": mail.size_estimate,
        "historyId": str(message.history_id),
        "internalDate": str(message.internal_date),
    }
    if form == "full":
        resource["payload"] = mail.payload
    elif form == "metadata":
        resource["payload"] = metadata(mail.payload, header_names)
    elif form == "raw":
        resource["raw"] = encode_base64url(mail.raw)
    return resource


def read_format(call: Call) -> str:
    """The `format` parameter. Raises GoogleError 403 where the granted scope shows no bodies."""
    form = call.text("format") or "full"
    if call.metadata_only and form in ("full", "raw"):
        raise GoogleError(
            403,
            "forbidden",
            f"Metadata scope doesn't allow format {form.upper()}",
            status="PERMISSION_DENIED",
        )
    return form
