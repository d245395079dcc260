"""Drafts in the caller's own mailbox: written, replaced and deleted; and the addresses they may be sent from."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from functions.proxy.own_mailbox import checked_id, find_own, opened
from functions.proxy.send_mail import find_sending
from functions.proxy.services import Services
from functions.proxy.write_mail import Wanted, write_mail
from shared.domain.caller import Caller
from shared.domain.compose import compose
from shared.domain.header_text import decode_header, showable
from shared.domain.mail import Mail
from shared.domain.message import addresses_of, timestamp
from shared.domain.message_body import plan_body, show_body
from shared.domain.outgoing import Alias, check_recipients
from shared.domain.quoting import without_old_mail
from shared.ports.gmail import Draft

_NEW: Final = "draft"
_FORWARD: Final = "forward"
"""What the Message-ID of a draft of ours begins with. Gmail gives a draft that is edited there an id of its own."""
LISTED: Final = 10
"""Drafts that are looked through for ours."""


@dataclass(frozen=True)
class SaveDraft:
    """A draft's content; `draft_id` None for a new one."""

    caller: Caller
    wanted: Wanted
    draft_id: str | None = None


def save_draft(values: SaveDraft, services: Services) -> dict[str, Any]:
    """The draft's ids: 11 units for a new one, 16 to replace one. Raises NotFound, and what `write_mail` raises.

    A draft may lack recipients. Nothing is tried again: after a lost answer there may be a draft nobody knows.
    """
    mailbox = find_sending(values.caller, services)
    with opened(mailbox, services) as gmail:
        mark = f"{_kind(values.wanted)}{uuid.uuid4().hex}"
        written = write_mail(values.wanted, mark, mailbox, gmail, services.clean_html)
        if written.mail.to or written.mail.cc or written.mail.bcc:
            check_recipients(written.mail)
        letter = compose(written.mail)
        if values.draft_id is None:
            return _show(gmail.create_draft(letter, written.thread_id))
        return _show(gmail.update_draft(checked_id(values.draft_id), letter, written.thread_id))


def _kind(wanted: Wanted) -> str:
    """A forward's files and HTML are the old mail's; one with any of its own is no plain text, and not listed."""
    own_is_plain = wanted.html is None and not wanted.files and wanted.forward_as == "inline"
    return _FORWARD if wanted.mode == "forward" and own_is_plain else _NEW


def list_drafts(caller: Caller, services: Services) -> dict[str, Any]:
    """Those of the newest ten drafts that were written here as plain text, newest first: 5 units, and 5 for each.

    Not the drafts of mail that is being sent, nor those edited in Gmail, nor forwards with files or HTML of their own:
    to save one here would lose its form.
    Raises NotFound (code not_connected), ScopeMissing.
    """
    mailbox = find_sending(caller, services)
    with opened(mailbox, services) as gmail:
        drafts = gmail.newest_drafts(LISTED)
    shown = [row for draft, mail in drafts if (row := _show_written(draft, mail)) is not None]
    return {"items": shown, "next_cursor": None}


@dataclass(frozen=True)
class DeleteDraft:
    """A draft of the caller's."""

    caller: Caller
    draft_id: str


def delete_draft(values: DeleteDraft, services: Services) -> None:
    """10 units. Raises NotFound."""
    mailbox = find_sending(values.caller, services)
    with opened(mailbox, services) as gmail:
        gmail.delete_draft(checked_id(values.draft_id))


def list_aliases(caller: Caller, services: Services) -> dict[str, Any]:
    """What may stand in `from`: 1 unit. Raises NotFound (code not_connected)."""
    mailbox = find_own(caller, services)
    with opened(mailbox, services) as gmail:
        aliases = gmail.list_aliases()
    return {"items": [_show_alias(alias, services) for alias in aliases], "next_cursor": None}


def _show(draft: Draft) -> dict[str, Any]:
    return {"id": draft.id, "message_id": draft.message_id, "thread_id": draft.thread_id}


def _show_written(draft: Draft, mail: Mail) -> dict[str, Any] | None:
    """A draft as it was written here, without the old mail under it; None for any other."""
    head = mail.metadata
    mark = head.first("Message-ID").lstrip("<")
    forward = mark.startswith(_FORWARD)
    plan = plan_body(mail.root)
    shown = show_body(plan, {})
    has_html = any(segment.html for segment in plan.segments)
    plain = not plan.attachments and not has_html and not plan.to_fetch
    if not forward and not (mark.startswith(_NEW) and plain):
        return None
    answered = head.first("In-Reply-To")
    text = without_old_mail(shown.text, forward=forward) if answered else shown.text
    return {
        **_show(draft),
        "saved_at": timestamp(head.received_at),
        "forward": forward,
        "in_reply_to": showable(answered, 998) or None,
        "from": addresses_of(head, "From"),
        "to": addresses_of(head, "To"),
        "cc": addresses_of(head, "Cc"),
        "bcc": addresses_of(head, "Bcc"),
        "subject": decode_header(head.first("Subject"), 998),
        "text": text,
    }


def _show_alias(alias: Alias, services: Services) -> dict[str, Any]:
    """The signature is made safe to be shown: a page puts it into its editor."""
    safe = services.clean_html(alias.signature, attachment_url=lambda _: None, show_images=True)
    return {
        "name": showable(alias.address.name, 300),
        "address": showable(alias.address.address, 320),
        "verified": alias.verified,
        "default": alias.default,
        "reply_to": showable(alias.reply_to, 320),
        "signature": safe.html or "",
    }
