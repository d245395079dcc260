"""Sending: what Gmail does to an outgoing mail, and its delivery to the accounts of this emulator."""

import secrets
from email.utils import format_datetime, formataddr

from local.clock import LocalClock
from local.gmail import headers_edit
from local.gmail.accounts import Accounts
from local.gmail.envelope import Envelope, read_envelope
from local.gmail.errors import invalid_argument
from local.gmail.messages import Message, Messages
from local.gmail.store import Store

# https://support.google.com/mail/answer/6584: attachments of 25 MB once encoded make about 35 MB.
MAX_BYTES = 35 * 1024 * 1024


class Sending:
    """Sends mail of the accounts. Addresses that no account owns are accepted, and nothing arrives."""

    def __init__(self, store: Store, accounts: Accounts, messages: Messages, clock: LocalClock) -> None:
        self._store = store
        self._accounts = accounts
        self._messages = messages
        self._clock = clock

    def send(
        self, email: str, raw: bytes, thread_id: str | None = None, draft_thread: str | None = None
    ) -> Message:
        """The sender's copy, under SENT; `thread_id` is a wish, `draft_thread` a sent draft's thread.

        Raises GoogleError 400 without a recipient, 404 for a thread that does not exist.
        """
        envelope = read_envelope(raw)
        if not envelope.recipients:
            raise invalid_argument("Recipient address required")
        if len(raw) > MAX_BYTES:
            raise invalid_argument("Message too large")
        outgoing = self._prepare(email, raw, envelope)
        owners = {owner for address in envelope.recipients if (owner := self._accounts.owner(address))}
        with self._store.transaction():
            thread = draft_thread or self.thread_wish(email, envelope, thread_id)
            labels = {"SENT", "INBOX", "UNREAD"} if email in owners else {"SENT"}
            own = self._messages.add(email, outgoing, labels, self.now_ms(), thread_id=thread)
            for owner in sorted(owners - {email}):
                self.deliver(owner, self._received(outgoing, email, owner))
        return own

    def deliver(self, email: str, raw: bytes) -> Message:
        """Puts an incoming mail into a mailbox as if it had just arrived; the bytes stay as they are."""
        return self._messages.add(email, raw, {"INBOX", "UNREAD"}, self.now_ms())

    def thread_wish(self, email: str, envelope: Envelope, thread_id: str | None) -> str | None:
        """The thread asked for, if the mail also answers it under its subject; else None.

        https://developers.google.com/workspace/gmail/api/guides/threads: threadId alone is not enough.
        Raises GoogleError 404 for a thread that does not exist.
        """
        if not thread_id:
            return None
        self._messages.thread(email, thread_id)
        return self._messages.thread_for(email, envelope, thread_id)

    def now_ms(self) -> int:
        """The present moment of the local stack, in milliseconds."""
        return int(self._clock.now().timestamp() * 1000)

    def _prepare(self, email: str, raw: bytes, envelope: Envelope) -> bytes:
        replaced = ["Message-ID"]
        fields = [("Message-ID", f"<CA+{secrets.token_urlsafe(33)}@mail.gmail.com>")]
        if envelope.date_ms is None:
            replaced.append("Date")
            fields.append(("Date", format_datetime(self._clock.now())))
        own = {alias.address: alias for alias in self._accounts.send_as(email)}
        if envelope.sender not in own:
            replaced.append("From")
            fields.append(("From", formataddr((own[email].name, email), charset="utf-8")))
        return headers_edit.prepend(headers_edit.remove(raw, replaced), fields)

    def _received(self, raw: bytes, sender: str, receiver: str) -> bytes:
        domain = sender.rpartition("@")[2]
        results = (
            f"mx.google.com; dkim=pass header.i=@{domain}; "
            f"spf=pass smtp.mailfrom={sender}; dmarc=pass header.from={domain}"
        )
        return headers_edit.prepend(
            headers_edit.remove(raw, ["Bcc"]),
            [
                ("Delivered-To", receiver),
                ("Received", f"by mx.google.com for <{receiver}>; {format_datetime(self._clock.now())}"),
                ("Authentication-Results", results),
                ("Return-Path", f"<{sender}>"),
            ],
        )
