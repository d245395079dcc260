"""A turn over new mail: what fails stays queued, what is gone is let go, and a kill at any step is made good."""

from contextlib import suppress

import pytest

from functions.labeler.label_mailbox import LEASE, Turn, label_mailbox
from shared.domain.mailbox import Mailbox
from shared.errors import NotFound, TryAgain, UpstreamDown
from tests.fakes.process import Killed, Process
from tests.fakes.world import World
from tests.functions.notify.visits import push

SENDERS = {"ana": "closing_this_month", "ben": "open_deals", "cem": "customers"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def mailbox(world: World) -> Mailbox:
    return world.connect(mailmagnet=True, labels=True)


def _turn(world: World, mailbox: Mailbox, process: Process | None = None) -> None:
    label_mailbox(Turn(mailbox.id, "run"), world.labeler_of(process or Process()))


def _receive(world: World, mailbox: Mailbox, *names: str) -> list[str]:
    ids = [world.account(mailbox).receive(f"{name}@client.example") for name in names]
    push(world, mailbox)
    return ids


def _category(world: World, mailbox: Mailbox, message_id: str) -> str | None:
    """The one label of ours that a message carries, out of the Inbox; None: untouched."""
    labels = world.account(mailbox).labels_of(message_id)
    names = {label.id: category for category, label in world.row(mailbox).labels.items()}
    ours = [names[label] for label in labels if label in names]
    assert len(ours) <= 1
    assert ("INBOX" in labels) is (not ours)
    return ours[0] if ours else None


def test_each_mail_lies_under_its_senders_label_and_out_of_the_inbox(world: World, mailbox: Mailbox) -> None:
    ids = _receive(world, mailbox, *SENDERS, "dee", "stranger")
    _turn(world, mailbox)
    assert [_category(world, mailbox, i) for i in ids] == [*SENDERS.values(), None, None]
    assert world.state(mailbox).unsorted == ()


def test_the_users_own_labels_stay(world: World, mailbox: Mailbox) -> None:
    account = world.account(mailbox)
    own = account.create_label("My own")
    (message_id,) = _receive(world, mailbox, "cem")
    account.modify([message_id], add=[own.id, "STARRED"])
    _turn(world, mailbox)
    assert account.labels_of(message_id) >= {own.id, "STARRED", "UNREAD"}
    assert _category(world, mailbox, message_id) == "customers"


def test_a_second_turn_without_news_writes_nothing_in_gmail(world: World, mailbox: Mailbox) -> None:
    _receive(world, mailbox, *SENDERS)
    _turn(world, mailbox)
    calls = len(world.account(mailbox).calls)
    _turn(world, mailbox)
    assert set(world.account(mailbox).calls[calls:]) <= {"history.list"}


def test_mail_that_no_push_announced_is_sorted_too(world: World, mailbox: Mailbox) -> None:
    message_id = world.account(mailbox).receive("ben@client.example")
    _turn(world, mailbox)
    assert _category(world, mailbox, message_id) == "open_deals"


def test_a_message_that_fails_stays_queued_and_the_others_are_sorted(world: World, mailbox: Mailbox) -> None:
    ids = _receive(world, mailbox, "cem", "cem", "cem")
    world.account(mailbox).broken[ids[1]] = UpstreamDown("A fault.")
    _turn(world, mailbox)
    assert world.state(mailbox).unsorted == (ids[1],)
    assert [_category(world, mailbox, i) for i in ids] == ["customers", None, "customers"]
    world.account(mailbox).broken.clear()
    _turn(world, mailbox)
    assert (_category(world, mailbox, ids[1]), world.state(mailbox).unsorted) == ("customers", ())


def test_a_message_deleted_meanwhile_holds_nobody_up(world: World, mailbox: Mailbox) -> None:
    ids = _receive(world, mailbox, "cem", "cem")
    world.account(mailbox).delete(ids[0])
    _turn(world, mailbox)
    assert (_category(world, mailbox, ids[1]), world.state(mailbox).unsorted) == ("customers", ())


@pytest.mark.parametrize("count", [2, 12])
def test_a_label_deleted_in_gmail_is_made_again(world: World, mailbox: Mailbox, count: int) -> None:
    world.account(mailbox).delete_label(mailbox.labels["customers"].id)
    ids = _receive(world, mailbox, *["cem"] * count)
    _turn(world, mailbox)
    assert {_category(world, mailbox, i) for i in ids} == {"customers"}
    assert sorted(world.account(mailbox).labels) == sorted(
        label.id for label in world.row(mailbox).labels.values()
    )


def test_turning_labels_off_clears_the_queue(world: World, mailbox: Mailbox) -> None:
    ids = _receive(world, mailbox, "cem")
    world.connect(labels=False)
    _turn(world, mailbox)
    assert (_category(world, mailbox, ids[0]), world.state(mailbox).unsorted) == (None, ())


def test_while_the_crm_is_down_nothing_is_labelled_and_nothing_forgotten(
    world: World, mailbox: Mailbox
) -> None:
    ids = _receive(world, mailbox, "cem")
    world.crm.down = UpstreamDown("The CRM did not answer.")
    with pytest.raises(UpstreamDown):
        _turn(world, mailbox)
    assert (_category(world, mailbox, ids[0]), world.state(mailbox).unsorted) == (None, (ids[0],))
    world.crm.down = None
    _turn(world, mailbox)
    assert _category(world, mailbox, ids[0]) == "customers"


def test_a_mailbox_that_is_gone_has_no_work(world: World) -> None:
    with pytest.raises(NotFound):
        label_mailbox(Turn("nobody", "run"), world.labeler)


def test_a_turn_killed_at_any_step_is_made_good_by_the_next() -> None:
    steps = Process()
    undisturbed = World()
    _killed_turn(undisturbed, steps)
    print(len(steps.steps), "steps:", steps.steps)
    assert len(steps.steps) > 10
    for at in range(len(steps.steps)):
        world = World()
        mailbox, ids = _killed_turn(world, Process(kill_at=at))
        waited = 0
        while True:
            with suppress(TryAgain):
                _turn(world, mailbox)
                break
            world.clock.advance(seconds=30)
            waited += 30
            assert waited <= LEASE.total_seconds(), steps.steps[at]
        assert [_category(world, mailbox, i) for i in ids] == [*SENDERS.values(), None], steps.steps[at]
        assert world.state(mailbox).unsorted == (), steps.steps[at]
        assert world.noticed(mailbox) == set(ids), steps.steps[at]
        assert len(world.account(mailbox).labels) == 3, steps.steps[at]


def _killed_turn(world: World, process: Process) -> tuple[Mailbox, list[str]]:
    mailbox = world.connect(mailmagnet=True, labels=True)
    _turn(world, mailbox)
    ids = _receive(world, mailbox, "ana", "ben")
    ids += [world.account(mailbox).receive(f"{name}@client.example") for name in ("cem", "dee")]
    with suppress(Killed):
        _turn(world, mailbox, process)
    return mailbox, ids
