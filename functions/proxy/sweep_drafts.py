"""Takes away drafts that an interrupted sending left in the mailbox and that nobody asked for again.

Why the next mail does this, and no job: docs/decisions/0022.
"""

import uuid
from dataclasses import replace
from typing import Final, Protocol

from shared.domain.mailbox import Mailbox
from shared.domain.outgoing import message_id_for
from shared.domain.sending import SendRecord, is_abandoned
from shared.errors import AppError, NotFound
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.gmail import SendingGmail
from shared.ports.sending import SendStore

AT_ONCE: Final = 5


class SweepServices(Protocol):
    """What sweeping needs."""

    @property
    def sends(self) -> SendStore: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def log(self) -> Log: ...


def sweep_drafts(mailbox: Mailbox, gmail: SendingGmail, services: SweepServices) -> None:
    """Never fails. One query; 5 to 15 units for each key under which a draft may lie.

    The draft goes first, then the record: a draft that cannot be deleted keeps its key from being sent anew.
    """
    now = services.clock.now()
    try:
        for record in services.sends.open_ones(mailbox.id, AT_ONCE):
            if is_abandoned(record, now):
                _sweep(mailbox, record, gmail, services)
    except AppError as error:
        services.log.event("drafts.not_swept", "WARNING", mailbox=mailbox.id, code=error.code)


def _sweep(mailbox: Mailbox, record: SendRecord, gmail: SendingGmail, services: SweepServices) -> None:
    # Claimed like any other call: one that wants to send the same key now waits, or is waited for.
    mine = services.sends.save(mailbox.id, record.claimed(uuid.uuid4().hex, services.clock.now()))
    is_sent = mine.message_id is not None
    draft_id = None if is_sent else mine.draft_id
    if draft_id is None:
        orphan = gmail.find_draft(message_id_for(mine.id, mailbox.email))
        draft_id = orphan.id if orphan else None
    if draft_id is not None:
        try:
            gmail.delete_draft(draft_id)
        except NotFound:
            # Sent, or deleted by hand: the record goes on saying so to whoever asks.
            return
        if mine.drafted_again:
            # There may be one more: looked for when this one has left Gmail's search.
            services.sends.save(mailbox.id, mine if is_sent else replace(mine, draft_id=None))
            return
    if is_sent:
        services.sends.save(mailbox.id, replace(mine, drafted_again=False))
    else:
        services.sends.delete(mailbox.id, mine.id)
