"""An event on its way: what a refusal leads to, at once, after three days, and when the receiver is gone for good."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from functions.notify.deliver_event import TRIED_FOR, DeliverServices, Delivery, deliver_event
from functions.notify.replay_events import ReplayServices, replay_events
from shared.domain.event import Event, encode_event, parse_event
from shared.domain.policy import Policy
from shared.errors import AppError, BadInput, Misconfigured, NotFound, UpstreamDown
from shared.log import Log
from tests.fakes.publisher import FakeDeadLetters
from tests.fakes.world import World

HOOK, OTHER = "https://crm.example/hook", "https://crm.example/other"
DEAD, TOPIC = "projects/p/topics/events-dead-letter", "projects/p/topics/events"
REFUSED = UpstreamDown("The receiver did not take the event.", code="webhook_refused")
PRIVATE = UpstreamDown("The webhook's host lies in a private network.", code="webhook_private")
GONE = NotFound("The receiver wants no more events.", code="webhook_gone")


@dataclass
class Receiver:
    """Webhook; answers each event with `fault`, or takes it."""

    fault: AppError | None = None
    meanwhile: Policy | None = None
    world: World = field(default_factory=World)
    taken: list[str] = field(default_factory=list)

    def send(self, url: str, message_id: str, body: str) -> int:
        if self.meanwhile is not None:
            self.world.orgs.put("acme", self.meanwhile)
        if self.fault is not None:
            raise self.fault
        self.taken.append(message_id)
        return 204


@pytest.fixture
def world() -> World:
    world = World()
    world.orgs.put("acme", Policy(webhook_url=HOOK, superiors_see=True))
    return world


def event(world: World) -> Event:
    return Event("notice.created", "acme", "alice", "m1", world.clock.now(), message="18c1", contact="c1")


def services(world: World, receiver: Receiver, dead: str | None = DEAD) -> DeliverServices:
    publish = world.publisher.publish
    return DeliverServices(world.orgs, receiver, publish, dead, world.clock, Log(world.log, strict=True))


def deliver(world: World, receiver: Receiver, age: timedelta = timedelta(), dead: str | None = DEAD) -> bool:
    told = event(world)
    delivery = Delivery(told, world.clock.now() - age)
    return bool(deliver_event(delivery, services(world, receiver, dead))["delivered"])


def given_up(world: World) -> list[Event]:
    return [parse_event(payload) for topic, payload in world.publisher.published if topic == DEAD]


@pytest.mark.parametrize("fault", [REFUSED, PRIVATE, Misconfigured("No secret.", code="webhook_secret")])
def test_a_refused_event_comes_again_for_three_days_and_is_then_given_up(
    world: World, fault: AppError
) -> None:
    for age in (timedelta(), timedelta(hours=71), TRIED_FOR - timedelta(seconds=1)):
        with pytest.raises(type(fault)):
            deliver(world, Receiver(fault), age)
    assert given_up(world) == []

    assert not deliver(world, Receiver(fault), TRIED_FOR)

    assert given_up(world) == [event(world)]
    assert "event.given_up" in world.log.getvalue()


def test_an_old_event_that_is_taken_at_last_is_not_given_up(world: World) -> None:
    receiver = Receiver()
    assert deliver(world, receiver, timedelta(days=6))
    assert (len(receiver.taken), given_up(world)) == (1, [])


def test_where_dead_letters_have_no_topic_the_log_alone_tells(world: World) -> None:
    assert not deliver(world, Receiver(REFUSED), TRIED_FOR, dead=None)
    assert world.publisher.published == []
    assert "event.given_up" in world.log.getvalue()


def test_a_url_that_may_not_be_called_never_comes_again(world: World) -> None:
    with pytest.raises(BadInput):
        deliver(world, Receiver(BadInput("Not public.", code="webhook_url_invalid")), TRIED_FOR)
    assert given_up(world) == []


def test_a_receiver_that_is_gone_is_taken_out_of_the_policy_and_the_audit_says_so(world: World) -> None:
    receiver = Receiver(GONE)
    assert not deliver(world, receiver)

    assert world.orgs.get("acme") == Policy(superiors_see=True)
    (told,) = world.audit.page_of_org("acme", None, 10)
    assert (told.actor, told.action) == ("webhook", "policy.changed")
    assert told.changes == {"webhook_url": ("https://crm.example", None)}
    receiver.fault = None
    assert not deliver(world, receiver)
    assert receiver.taken == []


def test_a_webhook_that_was_named_meanwhile_stays(world: World) -> None:
    receiver = Receiver(GONE, Policy(webhook_url=OTHER), world)
    deliver(world, receiver)
    assert world.orgs.get("acme").webhook_url == OTHER


def test_the_control_any_other_refusal_leaves_the_policy_alone(world: World) -> None:
    with pytest.raises(UpstreamDown):
        deliver(world, Receiver(REFUSED))
    assert world.orgs.get("acme").webhook_url == HOOK


def _letters(world: World, count: int) -> list[bytes]:
    return [encode_event(replace(event(world), message=str(number))) for number in range(count)]


def test_what_was_given_up_is_published_again_as_it_was(world: World) -> None:
    letters = _letters(world, 250)
    dead = FakeDeadLetters(*letters)
    replaying = ReplayServices(dead, world.publisher, TOPIC, Log(world.log, strict=True))

    assert replay_events(replaying) == 250

    assert world.publisher.published == [(TOPIC, letter) for letter in letters]
    assert dead.letters == {}
    assert replay_events(replaying) == 0


def test_a_replay_that_dies_loses_nothing(world: World) -> None:
    letters = _letters(world, 3)
    dead = FakeDeadLetters(*letters)

    class Down:
        def publish(self, topic: str, messages: Sequence[bytes]) -> list[str]:
            raise UpstreamDown("Pub/Sub did not take the messages.")

    with pytest.raises(UpstreamDown):
        replay_events(ReplayServices(dead, Down(), TOPIC, Log(world.log, strict=True)))
    assert len(dead.letters) == 3
    dead.give_back()
    assert replay_events(ReplayServices(dead, world.publisher, TOPIC, Log(world.log, strict=True))) == 3
