"""Short forms of google-api-python-client's calls, and of what their answers say."""

import base64
from collections.abc import Iterable
from email.message import EmailMessage
from typing import Any

from googleapiclient.errors import HttpError

Facts = dict[str, Any]


def mail(subject: str, *, to: str = "owner@mail.example", **headers: str) -> EmailMessage:
    """A small text mail from a customer."""
    message = EmailMessage()
    message["From"] = "Carla Kunde <carla@kunde.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0000"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"Text of {subject}.\n")
    return message


def raw(message: EmailMessage) -> str:
    return base64.urlsafe_b64encode(message.as_bytes()).decode()


def decoded(data: str) -> bytes:
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


def outcome(call: Any) -> Any:
    """200, or the status and reason of the refusal."""
    try:
        call.execute()
    except HttpError as refusal:
        details = refusal.error_details
        reason = details[0].get("reason") if isinstance(details, list) and details else None
        return refusal.resp.status, reason
    return 200


def insert(
    gmail: Any, message: EmailMessage, labels: Iterable[str] = ("INBOX", "UNREAD"), **body: str
) -> Any:
    request = {"raw": raw(message), "labelIds": list(labels), **body}
    return gmail.users().messages().insert(userId="me", body=request).execute()


def get(gmail: Any, message_id: str, **parameters: Any) -> Any:
    return gmail.users().messages().get(userId="me", id=message_id, **parameters).execute()


def dated_by(message: Any) -> str:
    """Whether `internalDate` is the Date header that `mail` writes, or the time of receipt."""
    return "Date header" if message["internalDate"] == "1793613600000" else "receipt"


def labels_of(message: Any) -> list[str]:
    return sorted(message.get("labelIds", []))


def headers_of(message: Any, *names: str) -> dict[str, str]:
    wanted = {name.lower() for name in names}
    return {
        header["name"]: header["value"]
        for header in message["payload"]["headers"]
        if header["name"].lower() in wanted
    }
