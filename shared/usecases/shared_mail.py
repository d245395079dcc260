"""Which colleagues' mailboxes may be asked, and which of their messages shown. Decided anew at each call.

Settings, policy, picks and the CRM decide; Gmail is called only for a mailbox that may be seen, and what it answers
is held against `may_see` message by message.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from shared.domain.audit import AuditEntry
from shared.domain.caller import Caller
from shared.domain.contact import Contact, by_address
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.message_facts import facts_of
from shared.domain.policy import Policy
from shared.domain.sharing import (
    Decision,
    MessageFacts,
    Records,
    Viewer,
    effective_sharing,
    may_ask,
    may_see,
)
from shared.errors import NotFound
from shared.ports.clock import Clock
from shared.ports.connector import CrmUser, SharingConnector
from shared.ports.mailboxes import MailboxStore
from shared.ports.orgs import OrgStore
from shared.ports.sharing import AuditStore, ShareStore
from shared.usecases.erase_late import erase_if_left

CONTACTS_ASKED: Final = 20
"""Contacts of one message whose visibility the CRM is asked for; a message with more known ones may stay hidden."""


@dataclass(frozen=True)
class SharingServices:
    """What deciding needs."""

    mailboxes: MailboxStore
    orgs: OrgStore
    shares: ShareStore
    crm: SharingConnector
    audit: AuditStore
    clock: Clock


@dataclass(frozen=True)
class SharedMailbox:
    """A colleague's mailbox that may be asked on behalf of one viewer, in one call."""

    mailbox: Mailbox
    viewer: Viewer
    policy: Policy

    def decide(self, facts: MessageFacts, contacts: tuple[Contact, ...], picked: Iterable[str]) -> Decision:
        """Whether one message is shown. `contacts` are those that the viewer may see in the CRM."""
        records = Records(contacts, frozenset(picked))
        return may_see(self.viewer, facts, self.mailbox, self.policy, records)


@dataclass(frozen=True)
class SharedForContact:
    """A colleague's mailbox and the contact whose page is shown."""

    shared: SharedMailbox
    contact: Contact
    picked: frozenset[str]

    def shows(self, mail: MailMetadata) -> bool:
        """Whether this message may stand on the contact's page."""
        return self.shared.decide(facts_of(mail), (self.contact,), self.picked).allowed


@dataclass(frozen=True)
class ContactPage:
    """Who looks at which contact; the CRM has answered that this user may see it."""

    viewer: Caller
    contact: Contact


def mailboxes_shared_with(values: ContactPage, services: SharingServices) -> tuple[SharedForContact, ...]:
    """Colleagues' mailboxes that may be asked for mail with this contact, ordered by id. Gmail is not called.

    Reads: 1 for the policy, one for each pick of this contact (at least 1), one for each row of such a pick, and one
    for each mailbox stored as public (at least 1; of a whole organisation whose admin has fixed `public`). One call
    to the CRM where a mailbox is left that a superior or a role's fixed value may concern.
    """
    caller, contact = values.viewer, values.contact
    policy = services.orgs.get(caller.org)
    picks = services.shares.mailboxes_for(caller.org, contact.id)
    own = mailbox_id(caller.org, caller.user)
    rows = {row.id: row for row in _candidates(picks, policy, caller.org, services) if row.id != own}
    found = []
    for shared in _that_may_be_asked(rows.values(), caller, policy, services):
        picked = frozenset({contact.id}) if shared.mailbox.id in picks else frozenset()
        if picked or effective_sharing(shared.mailbox, policy) == "public":
            found.append(SharedForContact(shared, contact, picked))
    return tuple(sorted(found, key=lambda row: row.shared.mailbox.id))


@dataclass(frozen=True)
class OpenShared:
    """Who wants to look into which mailbox."""

    viewer: Caller
    mailbox: str


def find_shared_mailbox(values: OpenShared, services: SharingServices) -> SharedMailbox | None:
    """A colleague's mailbox if any of its messages could be shown; None, whatever the reason, if not.

    Two reads, and one call to the CRM as above. Gmail is not called.
    """
    caller = values.viewer
    row = services.mailboxes.get(values.mailbox)
    if row is None or row.org != caller.org:
        return None
    policy = services.orgs.get(caller.org)
    return next(iter(_that_may_be_asked([row], caller, policy, services)), None)


