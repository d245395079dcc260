"""The queue of one subscription, on a clock that the test moves."""

import threading

from local.pubsub.message import Message
from local.pubsub.queue import Leased, Rules, SubscriptionQueue

RULES = Rules(ack_deadline_s=10, minimum_backoff_s=1, maximum_backoff_s=5, max_attempts=None)
NEVER = threading.Event()


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Graveyard:
    """A dead letter topic; while it is closed it takes nothing."""

    def __init__(self) -> None:
        self.buried: list[tuple[Message, int]] = []
        self.open = True

    def __call__(self, message: Message, attempts: int) -> bool:
        if self.open:
            self.buried.append((message, attempts))
        return self.open


class Case:
    """A queue with one message in it."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.clock, self.graveyard = Clock(), Graveyard()
        self.queue = SubscriptionQueue(rules, self.graveyard, self.clock)
        self.message = Message("1", b"hello")
        self.queue.put(self.message)

    def due(self) -> list[Leased]:
        return self.queue.lease(10, 0, NEVER)

    def fail(self) -> None:
        [leased] = self.due()
        self.queue.extend(leased.ack_id, 0)


def test_a_leased_message_is_given_to_nobody_else() -> None:
    case = Case()
    assert [leased.message for leased in case.due()] == [case.message]
    assert case.due() == []


def test_messages_come_in_the_order_of_their_publishing() -> None:
    case = Case()
    for number in range(2, 6):
        case.queue.put(Message(str(number), b"more"))
    assert [leased.message.id for leased in case.due()] == ["1", "2", "3", "4", "5"]


def test_an_acknowledged_message_never_comes_again() -> None:
    case = Case()
    case.queue.acknowledge(case.due()[0].ack_id)
    case.clock.now += 1_000_000
    assert case.due() == []


def test_the_pause_after_a_failure_doubles_from_minimum_to_maximum() -> None:
    case = Case()
    for pause_s in (1, 2, 4, 5, 5):
        case.fail()
        case.clock.now += pause_s - 0.01
        assert case.due() == []
        case.clock.now += 0.02
    assert [leased.attempt for leased in case.due()] == [6]


def test_a_message_that_fails_for_days_still_has_a_bounded_pause() -> None:
    assert RULES.backoff_s(100_000) == 5


def test_a_lease_that_ends_counts_as_a_failure() -> None:
    case = Case()
    case.due()
    case.clock.now += 10
    assert case.due() == []
    case.clock.now += 1
    assert [leased.attempt for leased in case.due()] == [2]


def test_an_extended_lease_ends_at_its_new_time_only() -> None:
    case = Case()
    [leased] = case.due()
    case.clock.now += 9
    case.queue.extend(leased.ack_id, 10)
    case.clock.now += 9
    case.queue.acknowledge(leased.ack_id)
    case.clock.now += 100
    assert case.due() == []


def test_an_answer_after_the_lease_changes_nothing() -> None:
    case = Case()
    [leased] = case.due()
    case.clock.now += 11
    case.due()
    case.queue.acknowledge(leased.ack_id)
    case.queue.extend(leased.ack_id, 60)
    case.clock.now += 1
    assert [each.attempt for each in case.due()] == [2]


def test_the_last_attempt_buries_the_message_with_its_count() -> None:
    case = Case(Rules(10, 0, 0, max_attempts=5))
    for _attempt in range(5):
        case.fail()
    assert case.graveyard.buried == [(case.message, 5)]
    case.clock.now += 100
    assert case.due() == []


def test_a_message_that_cannot_be_buried_is_tried_again_until_it_can() -> None:
    case = Case(Rules(10, 1, 1, max_attempts=5))
    case.graveyard.open = False
    for _attempt in range(7):
        case.fail()
        case.clock.now += 1
    case.graveyard.open = True
    case.fail()
    assert case.graveyard.buried == [(case.message, 8)]


def test_new_rules_hold_from_the_next_delivery() -> None:
    case = Case()
    case.queue.rules = Rules(10, 3, 3, None)
    case.fail()
    case.clock.now += 2.9
    assert case.due() == []
    case.clock.now += 0.2
    assert len(case.due()) == 1


def test_a_waiting_reader_wakes_for_a_message_and_for_a_stop() -> None:
    queue = SubscriptionQueue(RULES, Graveyard())
    stopped, leased = threading.Event(), list[list[Leased]]()
    reader = threading.Thread(target=lambda: leased.extend(queue.lease(1, 60, stopped) for _ in range(2)))
    reader.start()
    queue.put(Message("1", b"hello"))
    stopped.set()
    queue.wake()
    reader.join(10)
    assert not reader.is_alive()
