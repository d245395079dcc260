"""What brings MailMagnet to a mailbox, in memory: a push, a sweep of the labeler's, the hours going by."""

from typing import NamedTuple

from functions.notify.handle_push import GmailPush, handle_push
from shared.domain.mailbox import Mailbox
from shared.errors import TryAgain
from shared.log import Log
from shared.ports.gmail import Gmail
from shared.usecases.collect_notices import collect_notices
from shared.usecases.lease import leased
from shared.usecases.look_at_mail import CollectServices
from tests.fakes.process import Process
from tests.fakes.world import World


def push(world: World, mailbox: Mailbox, history_id: int | None = None) -> bool:
    """One push for the mailbox's account; whether it was acknowledged."""
    return push_by(world, mailbox, Process(), history_id)


def push_by(world: World, mailbox: Mailbox, process: Process, history_id: int | None = None) -> bool:
    """The same in a process that may be killed."""
    newest = world.account(mailbox).history_id if history_id is None else history_id
    try:
        handle_push(GmailPush(mailbox.email, newest), world.notify_of(process))
    except TryAgain:
        return False
    return True


class Swept(NamedTuple):
    """How many notices are new, and whether a next visit must go on."""

    created: int
    more: bool


def sweep(world: World, mailbox: Mailbox, process: Process | None = None) -> Swept:
    """What a turn of the labeler does before it sorts."""
    calls = (process or Process()).calling
    row = world.row(mailbox)
    services = CollectServices(
        calls(world.notices),
        calls(world.crm),
        calls(world.mailboxes),
        world.clock,
        Log(world.log, strict=True),
    )
    with leased(row.id, calls(world.syncs), world.clock) as held:
        gmail: Gmail = calls(world.opener).open(row)
        collect_notices(row, held, gmail, services)
    return Swept(held.created, held.state.due)
