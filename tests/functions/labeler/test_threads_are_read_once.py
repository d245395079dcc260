"""Headers of a conversation are read together: 40 units for a thread of any length, counted as two headers."""

from dataclasses import replace

from tests.fakes.process import Process
from tests.functions.labeler.house import OPEN, WON, LabelHouse


def _talks(*sizes: int) -> tuple[LabelHouse, list[list[str]]]:
    """Ana's conversations, which lie in the Inbox before labels go on; no notice names them."""
    house = LabelHouse({"ana": OPEN})
    with house.off():
        talks = [
            [house.account.receive("ana@client.example", thread=f"talk {number}") for _ in range(size)]
            for number, size in enumerate(sizes)
        ]
    return house, talks


def _threads_asked(house: LabelHouse, called: int) -> int:
    return house.account.calls[called:].count("threads.get")


def test_the_first_time_a_conversation_is_read_as_one() -> None:
    house, talks = _talks(5, 3, 1)
    called, units = len(house.account.calls), house.account.units

    house.tick()

    assert all(house.category(message) == {"open_deals"} for talk in talks for message in talk)
    assert _threads_asked(house, called) == 2
    labels, search, headers, nine_changes, sweeps = 1, 5, 40 + 40 + 20, 9 * 5, 2 * 2
    assert house.account.units - units <= labels + search + headers + nine_changes + sweeps


def test_a_deal_that_changes_moves_a_conversation_that_is_read_as_one() -> None:
    house, (talk,) = _talks(6)
    house.tick()
    called = len(house.account.calls)

    house.put("ana", WON)
    house.tick()

    assert all(house.category(message) == {"customers"} for message in talk)
    assert _threads_asked(house, called) == 1


def test_a_conversation_counts_as_two_of_the_headers_that_a_turn_may_read() -> None:
    house, talks = _talks(5, 3, 1, 4)
    order = [message for talk in talks for message in talk]
    few = replace(house.world.labeler_of(Process()), checks_a_turn=3)

    done = []
    for _ in range(2):
        house.tick(few)
        done.append(sum(house.category(message) == {"open_deals"} for message in order))

    # A run here has two turns. From the newest on: the four and the one; then the three, and one of five; then all.
    assert done == [5 + 4, 13]
    assert house.world.row(house.mailbox).labeling.state == "idle"


def test_a_mail_from_another_sender_in_a_conversation_is_left_where_it_is() -> None:
    house = LabelHouse({"ana": OPEN})
    hers = [house.account.receive("ana@client.example", thread="talk") for _ in range(3)]
    others = house.account.receive("zoe@client.example", thread="talk")
    house.world.change("alice", labels=False)
    house.world.change("alice", labels=True)
    house.tick()

    assert all(house.category(message) == {"open_deals"} for message in hers)
    assert (house.category(others), house.in_inbox(others)) == (set(), True)
