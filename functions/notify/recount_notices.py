"""The daily recount: what Gmail has of contacts' mail against what was noticed; gaps are repaired."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from functions.notify.renew_watches import watched_mailboxes
from functions.notify.services import Services
from shared.domain.mailbox import Mailbox
from shared.errors import AppError
from shared.usecases.collect_notices import collect_notices, repair_notices
from shared.usecases.lease import leased
from shared.usecases.lost_grant import noting_lost_grant

LOOK_BACK: Final = timedelta(hours=25)
"""A day, and an hour for a recount that starts late."""


def recount_notices(services: Services) -> Mapping[str, int]:
    """Recounts every mailbox with MailMagnet on; answers how many were looked at, and what had been missing."""
    counted = repaired = failed = 0
    for mailbox in watched_mailboxes(services):
        try:
            repaired += _recount(mailbox, services)
            counted += 1
        except AppError as error:
            failed += 1
            services.log.event("recount.failed", "WARNING", mailbox=mailbox.id, code=error.code)
    return {"mailboxes": counted, "repaired": repaired, "failed": failed}


def _recount(mailbox: Mailbox, services: Services) -> int:
    # Never further back than the day MailMagnet went on: what came before was not asked for.
    since = max(services.clock.now() - LOOK_BACK, mailbox.connected_at)
    with (
        noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log),
        leased(mailbox.id, services.syncs, services.clock) as held,
    ):
        gmail = services.gmail.open(mailbox)
        # What history still has to tell is not missing, only not read yet.
        collect_notices(mailbox, held, gmail, services.collecting)
        repaired = repair_notices(mailbox, held, gmail, services.collecting, since)
    if repaired.created:
        services.log.event("recount.repaired", "WARNING", mailbox=mailbox.id, count=repaired.created)
    return repaired.created
