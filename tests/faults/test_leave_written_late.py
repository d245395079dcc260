"""A pick, a view or an export that meets a disconnect: what it writes beside the mailbox's row does not stay.

Cut into each other at every two steps, as in tests/faults/test_meanwhile.py.
"""

from collections.abc import Callable, Iterator

import pytest

from functions.oauth import read_held, share_contact
from functions.oauth.disconnect import Disconnect, disconnect
from functions.oauth.read_held import ExportHeld, export_held
from functions.oauth.read_mailbox import Reader
from functions.oauth.share_contact import ShareContact
from shared.domain.mailbox import Mailbox
from shared.usecases import shared_mail
from shared.usecases.shared_mail import MessageViews, OpenShared, SharingServices, find_shared_mailbox
from tests.fakes.process import Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World
from tests.faults.test_meanwhile import Stopped

Work = Callable[[World, Mailbox, Process], object]


def pick(world: World, mailbox: Mailbox, process: Process) -> object:
    return share_contact.share_contact(ShareContact(caller("alice"), "c1"), world.oauth_of(process))


def export(world: World, mailbox: Mailbox, process: Process) -> object:
    reader = Reader(now=world.clock.now())
    return export_held(ExportHeld(caller("admin"), mailbox.id, reader), world.oauth_of(process))


def view(world: World, mailbox: Mailbox, process: Process) -> object:
    calls = process.calling
    services = SharingServices(
        calls(world.mailboxes),
        calls(world.orgs),
        calls(world.shares),
        calls(world.crm),
        calls(world.audit),
        world.clock,
    )
    shared = find_shared_mailbox(OpenShared(caller("bob"), mailbox.id), services)
    return shared and MessageViews(shared, services).note(["m1"])


def leave(world: World, process: Process) -> object:
    return disconnect(Disconnect(caller("alice"), "keep"), world.oauth_of(process))


def steps_of(work: Work) -> int:
    world = World()
    mailbox = world.connect(sharing="custom")
    process = Process()
    work(world, mailbox, process)
    return len(process.steps)


def cut_into_each_other(work: Work) -> Iterator[tuple[World, object]]:
    of_leave = steps_of(lambda world, _, process: leave(world, process))
    for step in range(steps_of(work)):
        for end in range(of_leave + 1):
            world = World()
            mailbox = world.connect(sharing="custom")
            writer = Stopped(step, lambda process, w=world, m=mailbox: work(w, m, process))  # type: ignore[misc]
            owner = Stopped(end, lambda process, w=world: leave(w, process))  # type: ignore[misc]
            writer.finish()
            owner.finish()
            yield world, (writer.steps[step:], owner.steps[end:])


def stays(world: World) -> bool:
    """Whether anything is held about Alice, or the organisation's audit names her."""
    named = [entry for entry in world.audit.of_org if "alice" in (entry.owner, entry.actor)]
    return bool(world.held() or named)


@pytest.mark.parametrize("work", [pick, export, view])
def test_what_is_written_while_the_owner_leaves_does_not_stay(work: Work) -> None:
    tried = 0
    for world, steps in cut_into_each_other(work):
        tried += 1
        assert not stays(world), steps
    assert tried > 80


@pytest.mark.parametrize(
    ("work", "module"), [(pick, share_contact), (export, read_held), (view, shared_mail)]
)
def test_the_control_without_the_second_look_it_stays(
    work: Work, module: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "erase_if_left", lambda mailbox, services: False)
    assert any(stays(world) for world, _ in cut_into_each_other(work))
