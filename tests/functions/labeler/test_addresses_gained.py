"""Somebody whose mail lies in the Inbox becomes known to the CRM: the next run labels it, in every mailbox."""

from dataclasses import replace

import pytest

from functions.labeler.spread_changes import OrgTurn, spread_changes
from shared.domain.mailbox import Mailbox
from tests.fakes.process import Killed, Process
from tests.functions.labeler.house import CLOSING, OPEN, WON, LabelHouse

BOTH = ("ana@client.example", "ana.private@client.example")


def _bobs(house: LabelHouse) -> Mailbox:
    """Another mailbox of the organisation, with labels and no mail."""
    bob = house.world.connect("bob", mailmagnet=True, labels=True)
    house.tick()
    return bob


def _label_names(house: LabelHouse, mailbox: Mailbox, message: str) -> set[str]:
    ours = {label.id: category for category, label in house.world.row(mailbox).labels.items()}
    return {ours[label] for label in house.world.account(mailbox).labels_of(message) if label in ours}


def _calls(house: LabelHouse, mailbox: Mailbox) -> list[str]:
    return house.world.account(mailbox).calls


@pytest.mark.parametrize("told", [True, False])
def test_mail_of_a_contacts_new_address_is_labelled_in_mailboxes_without_other_mail_of_theirs(
    told: bool,
) -> None:
    house = LabelHouse({"ana": OPEN})
    house.world.crm.tells_new_addresses = told
    bob = _bobs(house)
    message = house.world.account(bob).receive("ana.private@client.example")
    house.tick()
    assert _label_names(house, bob, message) == set(), "the control: nobody knew the address"

    house.put("ana", OPEN, *BOTH)
    house.tick()

    assert _label_names(house, bob, message) == {"open_deals"}
    assert "INBOX" not in house.world.account(bob).labels_of(message)


def test_mail_of_a_stranger_who_becomes_a_contact_is_labelled_and_follows() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("zoe")
    house.tick()

    house.put("zoe", WON)
    house.tick()
    assert house.category(message) == {"customers"}

    house.put("zoe", CLOSING)
    house.tick()
    assert house.category(message) == {"closing_this_month"}


def test_mail_of_a_stranger_who_becomes_a_lead_is_labelled_when_a_deal_follows() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("zoe")
    house.tick()
    house.put("zoe", ())
    house.tick()
    assert (house.category(message), house.in_inbox(message)) == (set(), True)

    house.put("zoe", OPEN)
    house.tick()

    assert house.category(message) == {"open_deals"}


def test_only_mail_of_the_inbox_within_the_look_back_is_looked_for() -> None:
    house = LabelHouse({"ana": OPEN})
    (old,) = house.receive("zoe")
    house.world.clock.advance(days=91)
    archived = house.account.receive("zoe@client.example", ())
    house.tick()

    house.put("zoe", OPEN)
    house.tick()

    assert house.category(old) == house.category(archived) == set()


def test_a_mailbox_without_such_mail_is_searched_once_for_five_units() -> None:
    house = LabelHouse({"ana": OPEN})
    bob = _bobs(house)
    gmail = house.world.account(bob)
    house.world.crm.contacts.clear()
    called, units = len(gmail.calls), gmail.units

    for n in range(151):
        house.put(f"new{n}", OPEN)
    house.tick()
    searched = gmail.calls[called:]
    house.tick()

    assert searched.count("messages.list") == 2, "151 addresses: two searches"
    assert set(searched) <= {"messages.list", "history.list"}
    assert gmail.units - units <= 2 * 5 + 2 * 2, "with the hourly check"
    assert set(gmail.calls[called + len(searched) :]) <= {"history.list"}
    assert house.world.labelings.rows[bob.id].contacts == frozenset(), "nobody without mail is remembered"


@pytest.mark.parametrize(("told", "searches"), [(True, 5), (False, 2)])
def test_a_crm_that_does_not_tell_new_addresses_costs_every_mailbox_one_search_an_hour(
    told: bool, searches: int
) -> None:
    house = LabelHouse({})
    house.world.crm.tells_new_addresses = told
    bob = _bobs(house)
    message = house.world.account(bob).receive("new4@client.example")
    house.tick()
    called = len(_calls(house, bob))

    for n in range(5):
        house.put(f"new{n}", OPEN)
        house.tick()
    assert _label_names(house, bob, message) == ({"open_deals"} if told else set())
    # Nothing more changes; what was gathered is searched when the hour is over.
    for _ in range(2):
        house.tick()

    assert _label_names(house, bob, message) == {"open_deals"}
    assert _calls(house, bob)[called:].count("messages.list") == searches
    assert house.world.crm_cursors.get("acme").untold_since is None  # type: ignore[union-attr]


def test_a_search_that_waits_for_its_hour_is_not_lost_where_the_run_dies() -> None:
    house = LabelHouse({})
    house.world.crm.tells_new_addresses = False
    bob = _bobs(house)
    message = house.world.account(bob).receive("new1@client.example")
    house.put("new0", OPEN)
    house.tick()
    house.put("new1", OPEN)
    house.tick()
    waiting = house.world.crm_cursors.get("acme")
    assert waiting is not None
    assert waiting.untold_since is not None, "the control: it waits"

    house.world.clock.advance(hours=1)
    with pytest.raises(Killed):
        spread_changes(
            OrgTurn("acme", "run"), house.world.labeler_of(Process(kill_after="FakeLabelings.mark_changed"))
        )
    house.tick()

    assert _label_names(house, bob, message) == {"open_deals"}


def test_a_deal_that_changes_is_looked_for_only_where_its_contacts_mail_is_known() -> None:
    house = LabelHouse({"ana": OPEN})
    bob = _bobs(house)
    house.receive("ana")
    house.tick()
    called = len(_calls(house, bob))

    house.put("ana", WON)
    house.tick()

    assert set(_calls(house, bob)[called:]) <= {"history.list"}


def test_more_mail_than_a_turn_may_read_is_labelled_over_several() -> None:
    house = LabelHouse({"ana": OPEN})
    messages = house.receive(*["zoe", "yan"] * 4)
    house.tick()
    house.put("zoe", WON)
    house.put("yan", ())

    few = replace(house.world.labeler_of(Process()), checks_a_turn=3)
    for _ in range(4):
        house.tick(few)

    assert [house.category(message) for message in messages] == [{"customers"}, set()] * 4


def test_what_changes_while_labels_are_off_costs_no_visit_and_is_followed_when_they_are_on_again() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("ana")
    house.tick()
    house.world.change("alice", labels=False)
    house.put("ana", WON)
    house.tick()
    assert list(house.world.labelings.with_work(10)) == []
    assert house.category(message) == {"open_deals"}

    house.world.change("alice", labels=True)
    house.tick()

    assert house.category(message) == {"customers"}
