"""Who may see a colleague's mail: one pure function, asked again at each read and for each message.

Every rule can only forbid; what no rule forbids is shown. So a rule that is added, or a fact that is missing,
never shows more.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.domain.addresses import ascii_domain, domain_of, normalize
from shared.domain.contact import Contact
from shared.domain.mailbox import Mailbox, Sharing
from shared.domain.policy import Policy

Reason = Literal[
    "owner", "custom", "public",
    "other_organisation", "private", "superior", "not_shared_with_viewer",
    "unlisted", "excluded_domain", "never_shared", "unknown_address", "not_picked",
]  # fmt: skip

STRICTEST_FIRST: Final[tuple[Sharing, ...]] = ("private", "custom", "public")


@dataclass(frozen=True)
class Viewer:
    """The CRM user who wants to read. `is_superior`: of the mailbox's owner, at any level."""

    org: str
    user: str
    roles: frozenset[str] = frozenset()
    is_superior: bool = False


@dataclass(frozen=True)
class MessageFacts:
    """What of a message decides. Addresses are normalised.

    `participants` are the exact addresses of From, To and Cc: they match contacts. `mentioned` is every address
    that stands anywhere in an address header: it keeps messages private. `unlisted`: a draft, chat, spam or trash,
    or one whose address headers are beyond reading.
    """

    participants: frozenset[str]
    mentioned: frozenset[str]
    unlisted: bool = False


@dataclass(frozen=True)
class Records:
    """Contacts that this viewer may see in the CRM, and the ids of those that the owner picked for sharing."""

    contacts: tuple[Contact, ...] = ()
    picked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decision:
    """Whether the message is shown, and the rule that decided. The reason is for logs and tests, not for viewers."""

    allowed: bool
    reason: Reason


def fixed_sharing(policy: Policy, user: str, roles: Collection[str]) -> Sharing | None:
    """What the admin has fixed for a user: a role's value beats the user's, that beats everybody's.

    None where the user chooses. Of several roles with a value the strictest counts.
    """
    by_role = {policy.sharing_by_role[role] for role in roles if role in policy.sharing_by_role}
    if by_role:
        return _strictest(by_role)
    fixed = policy.sharing_by_user.get(user, policy.sharing)
    return None if fixed is None else _strictest({fixed})


def effective_sharing(mailbox: Mailbox, policy: Policy) -> Sharing:
    """The sharing that holds now: the admin's value where there is one, whatever the owner has stored."""
    return fixed_sharing(policy, mailbox.user, mailbox.roles) or _strictest({mailbox.settings.sharing})


def may_ask(viewer: Viewer, mailbox: Mailbox, policy: Policy) -> Decision:
    """Whether any message of this mailbox could be shown to the viewer: decided before Gmail is called."""
    return _decide(_Question(viewer, None, mailbox, policy, Records()), _OF_MAILBOX)


def may_see(
    viewer: Viewer, message: MessageFacts, mailbox: Mailbox, policy: Policy, records: Records
) -> Decision:
    """Whether the viewer may see this message of this mailbox (product rules of sharing; total, never raises)."""
    question = _Question(viewer, message, mailbox, policy, records)
    return _decide(question, {**_OF_MAILBOX, **_OF_MESSAGE})


@dataclass(frozen=True)
class _Question:
    viewer: Viewer
    message: MessageFacts | None
    mailbox: Mailbox
    policy: Policy
    records: Records

    @property
    def sharing(self) -> Sharing:
        return effective_sharing(self.mailbox, self.policy)

    @property
    def others(self) -> frozenset[str]:
        """Every address on the message but the owner's own, whose domain is often an excluded one."""
        mentioned = self.message.mentioned if self.message else frozenset()
        return frozenset(a for a in mentioned if not _is_same_account(a, self.mailbox.email))

    @property
    def contacts_on_it(self) -> frozenset[str]:
        """Ids of the contacts on the message that the viewer may see."""
        participants = self.message.participants if self.message else frozenset()
        return frozenset(
            contact.id
            for contact in self.records.contacts
            if any(normalize(address) in participants for address in contact.addresses)
        )


def _decide(question: _Question, rules: "Mapping[Reason, _Forbids]") -> Decision:
    viewer, mailbox = question.viewer, question.mailbox
    if (viewer.org, viewer.user) == (mailbox.org, mailbox.user):
        return Decision(True, "owner")
    for reason, forbids in rules.items():
        if forbids(question):
            return Decision(False, reason)
    return Decision(True, "public" if question.sharing == "public" else "custom")


_Forbids = Callable[[_Question], bool]


def _is_beyond_share_with(question: _Question) -> bool:
    users, roles = question.policy.share_with_users, question.policy.share_with_roles
    if not users and not roles:
        return False
    return question.viewer.user not in users and question.viewer.roles.isdisjoint(roles)


def _has_excluded_domain(question: _Question) -> bool:
    return _covered(question.others, question.policy.excluded_domains)


def _has_never_shared(question: _Question) -> bool:
    entries = question.mailbox.settings.never_shared
    addresses = frozenset(_spelt_once(entry) for entry in entries if "@" in entry)
    domains = [entry for entry in entries if "@" not in entry]
    written = frozenset(_spelt_once(address) for address in question.others)
    # What is sent to `ana+news@` reaches `ana@`.
    reached = written | frozenset(_untagged(address) for address in written)
    return not reached.isdisjoint(addresses) or _covered(question.others, domains)


# In this order, so that the reason is the widest one. Each is a rule of its own: taking one out shows more.
_OF_MAILBOX: Final[Mapping[Reason, _Forbids]] = {
    "other_organisation": lambda q: q.viewer.org != q.mailbox.org,
    "private": lambda q: q.sharing == "private",
    "superior": lambda q: q.viewer.is_superior and not q.policy.superiors_see,
    "not_shared_with_viewer": _is_beyond_share_with,
}
_OF_MESSAGE: Final[Mapping[Reason, _Forbids]] = {
    "unlisted": lambda q: q.message is None or q.message.unlisted,
    "excluded_domain": _has_excluded_domain,
    "never_shared": _has_never_shared,
    "unknown_address": lambda q: not q.contacts_on_it,
    "not_picked": lambda q: q.sharing == "custom" and q.contacts_on_it.isdisjoint(q.records.picked),
}


def _covered(addresses: Collection[str], domains: Collection[str]) -> bool:
    """Whether any address lies in one of the domains or below it."""
    closed = tuple(f".{ascii_domain(domain)}" for domain in domains)
    return any(f".{ascii_domain(domain_of(address))}".endswith(closed) for address in addresses)


def _is_same_account(address: str, email: str) -> bool:
    """Whether an address is the owner's, with or without a `+tag`."""
    return normalize(email) in (normalize(address), _untagged(normalize(address)))


def _untagged(address: str) -> str:
    """An address without its `+tag`."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _spelt_once(address: str) -> str:
    """An address in the form in which lists of the owner's are compared: its domain as `ascii_domain` says."""
    local, _, domain = normalize(address).rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def _strictest(values: Collection[str]) -> Sharing:
    """The strictest of some values; one that we do not know shares nothing."""
    known = [value for value in STRICTEST_FIRST if value in values]
    return known[0] if known and set(values) <= set(STRICTEST_FIRST) else "private"
