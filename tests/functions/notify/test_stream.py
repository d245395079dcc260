"""The feed as server-sent events."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any

import pytest

from functions.notify import stream_notices as stream_notices_module
from functions.notify.services import Services
from functions.notify.stream_notices import StreamNotices, stream_notices
from shared.domain.caller import Caller
from shared.domain.contact import Contact
from shared.domain.feed import SKEW
from shared.errors import Throttled, UpstreamDown
from tests.fakes.proxy_fakes import NOON, caller
from tests.fakes.world import World


@pytest.fixture
def world() -> World:
    return World()


class Seconds:
    """The machine's own clocks, which stand still until a test moves them: no slow machine ends a token too early."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed

    def time(self) -> float:
        return NOON.timestamp() + self.passed


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    seconds = Seconds()
    monkeypatch.setattr(stream_notices_module, "time", seconds)
    return seconds


class Client:
    """A browser: reads events, remembers the last id, comes back with it."""

    def __init__(self, services: Services, who: Caller | None = None) -> None:
        self._services = services
        self.caller = who or caller()
        self.last_event_id: str | None = None
        self.stream: Iterator[bytes] = iter(())

    def open(self) -> None:
        self.stream = stream_notices(StreamNotices(self.caller, self.last_event_id), self._services)

    def next(self) -> tuple[str, Any]:
        """The next event's name and data; heartbeats are passed over."""
        for block in self.stream:
            fields = dict(line.split(": ", 1) for line in block.decode().strip().splitlines() if ": " in line)
            if "event" in fields:
                self.last_event_id = fields["id"]
                return fields["event"], json.loads(fields["data"])
        return "end", None

    def close(self) -> None:
        self.stream.close()  # type: ignore[attr-defined]


@pytest.fixture
def client(world: World) -> Client:
    client = Client(world.notify)
    client.open()
    return client


def test_a_new_notice_is_sent_as_the_list_shows_it(world: World, client: Client) -> None:
    assert client.next() == ("ready", {})
    world.feed.make("m1")

    name, row = client.next()

    assert name == "notice"
    assert row["id"] == "m1"
    assert row["contact"] == {"id": "c1", "name": "Ana"}
    assert row["read"] is False


def test_what_was_there_before_is_listed_and_not_streamed(world: World) -> None:
    world.feed.make("old")
    client = Client(world.notify)
    client.open()
    client.next()
    world.feed.make("new")
    assert client.next()[1]["id"] == "new"


def test_a_client_that_comes_back_gets_what_it_missed_once_and_in_order(world: World, client: Client) -> None:
    client.next()
    world.feed.make("m1")
    client.next()
    client.close()
    for name in ("m2", "m3", "m4"):
        world.clock.advance(minutes=5)
        world.feed.make(name)

    client.open()

    assert [client.next()[1]["id"] for _ in range(3)] == ["m2", "m3", "m4"]


def test_one_that_left_before_the_first_notice_misses_nothing_either(world: World, client: Client) -> None:
    client.next()
    client.close()
    world.feed.make("m1")
    client.open()
    assert client.next()[1]["id"] == "m1"


def test_a_writer_with_a_clock_that_is_behind_is_not_left_out(world: World, client: Client) -> None:
    client.next()
    world.feed.make("ahead", clock_ahead=timedelta(seconds=20))
    client.next()
    client.close()
    world.feed.make("behind", clock_ahead=timedelta(seconds=-20))
    client.open()
    assert client.next()[1]["id"] == "behind"


@pytest.mark.parametrize("known", ["nonsense", "1-2", "9" * 17 + "-" + "9" * 17])
def test_with_an_id_that_is_not_ours_the_client_is_told_to_list_again(world: World, known: str) -> None:
    client = Client(world.notify)
    client.last_event_id = known
    client.open()
    assert client.next() == ("reset", {})
    world.feed.make("m1")
    assert client.next()[1]["id"] == "m1"


