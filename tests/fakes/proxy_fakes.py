"""Fakes behind the ports that the proxy reads through, and mail built for them from raw RFC 5322 bytes."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any

from shared.domain.addresses import normalize
from shared.domain.audit import AuditEntry
from shared.domain.caller import Caller
from shared.domain.contact import Contact
from shared.domain.mail import Header, Mail, MailMetadata, Part
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.errors import AppError, GrantLost, LabelGone, NotFound, UpstreamDown
from shared.ports.connector import CrmUser
from shared.ports.gmail import MessagePage

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def part_of(message: Message, number: str = "") -> Part:
    """A MIME tree in Gmail's numbering: parts of the root are 0, 1, …, theirs 0.0, 0.1, …"""
    headers = tuple(
        Header(name, str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
        for name, value in message.raw_items()
    )
    prefix = f"{number}." if number else ""
    below: tuple[Part, ...] = ()
    body = None
    if message.is_multipart():
        children: Any = message.get_payload()
        below = tuple(part_of(child, f"{prefix}{at}") for at, child in enumerate(children))
    else:
        decoded: Any = message.get_payload(decode=True)
        body = bytes(decoded or b"")
    kind = message.get_content_type()
    return Part(number, kind, message.get_filename() or "", headers, body, len(body or b""), None, below)


def mail_of(
    raw: bytes | str, identifier: str = "m1", labels: Collection[str] = ("INBOX",), at: datetime = NOON
) -> Mail:
    """A mail as Gmail would hand it out, from its raw form; a str is taken as UTF-8."""
    content = raw.encode() if isinstance(raw, str) else raw
    root = part_of(message_from_bytes(content.replace(b"\r\n", b"\n")))
    metadata = MailMetadata(identifier, f"t-{identifier}", frozenset(labels), at, root.headers, "a snippet")
    return Mail(metadata, root)


def _outline_of(part: Part) -> Part:
    parts = tuple(map(_outline_of, part.parts))
    return replace(part, body=None, size=len(part.body) if part.body is not None else part.size, parts=parts)


def letter(sender: str = "ana@client.example", to: str = "alice@own.example", **headers: str) -> str:
    """A short plain mail; further headers by name, `_` for `-`."""
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"From: {sender}\nTo: {to}\n{more}\nHello.\n"


@dataclass
class FakeGmail:
    """One mailbox in memory. Search knows `before:` and, as a wide pre-filter, words in the headers."""

    mails: list[Mail] = field(default_factory=list)
    broken: dict[str, AppError] = field(default_factory=dict)
    down: AppError | None = None
    bodies: dict[str, bytes] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    units: int = 0
    cursor: int = 0

    def list_messages(
        self,
        *,
        query: str = "",
        label_ids: Sequence[str] = (),
        limit: int = 50,
        page_token: str | None = None,
        include_spam_trash: bool = False,
    ) -> MessagePage:
        self._spend("messages.list", 5)
        self.queries.append(query)
        if "Label_gone" in label_ids:
            raise LabelGone("gone")
        found = [mail.metadata for mail in self.mails if _matches(mail.metadata, query, label_ids)]
        found.sort(key=lambda mail: mail.received_at, reverse=True)
        start = int(page_token or 0)
        page = found[start : start + limit]
        token = str(start + limit) if start + limit < len(found) else None
        return MessagePage(tuple((mail.id, mail.thread_id) for mail in page), token)

    def get_metadata(
        self, message_ids: Sequence[str], headers: Collection[str]
    ) -> Mapping[str, MailMetadata | AppError]:
        for start in range(0, len(message_ids), 25):
            self._spend("batch", 20 * len(message_ids[start : start + 25]))
        wanted = {name.lower() for name in headers}
        outcomes: dict[str, MailMetadata | AppError] = {}
        for message_id in message_ids:
            mail = self._find(message_id)
            if message_id in self.broken or mail is None:
                outcomes[message_id] = self.broken.get(message_id) or NotFound("There is no such message.")
            else:
                kept = tuple(row for row in mail.metadata.headers if row.name.lower() in wanted)
                outcomes[message_id] = replace(mail.metadata, headers=kept)
        raise_lost(outcomes)
        return outcomes

    def get_listed(
        self, ids: Sequence[tuple[str, str]], headers: Collection[str]
    ) -> Mapping[str, MailMetadata | AppError]:
        hits = Counter(thread_id for _, thread_id in ids)
        alone = [message_id for message_id, thread_id in ids if hits[thread_id] == 1]
        found = dict(self.get_metadata(alone, headers))
        for thread_id, count in hits.items():
            if count > 1:
                self._spend("threads.get", 40)
                self.units -= 20 * count  # what get_metadata below spends
                found |= self.get_metadata([m for m, t in ids if t == thread_id], headers)
        return found

    def stream_attachment(self, message_id: str, attachment_id: str) -> Iterator[bytes]:
        content = self.get_attachment(message_id, attachment_id)
        return iter([content[at : at + 48 * 1024] for at in range(0, len(content), 48 * 1024)])

    def newest_if_changed(self, cursor: int) -> int | None:
        self._spend("history.list", 2)
        return None if self.cursor == cursor else self.cursor

    def address_and_cursor(self) -> tuple[str, int]:
        self._spend("getProfile", 1)
        return "alice@own.example", self.cursor

    def get_mail(self, message_id: str) -> Mail:
        self._spend("messages.get", 20)
        mail = self._find(message_id)
        if mail is None:
            raise NotFound("There is no such message.")
        return mail

    def get_outline(self, message_id: str) -> Mail:
        mail = self.get_mail(message_id)
        return replace(mail, root=_outline_of(mail.root))

    def get_thread(self, thread_id: str) -> Sequence[Mail]:
        self._spend("threads.get", 40)
        found = [mail for mail in self.mails if mail.metadata.thread_id == thread_id]
        if not found:
            raise NotFound("There is no such message.")
        return found

    def get_attachment(self, message_id: str, attachment_id: str) -> bytes:
        self._spend("attachments.get", 20)
        if attachment_id in self.broken:
            raise self.broken[attachment_id]
        return self.bodies[attachment_id]

    def modify(
        self, message_ids: Sequence[str], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Mapping[str, AppError]:
        self._spend("messages.modify", 5 * len(message_ids))
        failures: dict[str, AppError] = {}
        for message_id in message_ids:
            mail = self._find(message_id)
            if mail is None:
                failures[message_id] = NotFound("There is no such message.")
                continue
            labels = (mail.metadata.label_ids | set(add)) - set(remove)
            self.mails[self.mails.index(mail)] = replace(
                mail, metadata=replace(mail.metadata, label_ids=labels)
            )
        return failures

    def _find(self, message_id: str) -> Mail | None:
        return next((mail for mail in self.mails if mail.metadata.id == message_id), None)

    def _spend(self, call: str, units: int) -> None:
        if self.down is not None:
            raise self.down
        self.calls.append(call)
        self.units += units


def raise_lost(outcomes: Mapping[str, object]) -> None:
    """A lost consent is that of every message."""
    for outcome in outcomes.values():
        if isinstance(outcome, GrantLost):
            raise outcome


def _matches(mail: MailMetadata, query: str, label_ids: Sequence[str]) -> bool:
    if not set(label_ids) <= mail.label_ids:
        return False
    until = re.search(r"before:(\d+)", query)
    if until and int(mail.received_at.timestamp()) >= int(until[1]):
        return False
    words = [
        w for group in re.findall(r"(?:from|to|cc):(\([^)]*\)|[^\s}]+)", query) for w in _alternatives(group)
    ]
    text = " ".join(header.value for header in mail.headers).lower()
    return not words or any(all(piece in text for piece in word.split("+")) for word in words)


def _alternatives(value: str) -> list[str]:
    return value.strip("()").split(" OR ")


@dataclass
class FakeOpener:
    """Opens the fake mailboxes by their ids, and counts."""

    by_mailbox: dict[str, FakeGmail]
    opened: int = 0

    def open(self, mailbox: Mailbox) -> Any:
        self.opened += 1
        if mailbox.id not in self.by_mailbox:
            raise GrantLost("no grant")
        return self.by_mailbox[mailbox.id]


@dataclass
class FakeMailboxes:
    """Mailbox rows in memory."""

    rows: dict[str, Mailbox]
    reads: int = 0

    def get(self, mailbox: str) -> Mailbox | None:
        self.reads += 1
        return self.rows.get(mailbox)

    def get_many(self, mailboxes: Collection[str]) -> Sequence[Mailbox]:
        self.reads += len(mailboxes)
        return [self.rows[mailbox] for mailbox in sorted(mailboxes) if mailbox in self.rows]

    def of_org(self, org: str) -> Sequence[Mailbox]:
        return self._counted([row for row in self.rows.values() if row.org == org])

    def with_sharing(self, org: str, sharing: str) -> Sequence[Mailbox]:
        rows = [row for row in self.rows.values() if (row.org, row.settings.sharing) == (org, sharing)]
        return self._counted(rows)

    def _counted(self, rows: Sequence[Mailbox]) -> Sequence[Mailbox]:
        # Firestore bills one read for a query that finds nothing.
        self.reads += max(1, len(rows))
        return rows

    def update(
        self, mailbox: Mailbox, *fields: str, if_unchanged: bool = False, audit: Collection[AuditEntry] = ()
    ) -> Mailbox:
        kept = self.rows[mailbox.id]
        self.rows[mailbox.id] = replace(kept, **{name: getattr(mailbox, name) for name in fields})
        return self.rows[mailbox.id]


@dataclass
class FakeContacts:
    """A CRM with some contacts; `hidden` are those the viewer may not see. `calls` are its connector's.

    `down` names the connector's calls that are not answered.
    """

    rows: dict[str, Contact]
    hidden: frozenset[str] = frozenset()
    people: Sequence[CrmUser] | None = None
    calls: list[str] = field(default_factory=list)
    down: frozenset[str] = frozenset()

    def lookup(self, org: str, addresses: Iterable[str]) -> Sequence[Contact]:
        self._asked("lookup")
        wanted = {normalize(address) for address in addresses}
        return [c for c in self.rows.values() if wanted & {normalize(a) for a in c.addresses}]

    def users(self, org: str) -> Sequence[CrmUser] | None:
        self._asked("users")
        return self.people

    def contact(self, org: str, contact_id: str, viewer: str) -> Contact:
        self._asked("contact")
        if contact_id not in self.rows or contact_id in self.hidden:
            raise NotFound("There is no such contact.", code="contact_not_found")
        return self.rows[contact_id]

    def _asked(self, call: str) -> None:
        self.calls.append(call)
        if call in self.down:
            raise UpstreamDown("The CRM did not answer as agreed.", code="crm_down")


class FixedClock:
    """Always noon."""

    def now(self) -> datetime:
        return NOON


def caller(user: str = "alice", org: str = "acme") -> Caller:
    """A CRM user who may read mail."""
    return Caller(org, user, frozenset({"mail_integration"}), name=user.title())


def mailbox_of(who: Caller, **fields: Any) -> Mailbox:
    """The connected mailbox of a caller."""
    row = Mailbox(
        mailbox_id(who.org, who.user), who.org, who.user, who.name, f"{who.user}@own.example", "sub",
        NOON - timedelta(days=9),
    )  # fmt: skip
    return replace(row, **fields)
