"""The caller's own mailbox, opened for one call."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn, Protocol

from shared.domain.caller import Caller
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.errors import Conflict, GrantLost, NotFound
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.gmail import SendingGmail, SendingOpener
from shared.ports.mailboxes import MailboxStore
from shared.usecases.lost_grant import noting_lost_grant

_GMAIL_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class MailboxServices(Protocol):
    """What opening a mailbox needs."""

    @property
    def mailboxes(self) -> MailboxStore: ...
    @property
    def gmail(self) -> SendingOpener: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def log(self) -> Log: ...


def find_own(caller: Caller, services: MailboxServices) -> Mailbox:
    """One read. Raises NotFound (code not_connected)."""
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None or mailbox.leaving is not None:
        raise NotFound("No Gmail account is connected.", code="not_connected")
    return mailbox


@contextmanager
def opened(mailbox: Mailbox, services: MailboxServices) -> Iterator[SendingGmail]:
    """A Gmail client for the block; a consent that is found to be gone is noted in the mailbox.

    Raises GrantLost without asking Google where that is known, Conflict (code paused) where the owner paused.
    """
    if mailbox.status == "needs_reconnect":
        raise GrantLost(
            "Google's consent is gone; the owner must connect the mailbox again.",
            mailbox=mailbox.id,
            code=mailbox.health.code,
        )
    if mailbox.status == "paused":
        raise Conflict("The mailbox is paused; its owner can resume it in the settings.", code="paused")
    with noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log):
        yield services.gmail.open(mailbox)


def checked_id(identifier: str) -> str:
    """An id that may be sent to Gmail. Raises NotFound for what cannot be one."""
    if not _GMAIL_ID.fullmatch(identifier):
        no_such_message()
    return identifier


def no_such_message() -> NoReturn:
    """Missing, hidden or another's: one answer for all, word for word what Gmail's own 404 becomes."""
    raise NotFound("There is no such message.")