def test_after_a_day_away_the_client_lists_again(world: World, client: Client) -> None:
    client.next()
    client.close()
    world.clock.advance(hours=25)
    client.open()
    assert client.next()[0] == "reset"


def test_a_change_of_the_retention_loses_nothing_of_the_feed(world: World, client: Client) -> None:
    client.next()
    client.close()
    client._services = replace(world.notify, retention=timedelta(days=30))
    client.open()
    assert client.next()[0] == "reset"


def test_after_the_retention_was_shortened_a_stream_does_not_read_what_was_kept_for_longer(
    world: World,
) -> None:
    for day in range(60):
        world.feed.make(f"m{day}")
        world.clock.advance(days=1)
    world.feed.retention = timedelta(days=30)
    world.feed.reads = 0
    client = Client(replace(world.notify, retention=timedelta(days=30)))
    client.open()

    assert client.next()[0] == "ready"
    world.feed.make("new", clock_ahead=SKEW)

    assert client.next()[1]["id"] == "new"
    assert world.feed.reads <= 1, "those that expire in these minutes"


def test_a_stream_ends_by_itself_and_stops_its_listener(world: World) -> None:
    limits = replace(world.notify.streams, seconds=0.2)
    client = Client(replace(world.notify, streams=limits))
    client.open()
    client.next()
    assert client.next() == ("end", None)
    assert [listener.stopped for listener in world.feed.listeners] == [True]


@pytest.mark.parametrize(("token_s", "said"), [(60, "end"), (61, "notice")], ids=["short", "the control"])
def test_a_stream_ends_with_its_callers_token(
    world: World, seconds: Seconds, token_s: float, said: str
) -> None:
    client = Client(world.notify, replace(caller(), until=NOON + timedelta(seconds=token_s)))
    client.open()
    assert client.next()[0] == "ready"

    seconds.passed = 60
    world.feed.make("after the token")

    assert client.next()[0] == said
    client.close()
    assert [listener.stopped for listener in world.feed.listeners] == [True]


def test_a_client_with_a_new_token_gets_what_came_after_the_old_one_ended(
    world: World, seconds: Seconds
) -> None:
    client = Client(world.notify, replace(caller(), until=NOON + timedelta(seconds=60)))
    client.open()
    client.next()
    seconds.passed = 60
    assert client.next() == ("end", None)
    world.feed.make("m1")
    client.caller = caller()
    client.open()
    assert client.next()[1]["id"] == "m1"


def test_there_is_one_listener_a_stream_and_it_ends_with_the_client(world: World, client: Client) -> None:
    client.next()
    assert len(world.feed.listeners) == 1
    client.close()
    assert world.feed.listeners[0].stopped


def test_a_listener_that_breaks_ends_the_stream_so_that_the_client_comes_back(
    world: World, client: Client
) -> None:
    client.next()
    world.feed.listeners[0].alive = False
    assert client.next() == ("end", None)


def test_a_crm_that_is_down_delays_a_notice_and_loses_none(world: World, client: Client) -> None:
    client.next()
    world.crm.down = UpstreamDown("The CRM does not answer.")
    world.feed.make("m1")
    assert client.next() == ("end", None)
    world.crm.down = None
    client.open()
    assert client.next()[1]["id"] == "m1"


def test_a_process_has_room_for_so_many_streams_and_a_client_that_leaves_makes_room(world: World) -> None:
    services = replace(world.notify, streams=replace(world.notify.streams, slots=BoundedSemaphore(1)))
    first, second = Client(services), Client(services)
    first.open()
    with pytest.raises(Throttled):
        second.open()
    first.close()
    second.open()
    assert second.next()[0] == "ready"


def test_a_contact_with_a_line_break_in_its_name_cannot_forge_an_event(world: World, client: Client) -> None:
    world.crm.contacts["c1"] = Contact(
        "c1", "Ana\n\nevent: notice\ndata: {}", "contact", ("ana@client.example",)
    )
    client.next()
    world.feed.make("m1")
    block = next(block for block in client.stream if block.startswith(b"event"))
    assert block.count(b"\n") == 4
