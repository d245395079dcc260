"""Events reach the topic at least once, whatever dies; without a webhook in the policy nothing is published."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.notify.handle_push import GmailPush, handle_push
from functions.notify.services import Services
from shared.adapters.firestore.announced_mailboxes import AnnouncedMailboxes
from shared.adapters.firestore.documents import Write
from shared.domain.connection import SealedToken
from shared.domain.event import Event, EventType, parse_event
from shared.domain.mailbox import Health, Leaving, Mailbox
from shared.domain.policy import Policy
from shared.errors import Stale, TryAgain, UpstreamDown
from shared.log import Log
from shared.usecases.announce import AnnounceServices, announce_mailbox, announce_notices
from tests.contracts.firestore_servers import Firestore, embedded
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.process import Killed, Process
from tests.fakes.world import World

TOPIC = "projects/p/topics/events"
HOOK = Policy(webhook_url="https://crm.example/hook")


def announcing(world: World, process: Process) -> AnnounceServices:
    calls = process.calling
    publish = calls(world.publisher).publish
    return AnnounceServices(calls(world.orgs), publish, TOPIC, world.clock, Log(world.log, strict=True))


def notify_of(world: World, process: Process) -> Services:
    services = announcing(world, process)
    return replace(
        world.notify_of(process),
        announce=lambda box, notices, ids: announce_notices(box, notices, ids, services),
    )


def events(world: World) -> list[Event]:
    return [parse_event(message) for topic, message in world.publisher.published if topic == TOPIC]


def prepared(policy: Policy = HOOK) -> tuple[World, Mailbox, str]:
    """A mailbox with one new mail of a contact and one of a stranger; the push is still to come."""
    world = World()
    mailbox = world.connect(mailmagnet=True)
    world.orgs.put(mailbox.org, policy)
    world.account(mailbox).receive("stranger@nowhere.example")
    message_id = world.account(mailbox).receive("ana@client.example")
    return world, mailbox, message_id


def push(world: World, mailbox: Mailbox, process: Process | None = None) -> None:
    handle_push(GmailPush(mailbox.email, 10**18), notify_of(world, process or Process()))


def test_a_notice_is_announced_by_its_ids_and_a_strangers_mail_is_not() -> None:
    world, mailbox, message_id = prepared()

    push(world, mailbox)

    (event,) = events(world)
    assert (event.type, event.mailbox, event.user) == ("notice.created", mailbox.id, "alice")
    assert (event.message, event.contact) == (message_id, "c1")
    assert "@" not in str(world.publisher.published), "no address leaves by this way"


def test_without_a_webhook_nothing_is_published() -> None:
    world, mailbox, message_id = prepared(Policy())

    push(world, mailbox)

    assert world.publisher.published == []
    assert world.noticed(mailbox) == {message_id}, "the control"


def test_a_push_killed_between_any_two_steps_still_announces_its_notice() -> None:
    world, mailbox, _ = prepared()
    whole = Process()
    push(world, mailbox, whole)
    assert "FakePublisher.publish" in whole.steps

    for step in range(len(whole.steps)):
        world, mailbox, message_id = prepared()
        with pytest.raises(Killed):
            push(world, mailbox, Process(kill_at=step))
        # The lease of the one that died has ended when Pub/Sub delivers again.
        world.clock.advance(minutes=6)
        push(world, mailbox)
        told = events(world)
        assert {event.message for event in told} == {message_id}, step
        assert len({event.id for event in told}) == 1, step
        assert world.noticed(mailbox) == {message_id}, step


def test_a_topic_that_is_down_lets_the_push_come_again_and_loses_nothing() -> None:
    world, mailbox, message_id = prepared()
    down = replace(announcing(world, Process()), publish=_down)
    services = replace(
        world.notify, announce=lambda box, notices, ids: announce_notices(box, notices, ids, down)
    )

    with pytest.raises((UpstreamDown, TryAgain)):
        handle_push(GmailPush(mailbox.email, 10**18), services)
    push(world, mailbox)

    assert [event.message for event in events(world)] == [message_id]


def _down(_topic: str, _messages: object) -> list[str]:
    raise UpstreamDown("Pub/Sub did not take the messages.", code="pubsub_down")


@pytest.fixture(scope="module")
def firestore() -> Iterator[Firestore]:
    with embedded() as running:
        yield running


class Heard:
    """Notes what was announced, or fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.told: list[EventType] = []
        self.ids: list[str] = []
        self.fails = fails

    def __call__(self, mailbox: Mailbox, kind: EventType, turn: str) -> None:
        if self.fails:
            raise UpstreamDown("Pub/Sub did not take the messages.")
        self.told.append(kind)
        moment = mailbox.health.since or mailbox.connected_at
        self.ids.append(Event(kind, mailbox.org, mailbox.user, mailbox.id, moment, turn=turn).id)


def test_a_mailbox_is_announced_at_each_of_its_turns_and_at_no_other_write(firestore: Firestore) -> None:
    world = World()
    mailbox, heard = world.connect(), Heard()
    rows = AnnouncedMailboxes(fresh_documents(firestore), heard)

    rows.create(mailbox)
    rows.update(replace(mailbox, user_name="Alicia"), "user_name")
    rows.update(replace(mailbox, health=Health("watch_lapsed", world.clock.now())), "health")
    rows.update(replace(mailbox, health=Health("grant_lost", world.clock.now())), "health")
    rows.update(replace(mailbox, health=Health("grant_lost", world.clock.now())), "scopes")
    rows.delete(mailbox.id)
    rows.delete(mailbox.id)

    assert heard.told == [
        "mailbox.connected",
        "mailbox.health",
        "mailbox.needs_reconnect",
        "mailbox.disconnected",
    ]


