"""Watches: each is renewed every day in its own hour, and no failure stops the others."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from functions.notify.renew_watches import renew_watches
from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from functions.oauth.disconnect import Disconnect, disconnect
from shared.domain.mailbox import Mailbox
from shared.domain.sync import hour_of
from shared.domain.watching import LIFETIME
from shared.errors import Misconfigured
from shared.ports.gmail import Watch
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import TOPIC, World

USERS = [f"user{n}" for n in range(30)]


@pytest.fixture
def world() -> World:
    return World()


def _renewals(world: World, hours: int) -> list[Counter[str]]:
    """Runs the job every hour: the accounts that were watched anew, by hour."""
    found = []
    for _ in range(hours):
        world.clock.advance(hours=1)
        before = _watches(world)
        renew_watches(world.notify)
        found.append(_watches(world) - before)
    return found


def _watches(world: World) -> Counter[str]:
    return Counter(
        {row.email: world.account(row).calls.count("watch") for row in world.mailboxes.rows.values()}
    )


def test_every_watch_is_renewed_once_a_day_in_its_own_hour(world: World) -> None:
    boxes = [world.connect(user, mailmagnet=True) for user in USERS]
    _renewals(world, 24)

    days = [_renewals(world, 24) for _ in range(3)]

    for day in days:
        assert sum(day, Counter()) == Counter([box.email for box in boxes])
    hours = {box.email: {at for at, hour in enumerate(days[0]) if hour[box.email]} for box in boxes}
    assert len({min(h) for h in hours.values()}) > 8, "spread over the day"
    offset = (world.clock.now().hour + 1) % 24
    for box in boxes:
        assert {(at + offset) % 24 for at in hours[box.email]} == {hour_of(box.id)}


def test_no_watch_comes_near_its_end(world: World) -> None:
    boxes = [world.connect(user, mailmagnet=True) for user in USERS[:5]]
    for _ in range(10):
        _renewals(world, 24)
        for box in boxes:
            expires_at = world.row(box).watch_expires_at
            assert expires_at is not None
            assert expires_at - world.clock.now() > timedelta(days=5)


def test_a_day_without_the_job_is_made_up_for_at_its_next_run(world: World) -> None:
    boxes = [world.connect(user, mailmagnet=True) for user in USERS[:10]]
    world.clock.advance(hours=30)

    assert renew_watches(world.notify) == {"renewed": 10, "failed": 0, "warned": 0}
    assert renew_watches(world.notify) == {"renewed": 0, "failed": 0, "warned": 0}, (
        "a second run finds nothing to do"
    )
    assert all(world.account(box).calls.count("watch") == 2 for box in boxes)


def test_one_failure_does_not_stop_the_rest_and_says_who_must_act(world: World) -> None:
    boxes = [world.connect(user, mailmagnet=True) for user in USERS[:6]]
    world.account(boxes[0]).other_client = True
    world.account(boxes[1]).topic_is_granted = False
    world.google.end_consent(boxes[2].email)
    world.clock.advance(hours=30)

    assert renew_watches(world.notify) == {"renewed": 3, "failed": 3, "warned": 0}

    codes = [world.row(box).health.code for box in boxes[:4]]
    assert codes == ["other_push_client", "topic_not_granted", "grant_lost", "ok"]
    assert world.log.getvalue().count('"watch.not_renewed"') == 3


def test_the_control_one_after_the_other_the_first_failure_stops_the_rest(world: World) -> None:
    boxes = [world.connect(user, mailmagnet=True) for user in USERS[:6]]
    world.account(boxes[0]).other_client = True

    def one_after_the_other() -> None:
        for box in boxes:
            world.opener.open(world.row(box)).watch(TOPIC)

    with pytest.raises(Misconfigured):
        one_after_the_other()
    assert [world.account(box).calls.count("watch") for box in boxes] == [2, 1, 1, 1, 1, 1]


def test_an_unforeseen_error_of_one_mailbox_does_not_stop_the_rest_but_is_raised(world: World) -> None:
    boxes = [world.connect(user, mailmagnet=True) for user in USERS[:6]]
    world.account(boxes[0]).down = ZeroDivisionError()  # type: ignore[assignment]
    world.clock.advance(hours=30)

    with pytest.raises(ZeroDivisionError):
        renew_watches(world.notify)

    assert [world.account(box).calls.count("watch") for box in boxes[1:]] == [2] * 5


def test_health_is_well_again_when_the_operator_has_acted(world: World) -> None:
    box = world.connect(mailmagnet=True)
    world.account(box).topic_is_granted = False
    world.clock.advance(hours=30)
    renew_watches(world.notify)

    world.account(box).topic_is_granted = True
    renew_watches(world.notify)

    assert world.row(box).health.code == "ok"


def test_the_operator_is_told_when_less_than_48_hours_are_left(world: World) -> None:
    box = world.connect(mailmagnet=True)
    world.account(box).topic_is_granted = False

    _renewals(world, 4 * 24)
    assert '"watch.expiring"' not in world.log.getvalue()
    _renewals(world, 30)
    assert '"watch.expiring"' in world.log.getvalue()


@pytest.mark.parametrize("change", [SettingsChange(paused=True), SettingsChange(mailmagnet=False)])
def test_the_watch_ends_where_mailmagnet_does_not_work(world: World, change: SettingsChange) -> None:
    box = world.connect(mailmagnet=True)
    assert world.account(box).watching == TOPIC

    change_settings(ChangeSettings(caller(), change), world.oauth)
    world.clock.advance(hours=30)
    renew_watches(world.notify)

    assert world.account(box).watching is None
    assert world.row(box).watch_expires_at is None


@pytest.mark.parametrize("change", [SettingsChange(paused=True), SettingsChange(mailmagnet=False)])
def test_a_watch_that_is_renewed_while_mailmagnet_stops_is_stopped_again(
    world: World, change: SettingsChange
) -> None:
    box = world.connect(mailmagnet=True)
    account = world.account(box)
    meanwhile(world, box, lambda: change_settings(ChangeSettings(caller("alice"), change), world.oauth))

    assert account.watching is None
    assert world.row(box).watch_expires_at is None


def test_a_watch_that_is_renewed_while_something_else_changes_is_noted_all_the_same(world: World) -> None:
    box = world.connect(mailmagnet=True)
    change = SettingsChange(sharing="public")
    meanwhile(world, box, lambda: change_settings(ChangeSettings(caller("alice"), change), world.oauth))

    assert world.account(box).watching == TOPIC
    assert world.row(box).watch_expires_at == world.clock.now() + LIFETIME
    assert world.row(box).settings.sharing == "public"


def meanwhile(world: World, box: Mailbox, other: Callable[[], object]) -> None:
    """Renews every watch; as soon as Gmail has begun this mailbox's, something else happens."""
    world.clock.advance(hours=30)
    account = world.account(box)
    watch = account.watch

    def begin(topic: str) -> Watch:
        begun = watch(topic)
        other()
        return begun

    account.watch = begin  # type: ignore[method-assign]
    renew_watches(world.notify)


def test_going_on_after_a_pause_starts_the_watch_again(world: World) -> None:
    box = world.connect(mailmagnet=True)
    change_settings(ChangeSettings(caller(), SettingsChange(paused=True)), world.oauth)
    change_settings(ChangeSettings(caller(), SettingsChange(paused=False)), world.oauth)
    assert world.account(box).watching == TOPIC


def test_disconnecting_ends_the_watch(world: World) -> None:
    box = world.connect(mailmagnet=True)
    account = world.account(box)
    disconnect(Disconnect(caller(), "keep"), world.oauth)
    assert account.watching is None
