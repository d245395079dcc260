"""A whole Gmail account in memory: what the proxy's fake reads, and labels, history and watches beside it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from shared.domain.mailbox import GmailLabel
from shared.errors import AppError, BadInput, Conflict, LabelGone, Misconfigured, NotFound
from shared.ports.gmail import AddedMessage, History, HistoryExpired, MessagePage, Watch
from tests.fakes.clock import FakeClock
from tests.fakes.proxy_fakes import FakeGmail, letter, mail_of, raise_lost

SYSTEM_LABELS = frozenset(
    {"INBOX", "UNREAD", "SENT", "DRAFT", "SPAM", "TRASH", "STARRED", "IMPORTANT", "CHAT"}
)


@dataclass
class FakeAccount(FakeGmail):
    """One account. `labels` are the user's own and ours, by id; `history_from` is the oldest cursor still known.

    Search finds mail only when it has been there for `index_lag`. `affords_until`: units in all from which on nothing
    more can be afforded (None: always everything). `unchangeable`: messages that can be read, and their labels not be
    changed.
    """

    address: str = "alice@own.example"
    clock: FakeClock = field(default_factory=FakeClock)
    labels: dict[str, str] = field(default_factory=dict)
    watching: str | None = None
    topic_is_granted: bool = True
    other_client: bool = False
    index_lag: timedelta = timedelta()
    history_id: int = 9_007_199_254_740_993
    history_from: int = 0
    affords_until: int | None = None
    unchangeable: dict[str, AppError] = field(default_factory=dict)
    _added: list[tuple[int, str]] = field(default_factory=list)

    def receive(
        self,
        sender: str = "ana@client.example",
        labels: Collection[str] = ("INBOX", "UNREAD"),
        thread: str | None = None,
    ) -> str:
        """A mail comes in now; its id. `thread`: the conversation it belongs to, if not one of its own."""
        message_id = f"m{len(self._added) + 1}"
        mail = mail_of(letter(sender, self.address), message_id, labels, self.clock.now())
        if thread is not None:
            mail = replace(mail, metadata=replace(mail.metadata, thread_id=thread))
        self.mails.append(mail)
        self.announce(message_id)
        return message_id

    def announce(self, message_id: str) -> None:
        """History names a message, whether it can be read or not."""
        self.history_id += 7
        self._added.append((self.history_id, message_id))

    def delete(self, message_id: str) -> None:
        """The user deletes a message for good."""
        self.mails = [mail for mail in self.mails if mail.metadata.id != message_id]

    def labels_of(self, message_id: str) -> frozenset[str]:
        """Label ids of a message."""
        mail = self._find(message_id)
        assert mail is not None
        return mail.metadata.label_ids

    def afford(self, units: int) -> int:
        return units if self.affords_until is None else max(0, min(units, self.affords_until - self.units))

    def address_and_cursor(self) -> tuple[str, int]:
        self._spend("getProfile", 1)
        return self.address, self.history_id

    def watch(self, topic: str) -> Watch:
        self._spend("watch", 100)
        if not self.topic_is_granted:
            raise Misconfigured("Gmail may not publish to the topic.", code="topic_not_granted")
        if self.other_client:
            raise Misconfigured("Another topic has the only watch.", code="other_push_client")
        self.watching = topic
        return Watch(self.history_id, self.clock.now() + timedelta(days=7))

    def stop_watch(self) -> None:
        self._spend("stop", 50)
        self.watching = None

    def history(self, cursor: int, most: int = 100) -> History | HistoryExpired:
        self._spend("history.list", 2)
        if cursor < self.history_from:
            return HistoryExpired()
        records = [record for record in self._added if record[0] > cursor]
        added = [
            AddedMessage(
                message_id, mail.metadata.label_ids if (mail := self._find(message_id)) else frozenset()
            )
            for _, message_id in records[:most]
        ]
        if len(records) > most:
            return History(tuple(added), records[most - 1][0], more=True)
        return History(tuple(added), max(cursor, self.history_id))

    def list_messages(
        self,
        *,
        query: str = "",
        label_ids: Sequence[str] = (),
        limit: int = 50,
        page_token: str | None = None,
        include_spam_trash: bool = False,
    ) -> MessagePage:
        self._check(label_ids)
        since = re.search(r"after:(\d+)", query)
        moment = datetime.fromtimestamp(int(since[1]) if since else 0, UTC)
        indexed = self.clock.now() - self.index_lag
        places = {"sent": "SENT", "drafts": "DRAFT"}
        excluded = {places[name] for name in re.findall(r"-in:(\w+)", query)}
        everything = self.mails
        self.mails = [
            mail
            for mail in everything
            if moment < mail.metadata.received_at <= indexed
            and not mail.metadata.label_ids & excluded
            and (include_spam_trash or not mail.metadata.label_ids & {"SPAM", "TRASH"})
        ]
        try:
            return super().list_messages(query=query, label_ids=label_ids, limit=limit, page_token=page_token)
        finally:
            self.mails = everything

    def list_labels(self) -> Sequence[GmailLabel]:
        self._spend("labels.list", 1)
        system = [GmailLabel(label_id, label_id) for label_id in sorted(SYSTEM_LABELS)]
        return [*system, *(GmailLabel(label_id, name) for label_id, name in self.labels.items())]

    def create_label(self, name: str) -> GmailLabel:
        self._spend("labels.create", 5)
        if name.casefold() in {taken.casefold() for taken in self.labels.values()}:
            raise Conflict("Gmail says that this exists already.", code="exists_in_gmail")
        label = GmailLabel(f"Label_{self.calls.count('labels.create')}", name)
        self.labels[label.id] = label.name
        return label

    def delete_label(self, label_id: str) -> None:
        self._spend("labels.delete", 5)
        if self.labels.pop(label_id, None) is None:
            raise NotFound("There is no such message.")
        self._strip(label_id)

    def modify(
        self, message_ids: Sequence[str], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Mapping[str, AppError]:
        self._check([*add, *remove])
        broken = self.broken | self.unchangeable
        many = len(message_ids) > 10
        failing = {m: broken[m] for m in message_ids if m in broken}
        raise_lost(failing)
        if many:
            # Of many, Gmail passes over what is missing; what it refuses, halves lead to.
            failing = {m: error for m, error in failing.items() if isinstance(error, BadInput)}
        outcome = super().modify([m for m in message_ids if m not in failing], add=add, remove=remove)
        return failing if many else {**failing, **outcome}

    def _check(self, label_ids: Sequence[str]) -> None:
        if any(label_id not in SYSTEM_LABELS and label_id not in self.labels for label_id in label_ids):
            raise LabelGone("A label of ours was deleted in Gmail.")

    def _strip(self, label_id: str) -> None:
        for message_id in [mail.metadata.id for mail in self.mails if label_id in mail.metadata.label_ids]:
            super().modify([message_id], remove=[label_id])