def test_what_cannot_be_announced_is_not_written_so_that_it_is_met_again(firestore: Firestore) -> None:
    world = World()
    mailbox, documents = world.connect(), fresh_documents(firestore)
    kept = AnnouncedMailboxes(documents, Heard())
    kept.create(mailbox)
    failing = AnnouncedMailboxes(documents, Heard(fails=True))

    for write in (
        lambda: failing.create(replace(mailbox, user_name="Alicia")),
        lambda: failing.update(replace(mailbox, health=Health("grant_lost", world.clock.now())), "health"),
        lambda: failing.delete(mailbox.id),
    ):
        with pytest.raises(UpstreamDown):
            write()

    assert kept.get(mailbox.id) == mailbox


def test_an_illness_that_cannot_be_announced_is_written_all_the_same(firestore: Firestore) -> None:
    world, documents = World(), fresh_documents(firestore)
    mailbox = world.connect()
    AnnouncedMailboxes(documents, Heard()).create(mailbox)
    failing = AnnouncedMailboxes(documents, Heard(fails=True))
    failing.update(replace(mailbox, health=Health("quota", world.clock.now())), "health")
    kept = failing.get(mailbox.id)
    assert kept is not None
    assert kept.health.code == "quota"


@pytest.mark.parametrize(
    ("code", "act"), [("quota", "operator"), ("blocked_by_admin", "admin"), ("ok", None)]
)
def test_a_change_of_health_names_its_cause_and_who_must_act(code: str, act: str | None) -> None:
    world = World()
    mailbox = world.connect()
    world.orgs.put(mailbox.org, HOOK)
    announce_mailbox(
        replace(mailbox, health=Health(code, world.clock.now())),
        "mailbox.health",
        announcing(world, Process()),
    )
    (event,) = events(world)
    assert (event.type, event.cause, event.act) == ("mailbox.health", code, act)


@pytest.mark.parametrize(
    "kind", ["mailbox.connected", "mailbox.health", "mailbox.needs_reconnect", "mailbox.disconnected"]
)
def test_what_is_announced_again_later_has_the_same_id(kind: EventType) -> None:
    world = World()
    mailbox = world.connect()
    world.orgs.put(mailbox.org, HOOK)
    now = world.clock.now()
    row = replace(mailbox, health=Health("grant_lost", now), leaving=Leaving(now, "alice"))
    for _ in range(2):
        announce_mailbox(row, kind, announcing(world, Process()))
        world.clock.advance(hours=1)
    assert len({event.id for event in events(world)}) == 1


@pytest.mark.parametrize("code", ["grant_lost", "quota"])
def test_a_turn_that_was_told_and_not_written_is_told_again_with_the_same_id(
    firestore: Firestore, code: str
) -> None:
    world, heard = World(), Heard()
    documents = fresh_documents(firestore)
    rows = AnnouncedMailboxes(documents, heard)
    read = rows.create(world.connect())
    commit = documents.commit

    def fail(*_writes: Write) -> list[object]:
        raise UpstreamDown("Firestore did not answer.")

    documents.commit = fail  # type: ignore[method-assign]
    with pytest.raises(UpstreamDown):
        rows.update(replace(read, health=Health(code, world.clock.now())), "health", if_unchanged=True)
    documents.commit = commit  # type: ignore[method-assign]
    world.clock.advance(minutes=10)
    rows.update(replace(read, user_name="Alicia"), "user_name")
    rows.update(replace(read, health=Health(code, world.clock.now())), "health")
    first, told, again = heard.ids
    assert told == again != first

    rows.update(replace(read, health=Health("ok", world.clock.now())), "health")
    world.clock.advance(minutes=10)
    rows.update(replace(read, health=Health(code, world.clock.now())), "health")
    assert len(set(heard.ids)) == 4, "the control: the next illness is another event"


def test_a_consent_that_was_told_and_not_written_is_told_again_with_the_same_id(firestore: Firestore) -> None:
    world, heard = World(), Heard()
    rows = AnnouncedMailboxes(fresh_documents(firestore), heard)
    mailbox = world.connect()
    grant = SealedToken("1", b"n" * 12, b"sealed")
    rows.create(mailbox, grant=grant)
    later = world.clock.now() + timedelta(minutes=1)
    rows.update(replace(mailbox, granted_at=later), "granted_at", grant=grant)
    rows.update(replace(mailbox, granted_at=later), "granted_at", grant=replace(grant, nonce=b"m" * 12))
    assert heard.ids[0] == heard.ids[1] != heard.ids[2]


def test_a_mailbox_that_needs_a_reconnect_says_why() -> None:
    world = World()
    mailbox = world.connect()
    world.orgs.put(mailbox.org, HOOK)

    lost = replace(mailbox, health=Health("token_unreadable", world.clock.now()))
    announce_mailbox(lost, "mailbox.needs_reconnect", announcing(world, Process()))

    assert [(event.type, event.cause) for event in events(world)] == [
        ("mailbox.needs_reconnect", "token_unreadable")
    ]


def test_what_is_not_written_because_another_was_faster_is_not_announced(firestore: Firestore) -> None:
    world = World()
    heard = Heard()
    rows = AnnouncedMailboxes(fresh_documents(firestore), heard)
    read = rows.create(world.connect())
    rows.update(replace(read, user_name="Alicia"), "user_name")

    lost = replace(read, health=Health("grant_lost", world.clock.now()))
    with pytest.raises(Stale):
        rows.update(lost, "health", if_unchanged=True)

    assert heard.told == ["mailbox.connected"]
