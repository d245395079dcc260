"""The daily recount of every mailbox, and the proof that it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from functions.notify.renew_watches import is_watched, watched_mailboxes
from functions.notify.services import Services
from shared.domain.caller import Caller
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.quota import Urgency
from shared.domain.recount import Recount
from shared.errors import AppError, NotFound
from shared.usecases.at_once import at_once
from shared.usecases.collect_notices import collect_and_go, collect_notices
from shared.usecases.lease import leased
from shared.usecases.lost_grant import noting_lost_grant
from shared.usecases.recount_mailbox import recount_mailbox

AT_ONCE: Final = 8
"""Gmail accounts recounted at the same time."""


def recount_notices(services: Services) -> Mapping[str, int]:
    """Recounts every mailbox with MailMagnet on; answers how many were looked at, and what had been missing.

    One failure does not stop the rest. A mailbox with too much mail for one visit goes on at the next ticks.
    """
    outcomes = list(at_once(AT_ONCE, watched_mailboxes(services), lambda m: _counted(m, services)))
    counted = [recount for recount in outcomes if recount is not None]
    return {
        "mailboxes": len(counted),
        "repaired": sum(recount.repaired for recount in counted),
        "missing": sum(len(recount.missing) for recount in counted),
        "unfinished": len([recount for recount in counted if not recount.done]),
        "failed": len(outcomes) - len(counted),
    }


def recount_own(caller: Caller, services: Services) -> Mapping[str, Any]:
    """Recounts the caller's mailbox now and answers the proof. Raises NotFound where MailMagnet is off."""
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None or not is_watched(mailbox):
        raise NotFound("MailMagnet is off for this mailbox.", code="mailmagnet_off")
    return _shown(_recount(mailbox, "interactive", services))


def read_completeness(caller: Caller, services: Services) -> Mapping[str, Any]:
    """The last proof of the caller's mailbox: one read. Raises NotFound before the first recount."""
    return _last(mailbox_id(caller.org, caller.user), services)


@dataclass(frozen=True)
class ReadProof:
    """The admin, and a mailbox of the organisation."""

    caller: Caller
    mailbox: str


def read_proof(values: ReadProof, services: Services) -> Mapping[str, Any]:
    """The last proof of a mailbox of the organisation: two reads, no mail. Raises NotFound.

    Another organisation's mailbox is as one that does not exist.
    """
    mailbox = services.mailboxes.get(values.mailbox) if values.mailbox.isalnum() else None
    if mailbox is None or mailbox.org != values.caller.org:
        raise NotFound("There is no such mailbox in your organisation.", code="mailbox_not_found")
    return _last(mailbox.id, services)


def _last(mailbox: str, services: Services) -> Mapping[str, Any]:
    recount = services.notices.recount(mailbox)
    if recount is None:
        raise NotFound("Nothing has been recounted yet; it is done once a day.", code="not_recounted")
    return _shown(recount)


def _counted(mailbox: Mailbox, services: Services) -> Recount | None:
    try:
        return _recount(mailbox, "background", services)
    except AppError as error:
        services.log.event("recount.failed", "WARNING", mailbox=mailbox.id, code=error.code)
        return None


def _recount(mailbox: Mailbox, urgency: Urgency, services: Services) -> Recount:
    with (
        noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log),
        leased(mailbox.id, services.syncs, services.clock) as held,
    ):
        gmail = services.gmail.open(mailbox, urgency, held.affordable(services.clock))
        held.pay(gmail, services.clock)
        # What history still has to tell is not missing, only not read yet.
        collect_notices(mailbox, held, gmail, services.collecting)
        recount = recount_mailbox(mailbox, held, gmail, services.collecting)
        collect_and_go(mailbox, held, gmail, services.collecting)
    return recount


def _shown(recount: Recount) -> Mapping[str, Any]:
    return {
        "from": _stamp(recount.start),
        "to": _stamp(recount.end),
        "expected": recount.expected,
        "seen": recount.seen,
        "repaired": recount.repaired,
        "repaired_ids": list(recount.repaired_ids),
        "missing": list(recount.missing),
        "state": "done" if recount.done else "running",
        "counted_to": _stamp(recount.counted_to or recount.end),
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
