"""A parsed mail as a person would write it down: bodies as text, attachment ids as the ids of their parts."""

import base64
from typing import Any

from local.gmail.payload import ParsedMail

JSON = dict[str, Any]


def readable(mail: ParsedMail) -> JSON:
    """What the `.json` files beside the mails hold."""
    names = dict.fromkeys(mail.attachments, "")
    answer = {
        "snippet": mail.snippet,
        "internal_date": mail.internal_date,
        "has_attachment": mail.has_attachment,
        "payload": _part(mail.payload, names),
    }
    answer["attachments"] = {names[key]: _text(content) for key, content in mail.attachments.items()}
    return answer


def _part(part: JSON, names: dict[str, str]) -> JSON:
    body = dict(part["body"])
    if "data" in body:
        body["data"] = base64.urlsafe_b64decode(body["data"]).decode("utf-8")
    if "attachmentId" in body:
        names[body["attachmentId"]] = f"part {part['partId'] or 'root'}"
        body["attachmentId"] = names[body["attachmentId"]]
    answer = {
        **part,
        "headers": [f"{header['name']}: {header['value']}" for header in part["headers"]],
        "body": body,
    }
    if "parts" in part:
        answer["parts"] = [_part(child, names) for child in part["parts"]]
    return answer


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return f"hex {content.hex()}"
