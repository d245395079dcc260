"""Deals and contacts that changed: their mail moves between our three labels, and nothing else about it changes."""

from dataclasses import dataclass, replace
from datetime import datetime

from functions.labeler.carry_out import carry_out
from functions.labeler.desk import Desk
from functions.labeler.find_mail import (
    INBOX,
    Senders,
    find_misplaced,
    list_ids,
    plan,
    read_headers,
    sort_inbox,
)
from functions.labeler.hold_back import must_stop
from functions.labeler.keep_labels import check_labels
from functions.labeler.read_changes import change_pages
from shared.domain.addresses import normalize
from shared.domain.labeling_row import contact_key
from shared.domain.labels import ASK_AGAIN
from shared.domain.sender_search import sender_queries


def follow_changes(since: datetime, desk: Desk) -> None:
    """Sets right the mail of contacts that changed since then. What could not be done now stays asked for.

    One CRM call per 200 changed contacts. Addresses that other contacts have got are searched in the Inbox: 5 units
    per 150; where there is mail from one, it is set right too.
    """
    changed = _changed_addresses(since, desk)
    known = changed.present | changed.former
    arrived = list_ids(desk.gmail, label=INBOX, queries=sender_queries(changed.gained, desk.look_back))
    if not known and not arrived:
        desk.row = replace(desk.row, changed_since=None, confirmed=False)
        return
    contacts = desk.contacts_of(known)
    wanted = desk.wanted(known, contacts)
    # Nobody has a former address any more, says the CRM twice. One that it has just named as somebody's and does not
    # find now is a failure of its, and takes no label off.
    certain = frozenset(
        address for address in wanted if address in contacts or address not in changed.present
    )
    check_labels(desk)
    found = find_misplaced(Senders(wanted, certain), desk)
    mails, unread = read_headers(list(arrived), desk, arrived)
    deeds = [*plan(found), *sort_inbox(mails, desk)]
    unchecked = found.unchecked + len(unread)
    if must_stop(deeds, unchecked, desk):
        return
    failed = carry_out(deeds, desk)
    patient = len(certain) < len(wanted) and desk.now - since < ASK_AGAIN
    if not failed and not unchecked and not patient:
        desk.row = replace(desk.row, changed_since=None, confirmed=False)


@dataclass(frozen=True)
class Changed:
    """Addresses that changed contacts with mail here have now, those that they had, and those that others have got."""

    present: frozenset[str]
    former: frozenset[str]
    gained: frozenset[str]


def _changed_addresses(since: datetime, desk: Desk) -> Changed:
    org = desk.mailbox.org
    present: set[str] = set()
    former: set[str] = set()
    gained: set[str] = set()
    for page in change_pages(org, since, desk.services.connector):
        for change in page.changed:
            if contact_key(org, change.contact.id) in desk.row.contacts:
                present |= {normalize(address) for address in change.contact.addresses}
                former |= {normalize(address) for address in change.former_addresses}
            else:
                gained |= {normalize(address) for address in change.gained}
    return Changed(frozenset(present), frozenset(former), frozenset(gained - present))
