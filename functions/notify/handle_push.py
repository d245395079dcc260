"""One push of Gmail's: a hint that a mailbox changed, never more than a hint."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from functions.notify.services import Services
from shared.domain.addresses import is_address
from shared.domain.mailbox import Mailbox
from shared.errors import BadInput, GrantLost, NotFound, TryAgain
from shared.usecases.collect_notices import collect_notices
from shared.usecases.lease import leased
from shared.usecases.lost_grant import noting_lost_grant

LEASE: Final = timedelta(seconds=75)
"""Longer than a push may run: a worker that was killed frees its mailbox while Pub/Sub still delivers again."""


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
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput("This is not a notice of Gmail's.", code="invalid_push") from None
    if not is_address(push.email) or push.history_id < 0:
        raise BadInput("This is not a notice of Gmail's.", code="invalid_push")
    return push


def handle_push(push: GmailPush, services: Services) -> Mapping[str, int]:
    """Collects the notices of every mailbox of that account; answers how many are new.

    An account that nobody has connected is nothing to us. Raises TryAgain where a mailbox is being worked on or a
    message is not visible yet, so that Pub/Sub delivers again.
    """
    created, again = 0, False
    for mailbox in services.mailboxes.by_email(push.email):
        if not (mailbox.works and mailbox.settings.mailmagnet):
            continue
        try:
            count, waiting = _collect(mailbox, push, services)
        except (GrantLost, NotFound):
            # This one's owner must act, or has just turned MailMagnet off; the others go on.
            continue
        except TryAgain:
            again = True
            continue
        created += count
        again = again or waiting > 0
    if again:
        raise TryAgain("Some of it could not be read yet.", code="try_again")
    return {"notices": created}


def _collect(mailbox: Mailbox, push: GmailPush, services: Services) -> tuple[int, int]:
    state = services.syncs.get(mailbox.id)
    if state is not None and push.history_id <= state.cursor and not state.unseen:
        # A double, or one of several pushes that a single reading has covered.
        if state.unannounced:
            services.syncs.save(replace(state, unannounced=False))
        return 0, 0
    with (
        noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log),
        leased(mailbox.id, services.syncs, services.clock, found=state, lasting=LEASE) as held,
    ):
        gmail = services.gmail.open(mailbox)
        collected = collect_notices(mailbox, held, gmail, services.collecting, pushed=True)
    return collected.created, collected.waiting
