"""Parsed mails, kept while they are in use: a message's bytes never change under its id."""

import threading
from collections import OrderedDict

from local.gmail.messages import Messages
from local.gmail.payload import ParsedMail, parse
from local.gmail.search import SearchableMail, searchable

# Raw bytes in the cache; what parsing adds is about as much again.
CACHE_BYTES = 64 * 1024 * 1024


class ParsedMails:
    """A least-recently-used cache of parsed mails."""

    def __init__(self, messages: Messages, cache_bytes: int = CACHE_BYTES) -> None:
        self._messages = messages
        self._limit = cache_bytes
        self._lock = threading.Lock()
        self._mails: OrderedDict[tuple[str, str], ParsedMail] = OrderedDict()
        self._searchable: dict[tuple[str, str], SearchableMail] = {}
        self._bytes = 0

    def get(self, email: str, message_id: str) -> ParsedMail:
        """The parsed mail. Raises GoogleError 404 where the message does not exist and is not cached."""
        key = (email, message_id)
        with self._lock:
            if key in self._mails:
                self._mails.move_to_end(key)
                return self._mails[key]
        mail = parse(self._messages.raw(email, message_id))
        with self._lock:
            if key not in self._mails:
                self._mails[key] = mail
                self._bytes += len(mail.raw)
            while self._bytes > self._limit and len(self._mails) > 1:
                oldest, dropped = self._mails.popitem(last=False)
                self._searchable.pop(oldest, None)
                self._bytes -= len(dropped.raw)
        return mail

    def searchable(self, email: str, message_id: str) -> SearchableMail:
        """What search sees of the mail, without labels, which change. Raises as `get` does."""
        mail = self.get(email, message_id)
        with self._lock:
            known = self._searchable.get((email, message_id))
        if known is None:
            known = searchable(mail)
            with self._lock:
                if (email, message_id) in self._mails:
                    self._searchable[email, message_id] = known
        return known
