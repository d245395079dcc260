"""A labeler's turn that meets a disconnect which takes the labels off: all mail is back in the Inbox in the end.

They are cut into each other at every two steps, as in tests/faults/test_meanwhile.py, and then swept.
"""

from collections.abc import Iterator

import pytest

from functions.labeler.label_mailbox import LEASE, Turn, label_mailbox
from functions.oauth.disconnect import Disconnect, disconnect
from shared.domain.mailbox import Mailbox
from shared.errors import TryAgain
from shared.usecases import leave as leaving
from shared.usecases.lease import leased
from shared.usecases.leave import finish_leaving
from tests.fakes.process import Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World
from tests.faults.test_meanwhile import Stopped

ALICE = caller("alice")


def prepared(colleague: bool = False) -> tuple[World, Mailbox]:
    """Alice's mailbox with a customer's mail that has just come. A colleague's may live on the same consent."""
    world = World()
    mailbox = world.connect(mailmagnet=True, labels=True)
    if colleague:
        world.connect("bob", email=mailbox.email)
    world.account(mailbox).receive("cem@client.example")
    return world, mailbox


def turn(world: World, mailbox: Mailbox, process: Process) -> object:
    return label_mailbox(Turn(mailbox.id, "run"), world.labeler_of(process))


def leave(world: World, process: Process) -> object:
    return disconnect(Disconnect(ALICE, "remove"), world.oauth_of(process))


def is_over(world: World, mailbox: Mailbox) -> bool:
    """Whether our labels are gone, no mail is archived, and nothing is held."""
    account = world.account(mailbox)
    is_back = all("INBOX" in mail.metadata.label_ids for mail in account.mails)
    return is_back and account.labels == {} and set(world.held()) <= {"audit"}


def steps_of_both() -> tuple[int, int]:
    world, mailbox = prepared()
    worker, owner = Process(), Process()
    turn(world, mailbox, worker)
    assert "INBOX" not in world.account(mailbox).labels_of("m1")
    leave(world, owner)
    assert is_over(world, mailbox)
    return len(worker.steps), len(owner.steps)


def cut_into_each_other() -> Iterator[tuple[bool, object]]:
    """Whether it is over, for each two steps at which the turn and the owner were stopped.

    Every second time a colleague lives on the same consent, so that it is not revoked.
    """
    of_turn, of_leave = steps_of_both()
    for step in range(of_turn):
        for end in range(of_leave + 1):
            world, mailbox = prepared(colleague=(step + end) % 2 == 0)
            worker = Stopped(step, lambda process, w=world, m=mailbox: turn(w, m, process))  # type: ignore[misc]
            owner = Stopped(end, lambda process, w=world: leave(w, process))  # type: ignore[misc]
            worker.finish()
            owner.finish()
            world.clock.advance(seconds=LEASE.total_seconds())
            finish_leaving(world.oauth)
            yield is_over(world, mailbox), (worker.steps[step:], owner.steps[end:])


def test_all_mail_is_back_in_the_inbox_whenever_the_owner_leaves_during_a_turn() -> None:
    tried = 0
    for over, steps in cut_into_each_other():
        tried += 1
        assert over, steps
    print(tried, "pairs of steps")
    assert tried > 700


def test_the_control_an_owner_who_does_not_wait_for_the_turn_leaves_mail_archived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leaving, "_left_alone", lambda mailbox, progress, services: mailbox)
    assert not all(over for over, _ in cut_into_each_other())


def test_while_a_turn_goes_on_the_owner_is_told_to_wait_and_no_longer() -> None:
    world, mailbox = prepared()
    with leased(mailbox.id, world.syncs, world.clock, lasting=LEASE):
        with pytest.raises(TryAgain) as raised:
            leave(world, Process())
        assert raised.value.code == "still_leaving"
        assert finish_leaving(world.oauth) == 0
    assert finish_leaving(world.oauth) == 1, "the turn has given its lease back"
    assert is_over(world, mailbox)
