"""Custom sharing: the owner picks contacts whose mail colleagues may see."""

from dataclasses import dataclass
from typing import Any, NoReturn

from functions.oauth.read_mailbox import stamp
from functions.oauth.services import Services
from shared.domain.audit import own_action
from shared.domain.caller import Caller
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.share import Share
from shared.domain.sharing import effective_sharing
from shared.errors import Conflict, NotFound
from shared.usecases.erase_late import erase_if_left


@dataclass(frozen=True)
class ShareContact:
    """The owner and a contact, by the CRM's id."""

    caller: Caller
    contact_id: str


@dataclass(frozen=True)
class ListShares:
    """A page of the owner's picks."""

    caller: Caller
    limit: int
    cursor: str | None


def share_contact(values: ShareContact, services: Services) -> dict[str, Any]:
    """Picks a contact, once: three reads, one CRM call, three writes (two are audit).

    Raises NotFound for a contact that the CRM does not show to the caller, Conflict (code custom_sharing_off) where
    the sharing that holds is not `custom`.
    """
    caller = values.caller
    mailbox = _custom(caller, services)
    contact = services.crm.contact(caller.org, values.contact_id, caller.user)
    now = services.clock.now()
    entry = own_action(caller, "share.added", now, contact_id=contact.id)
    share = services.shares.put(Share(mailbox.id, caller.org, contact.id, now), entry)
    if erase_if_left(mailbox, services):
        _not_connected()
    return _shown(share)


def stop_sharing(values: ShareContact, services: Services) -> None:
    """Ends a pick; again is as good, also for a contact that the CRM has no more. Two reads, three writes.

    Raises Conflict as above.
    """
    caller = values.caller
    mailbox = _custom(caller, services)
    entry = own_action(caller, "share.removed", services.clock.now(), contact_id=values.contact_id)
    services.shares.delete(mailbox.id, values.contact_id, entry)


def list_shares(values: ListShares, services: Services) -> dict[str, Any]:
    """The owner's picks in a steady order. Two reads, and one for each pick. Raises Conflict as above."""
    caller = values.caller
    mailbox = _custom(caller, services)
    bound_to = (caller.org, caller.user, "shares")
    after = services.cursors.open(values.cursor, bound_to)["id"] if values.cursor else None
    rows = services.shares.page(mailbox.id, after, values.limit)
    full = len(rows) == values.limit
    return {
        "items": [_shown(share) for _, share in rows],
        "next_cursor": services.cursors.seal({"id": rows[-1][0]}, bound_to) if full else None,
    }


def _custom(caller: Caller, services: Services) -> Mailbox:
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None or mailbox.leaving is not None:
        _not_connected()
    if effective_sharing(mailbox.seen_with(caller.roles), services.orgs.get(caller.org)) != "custom":
        raise Conflict(
            "Contacts are shared one by one only while your sharing is set to custom.",
            code="custom_sharing_off",
        )
    return mailbox


def _not_connected() -> NoReturn:
    raise NotFound("No Gmail account is connected.", code="not_connected")


def _shown(share: Share) -> dict[str, Any]:
    return {"contact_id": share.contact_id, "shared_at": stamp(share.shared_at)}
