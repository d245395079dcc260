"""Deals and contacts that changed: their mail moves between our three labels, and nothing else about it changes."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from functions.labeler.carry_out import carry_out
from functions.labeler.desk import Desk
from functions.labeler.find_mail import Found, Senders, find_misplaced
from functions.labeler.hold_back import must_stop
from functions.labeler.keep_labels import check_labels
from functions.labeler.read_changes import change_pages
from shared.domain.addresses import normalize
from shared.domain.labeling_row import contact_key
from shared.domain.labels import ASK_AGAIN, Deed, plan_change


def follow_changes(since: datetime, desk: Desk) -> None:
    """Sets right the mail of contacts that changed since then. What could not be done now stays asked for."""
    present, former = _changed_addresses(since, desk)
    if not present and not former:
        desk.row = replace(desk.row, changed_since=None, confirmed=False)
        return
    contacts = desk.contacts_of({*present, *former})
    wanted = desk.wanted({*present, *former}, contacts)
    # Nobody has a former address any more, says the CRM twice. One that it has just named as somebody's and does not
    # find now is a failure of its, and takes no label off.
    certain = frozenset(address for address in wanted if address in contacts or address not in present)
    check_labels(desk)
    found = find_misplaced(Senders(wanted, certain), desk)
    deeds = plan(found)
    if must_stop(deeds, found.unchecked, desk):
        return
    failed = carry_out(deeds, desk)
    patient = len(certain) < len(wanted) and desk.now - since < ASK_AGAIN
    if not failed and not found.unchecked and not patient:
        desk.row = replace(desk.row, changed_since=None, confirmed=False)


def plan(found: Found) -> list[Deed]:
    """What to do with the mail that was found."""
    planned = (plan_change(standing, found.last.get(standing.message_id)) for standing in found.standings)
    return [deed for deed in planned if isinstance(deed, Deed)]


def _changed_addresses(since: datetime, desk: Desk) -> tuple[Collection[str], Collection[str]]:
    """Addresses that changed contacts with mail here have now, and those that they had."""
    org = desk.mailbox.org
    present: set[str] = set()
    former: set[str] = set()
    for page in change_pages(org, since, desk.services.connector):
        for change in page.changed:
            if contact_key(org, change.contact.id) in desk.row.contacts:
                present |= {normalize(address) for address in change.contact.addresses}
                former |= {normalize(address) for address in change.former_addresses}
    return present, former
