"""One push of Gmail's: a hint that a mailbox changed, never more than a hint."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from functions.notify.services import Services
from shared.domain.addresses import is_address
from shared.domain.mailbox import Mailbox
from shared.domain.sync import SyncState
from shared.errors import AppError, BadInput, GrantLost, NotFound, Postponed, TryAgain
from shared.usecases.collect_notices import collect_and_go, collect_notices
from shared.usecases.lease import holding, take
from shared.usecases.lost_grant import noting_lost_grant

LEASE: Final = timedelta(seconds=75)
"""Longer than a push may run: a worker that was killed frees its mailbox while Pub/Sub still delivers again."""
ATTEMPTS: Final = 4
"""Looks at the row of a mailbox that others are taking at the same moment."""


@dataclass(frozen=True)
class GmailPush:
    """What Gmail publishes: the account, and the historyId of its change as an integer."""

    email: str
    history_id: int


def parse_gmail_push(payload: bytes) -> GmailPush:
    """Reads `{"emailAddress", "historyId"}`. Raises BadInput for anything else.

    https://developers.google.com/gmail/api/guides/push#receive_notifications
    """
    try:
        document = json.loads(payload)
        push = GmailPush(str(document["emailAddress"]).lower(), int(document["historyId"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise BadInput("This is not a notice of Gmail's.", code="invalid_push") from None
    if not is_address(push.email) or push.history_id < 0:
        raise BadInput("This is not a notice of Gmail's.", code="invalid_push")
    return push


def handle_push(push: GmailPush, services: Services) -> Mapping[str, int]:
    """Collects the notices of every mailbox of that account; answers how many are new.

    An account that nobody has connected is nothing to us. A push that finds its mailbox held leaves word in the row and
    is done: one write. Where a mailbox fails, the others have their turn first, as they may be other organisations';
    then its error is raised, so that Pub/Sub delivers again. TryAgain: a message is not visible yet, or the worker of
    this very push seems to have died.
    """
    created = 0
    faults: list[AppError] = []
    for mailbox in services.mailboxes.by_email(push.email):
        if not (mailbox.works and mailbox.settings.mailmagnet):
            continue
        try:
            count, waiting = _collect(mailbox, push, services)
        except (GrantLost, NotFound):
            # This one's owner must act, or has just turned MailMagnet off; the others go on.
            continue
        except Postponed as postponed:
            # The sync row says that work waits: the next tick goes on.
            services.log.event("push.postponed", mailbox=mailbox.id, code=postponed.code)
            continue
        except AppError as error:
            faults.append(error)
            continue
        created += count
        if waiting:
            faults.append(TryAgain("Some of it could not be read yet.", code="try_again"))
    if faults:
        # One that no delivery mends would be acknowledged, and with it what another mailbox still waits for.
        raise min(faults, key=lambda fault: isinstance(fault, BadInput))
    return {"notices": created}


def _collect(mailbox: Mailbox, push: GmailPush, services: Services) -> tuple[int, int]:
    for _ in range(ATTEMPTS):
        state = services.syncs.get(mailbox.id)
        if state is None:
            raise NotFound("MailMagnet is off for this mailbox.")
        if _must_come_back(push, state, services):
            break
        try:
            taken = _take(state, push, services)
        except TryAgain:
            # Somebody was quicker; what they have left in the row says what remains to be done.
            continue
        return _visit(mailbox, taken, services) if taken else (0, 0)
    raise TryAgain("Somebody else is at work on this mailbox.", code="mailbox_busy")


def _must_come_back(push: GmailPush, state: SyncState, services: Services) -> bool:
    """Whether this is a redelivery whose own worker may be dead, or one for what Gmail did not show yet."""
    again = push.history_id == state.lease_push or (push.history_id <= state.cursor and bool(state.unseen))
    return again and state.leased(services.clock.now())


def _take(state: SyncState, push: GmailPush, services: Services) -> SyncState | None:
    """The row with our lease; None where nothing is left to be done, or whoever holds the mailbox will do it."""
    now, covered = services.clock.now(), state.covers(push.history_id)
    if covered and not state.unannounced:
        return None
    if state.leased(now):
        if push.history_id > (state.pushed_to or 0):
            services.syncs.save(replace(state, pushed_to=push.history_id))
    elif covered:
        services.syncs.save(replace(state, unannounced=False))
    else:
        return take(state, services.syncs, now, LEASE, push.history_id)
    return None


def _visit(mailbox: Mailbox, taken: SyncState, services: Services) -> tuple[int, int]:
    with (
        noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log),
        holding(taken, services.syncs) as held,
    ):
        gmail = services.gmail.open(mailbox, "prompt", held.affordable(services.clock))
        held.pay(gmail, services.clock)
        collect_notices(mailbox, held, gmail, services.collecting, pushed=True)
        collect_and_go(mailbox, held, gmail, services.collecting)
    return held.created, len(held.state.unseen)
