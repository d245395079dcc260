"""Disconnect: stop the watch, take labels off if wished, revoke at Google, erase every row, say what was done."""

from dataclasses import dataclass
from typing import Literal

from functions.oauth.services import Services
from functions.oauth.watching import stop_watch
from shared.domain.audit import own_action
from shared.domain.caller import Caller
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.errors import AppError, GrantLost, NotFound
from shared.ports import Gmail

LIST_PAGE = 500


@dataclass(frozen=True)
class Disconnect:
    """Who leaves, and what becomes of the labels in Gmail."""

    caller: Caller
    labels: Literal["keep", "remove"]


@dataclass(frozen=True)
class Receipt:
    """What was done. `erased` counts documents by collection; `inbox_restored` counts mails put back."""

    watch_stopped: bool
    revoked: bool
    erased: dict[str, int]
    labels: Literal["kept", "removed"]
    inbox_restored: int


def disconnect(values: Disconnect, services: Services) -> Receipt:
    """Leaves nothing behind. The mailbox row goes last: a call that dies on the way is finished by the next one.

    Raises NotFound if nothing is connected; what Google or a lost grant refuses is told in the receipt.
    """
    caller = values.caller
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None:
        raise NotFound("No Gmail account is connected.", code="not_connected")
    stopped, restored = _leave_gmail(mailbox, values.labels == "remove", services)
    revoked = _revoke(mailbox, services)
    erased = _erase(mailbox, caller, services)
    services.log.event("mailbox.disconnected", mailbox=mailbox.id)
    removed = values.labels == "remove" and restored is not None
    return Receipt(stopped, revoked, erased, "removed" if removed else "kept", restored or 0)


def _leave_gmail(mailbox: Mailbox, remove: bool, services: Services) -> tuple[bool, int | None]:
    """Whether the watch was stopped, and how many mails went back to the Inbox (None: labels not removed)."""
    stopped, restored = False, None
    try:
        gmail = services.gmail.open(mailbox)
        if mailbox.settings.mailmagnet:
            stopped = stop_watch(mailbox, gmail, services)
        if remove:
            restored = _take_labels_off(mailbox, gmail)
    except GrantLost:
        # Google has let us out already; there is nothing that we could still do there.
        services.log.event("disconnect.grant_lost", mailbox=mailbox.id)
    return stopped, restored


def _take_labels_off(mailbox: Mailbox, gmail: Gmail) -> int:
    """Puts every mail under our labels back into the Inbox and deletes them; a label of the user's own making stays."""
    restored = 0
    for label in mailbox.labels.values():
        if label.adopted:
            continue
        try:
            while ids := [i for i, _ in gmail.list_messages(label_ids=[label.id], limit=LIST_PAGE).ids]:
                gmail.modify(ids, add=["INBOX"], remove=[label.id])
                restored += len(ids)
            gmail.delete_label(label.id)
        except AppError as error:
            if error.code not in ("label_gone", "not_found"):
                raise
    return restored


def _revoke(mailbox: Mailbox, services: Services) -> bool:
    """Revokes the grant at Google, unless another CRM user lives on the same account's consent."""
    others = [m for m in services.mailboxes.by_email(mailbox.email) if m.id != mailbox.id]
    sealed = services.grants.get(mailbox.id)
    if sealed is None or any(other.google_sub == mailbox.google_sub for other in others):
        return False
    try:
        token = services.cipher.open(sealed, (mailbox.org, mailbox.user, mailbox.id))
    except GrantLost:
        return False
    return services.consent.revoke(token)


def _erase(mailbox: Mailbox, caller: Caller, services: Services) -> dict[str, int]:
    attempts = services.connections.of_user(caller.org, caller.user)
    for attempt in attempts:
        services.connections.delete(attempt.id)
    shares = services.shares.delete_all(mailbox.id)
    # The admin keeps the fact that somebody left; it is written with the last row that goes.
    left = own_action(caller, "mailbox.disconnected", services.clock.now())
    return {
        "shares": shares,
        "audit": services.audit.erase_owner(caller.org, caller.user),
        "connections": len(attempts),
        "grants": services.grants.delete(mailbox.id),
        "syncs": services.syncs.delete(mailbox.id),
        "notices": services.notices.delete_all(mailbox.id),
        "labelings": services.labelings.delete(mailbox.id),
        "label_runs": services.label_runs.delete_all(mailbox.id),
        "mailboxes": services.mailboxes.delete(mailbox.id, left),
    }
