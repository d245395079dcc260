"""Which mail lies in whose mailbox: the plan of about 400 messages, and how each is made."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from local.demo import odd
from local.demo.cast import CONTACTS, STRANGERS, USERS, Person, User
from local.demo.letters import Desk
from local.demo.mime import Letter, Mailbox, as_received, render

DAYS = 90
THREAD_LENGTH = 30
# How many of each kind a user gets. `reply` answers that user's `sent` mail, so it is never the larger.
COUNTS: dict[str, dict[str, int]] = {
    "alice": {
        "plain": 64, "sent": 24, "reply": 24, "newsletter": 14, "pdf": 8, "png": 5, "ics": 5, "large": 1,
        "inline": 6, "odd": 10, "bounce": 3, "thread": THREAD_LENGTH, "list": 10, "stranger": 12, "spam": 8,
        "several": 4, "filed": 12,
    },
    "bob": {
        "plain": 26, "sent": 10, "reply": 10, "newsletter": 6, "pdf": 4, "inline": 2, "stranger": 4,
        "spam": 3, "list": 4, "several": 2, "filed": 4,
    },
    "chloe": {"plain": 12, "sent": 6, "newsletter": 4, "stranger": 3, "list": 4, "pdf": 2, "bounce": 1},
    "daniel": {"plain": 20, "sent": 8, "reply": 8, "png": 4, "odd": 5, "stranger": 4, "spam": 2},
    "emi": {"plain": 5, "sent": 1, "newsletter": 2},
}  # fmt: skip
# Labels the users made themselves: id, owner, name.
USER_LABELS = (
    ("Label_1", "alice", "Trade fair"),
    ("Label_2", "alice", "Projects/Harbour"),
    ("Label_3", "bob", "To sign"),
)


@dataclass(frozen=True)
class Mail:
    """A message in a mailbox. `labels` None: it arrives as new mail does, with INBOX and UNREAD."""

    user: User
    kind: str
    language: str
    sent_at: datetime
    raw: bytes
    labels: tuple[str, ...] | None = None


def fill_mailboxes(rng: random.Random, now: datetime) -> list[Mail]:
    """All mail of all users, oldest first."""
    desk = Desk(rng)
    mails: list[Mail] = []
    for user in USERS:
        mails += _Mailbox(desk, user, now).mails()
    return sorted(mails, key=lambda mail: mail.sent_at)


class _Mailbox:
    """Makes the mail of one user."""

    def __init__(self, desk: Desk, user: User, now: datetime) -> None:
        self._desk = desk
        self._user = user
        self._me: Mailbox = (user.name, user.email)
        self._now = now
        self._people = _in_turn(desk.rng)
        self._sent: list[tuple[Person, Letter]] = []

    def mails(self) -> Iterator[Mail]:
        makers: dict[str, Callable[[int], Mail]] = {
            "sent": self._sent_mail,
            "reply": self._reply,
            "newsletter": self._newsletter,
            "odd": self._odd_charset,
            "bounce": self._bounce,
            "list": self._list_mail,
            "stranger": self._stranger,
            "spam": self._spam,
            "several": self._several,
            "filed": self._filed,
        }
        counts = COUNTS[self._user.id]
        # Sent mail first: replies and bounces refer to it.
        for kind in sorted(counts, key=lambda kind: kind != "sent"):
            if kind == "thread":
                yield from self._thread()
            for index in range(counts[kind] if kind != "thread" else 0):
                yield makers[kind](index) if kind in makers else self._letter_of(kind)

    def _letter_of(self, kind: str) -> Mail:
        letter = self._from(next(self._people))
        return self._mail(kind, letter if kind == "plain" else self._desk.with_file(letter, kind))

    def _from(self, person: Person, to: tuple[Mailbox, ...] | None = None, language: str = "") -> Letter:
        # Now and then people write from their second address.
        address = person.addresses[0 if self._desk.rng.random() < 0.7 else -1]
        return self._desk.plain(
            (person.name, address),
            to or (self._me,),
            language or person.language,
            person.company,
            self._moment(),
        )

    def _sent_mail(self, _index: int) -> Mail:
        person = next(self._people)
        to: tuple[Mailbox, ...] = ((person.name, person.addresses[0]),)
        letter = self._desk.plain(self._me, to, person.language, "Lumen Bridge", self._moment(at_least=2))
        self._sent.append((person, letter))
        return self._mail("sent", letter, person.language, ("SENT",))

    def _reply(self, index: int) -> Mail:
        person, parent = self._sent[index]
        sender = (person.name, person.addresses[0])
        sent_at = parent.sent_at + timedelta(hours=self._desk.rng.randrange(1, 40))
        return self._mail("reply", self._desk.reply(parent, sender, person.language, person.company, sent_at))

    def _newsletter(self, _index: int) -> Mail:
        person = next(self._people)
        sender = (person.company, f"news@{person.addresses[0].rpartition('@')[2]}")
        letter = self._desk.newsletter(sender, self._me, person.language, person.company, self._moment())
        return self._mail("newsletter", letter, person.language)

    def _odd_charset(self, index: int) -> Mail:
        charset = odd.ODD_CHARSETS[index % len(odd.ODD_CHARSETS)]
        person = self._desk.rng.choice([one for one in CONTACTS if one.language == charset.language])
        letter = self._from(person)
        raw = odd.in_charset(letter, charset)
        return Mail(self._user, charset.kind, charset.language, letter.sent_at, raw)

    def _bounce(self, index: int) -> Mail:
        _, failed = self._sent[index]
        sent_at = failed.sent_at + timedelta(minutes=2)
        host = "mx.lumenbridge.example"
        recipient = f"gone.{failed.to[0][1]}"
        raw = odd.bounce(failed, recipient, host, sent_at, self._desk.next_id(host))
        return Mail(self._user, "bounce", "en", sent_at, raw)

    def _list_mail(self, _index: int) -> Mail:
        person = next(self._people)
        sender = (person.name, person.addresses[0])
        letter = self._desk.to_list(sender, person.language, person.company, self._moment())
        return self._mail("list", letter, person.language)

    def _stranger(self, index: int) -> Mail:
        return self._mail("stranger", self._from(STRANGERS[index % len(STRANGERS)]))

    def _spam(self, _index: int) -> Mail:
        language = self._desk.rng.choice(("en", "fr", "de", "ja", "ar"))
        return self._mail(
            "spam", self._desk.spam(self._me, language, self._moment()), language, ("SPAM", "UNREAD")
        )

    def _several(self, _index: int) -> Mail:
        sender, *others = (next(self._people) for _ in range(4))
        letter = self._from(sender)
        return self._mail(
            "several", replace(letter, cc=tuple((one.name, one.addresses[0]) for one in others))
        )

    def _filed(self, index: int) -> Mail:
        own = [label_id for label_id, owner, _ in USER_LABELS if owner == self._user.id]
        # In turn: archived under an own label; read in the Inbox; starred in the Inbox under an own label.
        choices = ((own[index % len(own)],), ("INBOX",), ("INBOX", "STARRED", own[0]))
        return self._mail("filed", self._from(next(self._people)), "", choices[index % len(choices)])

    def _thread(self) -> Iterator[Mail]:
        """One long conversation; the last three mails are unread."""
        person = CONTACTS[0]
        them: Mailbox = (person.name, person.addresses[0])
        start = self._now - timedelta(days=40)
        letter = self._desk.plain(them, (self._me,), person.language, person.company, start)
        yield self._mail("thread", letter, person.language, ("INBOX",))
        for number in range(1, THREAD_LENGTH):
            mine = number % 2 == 1
            sender, company = (self._me, "Lumen Bridge") if mine else (them, person.company)
            sent_at = start + timedelta(hours=30 * number)
            letter = self._desk.reply(letter, sender, person.language, company, sent_at)
            unread = ("UNREAD",) if number >= THREAD_LENGTH - 3 else ()
            yield self._mail("thread", letter, person.language, ("SENT",) if mine else ("INBOX", *unread))

    def _mail(
        self, kind: str, letter: Letter, language: str = "", labels: tuple[str, ...] | None = None
    ) -> Mail:
        raw = render(letter)
        # Nobody vouches for spam, and old mail systems and bounces come as they are.
        if kind != "spam" and "SENT" not in (labels or ()):
            raw = as_received(raw, letter.sender[1])
        return Mail(self._user, kind, language or _language_of(letter), letter.sent_at, raw, labels)

    def _moment(self, at_least: int = 0) -> datetime:
        """A moment on a working hour of the last 90 days, and more than `at_least` days ago."""
        rng = self._desk.rng
        day = self._now - timedelta(days=rng.randrange(at_least + 1, DAYS + 1))
        return day + timedelta(
            hours=rng.randrange(7, 18), minutes=rng.randrange(60), seconds=rng.randrange(60)
        )


def _language_of(letter: Letter) -> str:
    senders = {address: one.language for one in (*CONTACTS, *STRANGERS) for address in one.addresses}
    return senders[letter.sender[1]]


def _in_turn(rng: random.Random) -> Iterator[Person]:
    """All contacts in random order, again and again, so that everybody has some mail."""
    while True:
        yield from rng.sample(CONTACTS, len(CONTACTS))
