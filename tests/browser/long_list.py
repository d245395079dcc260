"""A contact with a long list of mail, as the proxy tells it."""

from typing import Any


def contact_page(rows: int) -> dict[str, Any]:
    """The only page: mails number 1 to `rows`."""
    contact = {"id": "won", "name": "Won", "kind": "contact", "addresses": ["won@x.example"], "deals": []}
    items = [mail_row(number) for number in range(1, rows + 1)]
    return {"contact": contact, "items": items, "next_cursor": None, "sources": []}


def mail_row(number: int) -> dict[str, Any]:
    """One mail of the list."""
    person = {"name": "Won", "address": "won@x.example"}
    return {
        "id": f"m{number}", "mailbox": "b", "owner": {"id": "o", "name": "O", "you": True}, "thread_id": "t",
        "message_id": f"<{number}@x>", "from": person, "to": [], "cc": [], "subject": f"Mail number {number}",
        "date": "2026-11-01T09:00:00Z", "snippet": "We are reading it with care. " * 4, "unread": number % 7 == 0,
        "direction": "in", "category": "customers", "labels": [], "has_attachments": False,
    }  # fmt: skip