@dataclass(frozen=True)
class MessageViews:
    """Decides message by message within one call, and asks the CRM about each contact only once."""

    shared: SharedMailbox
    services: SharingServices
    _seen: dict[str, bool] = field(default_factory=dict)
    _known: dict[str, tuple[Contact, ...]] = field(default_factory=dict)
    _facts: dict[MailMetadata, MessageFacts] = field(default_factory=dict)

    def expect(self, mails: Iterable[MailMetadata]) -> None:
        """Looks up the addresses of several messages together: one CRM call per 200, where any may be shown."""
        read = [self._read(mail) for mail in mails]
        self._learn(address for facts in read if self._may_be_shown(facts) for address in facts.participants)

    def shows(self, mail: MailMetadata) -> bool:
        """Whether one message may be shown: one CRM call for its addresses, and one for each contact that matters.

        In `custom` mode one read for each contact on it.
        """
        facts = self._read(mail)
        if not self._may_be_shown(facts):
            return False
        contacts = self._learn(facts.participants)
        picked = self._picked(contacts)
        # Decided as if the CRM showed the contact; only where that would do is the CRM asked.
        enough = (c for c in contacts if self._possible(facts, (c,), picked))
        return any(self._may_see_contact(contact.id) for contact in islice(enough, CONTACTS_ASKED))

    def note(self, message_ids: Iterable[str]) -> bool:
        """Records that the viewer opened these messages: one write each, one read. False where the owner has left."""
        mailbox, viewer = self.shared.mailbox, self.shared.viewer
        now = self.services.clock.now()
        for message_id in message_ids:
            entry = AuditEntry(
                mailbox.org, viewer.user, "message.viewed", now, mailbox.user, message_id=message_id
            )
            self.services.audit.add(entry)
        return not erase_if_left(mailbox, self.services)

    @property
    def _org(self) -> str:
        return self.shared.mailbox.org

    def _read(self, mail: MailMetadata) -> MessageFacts:
        # Reading headers costs more than all that is decided by them. The mail itself is the key: what Gmail answers
        # anew, with other labels, is read anew.
        if mail not in self._facts:
            self._facts[mail] = facts_of(mail)
        return self._facts[mail]

    def _possible(
        self, facts: MessageFacts, contacts: tuple[Contact, ...], picked: frozenset[str] | None = None
    ) -> bool:
        everyone = frozenset(contact.id for contact in contacts) if picked is None else picked
        return self.shared.decide(facts, contacts, everyone).allowed

    def _may_be_shown(self, facts: MessageFacts) -> bool:
        # As if all addresses were one contact's, picked and seen by all: what is refused even then needs no call.
        return self._possible(facts, (Contact("", "", "contact", tuple(facts.participants)),))

    def _learn(self, addresses: Iterable[str]) -> tuple[Contact, ...]:
        """The contacts with these addresses, each once."""
        asked = frozenset(addresses)
        if missing := asked - self._known.keys():
            found = by_address(self.services.crm.lookup(self._org, missing))
            self._known.update({address: found.get(address, ()) for address in missing})
        contacts = {contact.id: contact for address in sorted(asked) for contact in self._known[address]}
        return tuple(contacts.values())

    def _picked(self, contacts: tuple[Contact, ...]) -> frozenset[str]:
        if effective_sharing(self.shared.mailbox, self.shared.policy) != "custom" or not contacts:
            return frozenset()
        return self.services.shares.picked(self.shared.mailbox.id, [contact.id for contact in contacts])

    def _may_see_contact(self, contact_id: str) -> bool:
        if contact_id not in self._seen:
            try:
                self.services.crm.contact(self._org, contact_id, self.shared.viewer.user)
                self._seen[contact_id] = True
            except NotFound:
                self._seen[contact_id] = False
        return self._seen[contact_id]


def _candidates(
    picks: frozenset[str], policy: Policy, org: str, services: SharingServices
) -> Iterable[Mailbox]:
    yield from services.mailboxes.get_many(picks)
    fixed = {policy.sharing, *policy.sharing_by_role.values()}
    if "public" in fixed:
        # What owners have stored does not tell: any mailbox may be public.
        yield from services.mailboxes.of_org(org)
        return
    by_user = [user for user, sharing in policy.sharing_by_user.items() if sharing == "public"]
    yield from services.mailboxes.get_many([mailbox_id(org, user) for user in by_user])
    if policy.sharing is None:
        yield from services.mailboxes.with_sharing(org, "public")


def _that_may_be_asked(
    rows: Iterable[Mailbox], caller: Caller, policy: Policy, services: SharingServices
) -> Iterable[SharedMailbox]:
    """The rows that no rule closes to the viewer, by what we know without the CRM and then with it."""
    viewer = Viewer(caller.org, caller.user, caller.roles)
    by_role = bool(policy.sharing_by_role)
    staying = (row for row in rows if row.status != "leaving")
    left = [row for row in staying if by_role or may_ask(viewer, row, policy).allowed]
    if not left:
        return
    users: Mapping[str, CrmUser] = {}
    if by_role or not policy.superiors_see:
        users = {user.id: user for user in services.crm.users(caller.org) or ()}
    for row in left:
        owner = users.get(row.user)
        current = replace(row, roles=tuple(sorted(owner.roles))) if owner else row
        asking = replace(viewer, is_superior=caller.user in superiors_of(row.user, users))
        if may_ask(asking, current, policy).allowed:
            yield SharedMailbox(current, asking, policy)


def superiors_of(user: str, users: Mapping[str, CrmUser]) -> frozenset[str]:
    """All superiors of a user, at any level; a circle ends where it closes."""
    found: set[str] = set()
    above = users[user].superior if user in users else None
    while above is not None and above not in found:
        found.add(above)
        above = users[above].superior if above in users else None
    return frozenset(found - {user})
