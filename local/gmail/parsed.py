"""Parsed mails, kept while they are in use: a message's bytes never change under its id."""

import threading
from collections import OrderedDict

from local.gmail.messages import Messages
from local.gmail.payload import ParsedMail, parse

# Raw bytes in the cache; what parsing adds is about as much again.
CACHE_BYTES = 64 * 1024 * 1024


class ParsedMails:
    """A least-recently-used cache of parsed mails."""

    def __init__(self, messages: Messages, cache_bytes: int = CACHE_BYTES) -> None:
        self._messages = messages
        self._limit = cache_bytes
        self._lock = threading.Lock()
        self._mails: OrderedDict[tuple[str, str], ParsedMail] = OrderedDict()
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
                _, dropped = self._mails.popitem(last=False)
                self._bytes -= len(dropped.raw)
        return mail
