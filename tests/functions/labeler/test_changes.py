"""Deals, contacts and months that change, and a CRM that fails: what moves, what stays, what stops."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from functions.labeler.confirm_changes import ConfirmChanges, confirm_changes
from functions.labeler.explain_message import ExplainMessage, explain_message
from functions.labeler.label_mailbox import LEASE as TURN_LEASE
from functions.labeler.undo_labels import LEASE as UNDO_LEASE
from shared.domain.caller import Caller
from shared.domain.contact import Contact
from shared.errors import NotFound, UpstreamDown
from shared.ports.connector import ChangedContact, ChangePage
from tests.fakes.proxy_fakes import caller
from tests.functions.labeler.house import CLOSING, OPEN, WON, LabelHouse

ROOT = Path(__file__).parents[3]
ADMIN = Caller("acme", "boss", frozenset({"mail_admin"}))
STRANGER = Caller("other", "boss", frozenset({"mail_admin"}))
LOST = (("lost", None),)


@pytest.mark.parametrize("noticed", [True, False])
def test_mail_moves_with_its_deal_between_our_labels_and_nothing_else_changes(noticed: bool) -> None:
    house = LabelHouse({"ana": OPEN}, old=[] if noticed else ["ana"])
    (message,) = house.receive("ana") if noticed else house.old
    house.tick()
    before = house.account.labels_of(message) - {house.label("open_deals")}

    for deals, category in ((CLOSING, "closing_this_month"), (WON, "customers"), (OPEN, "open_deals")):
        house.put("ana", deals)
        house.tick()
        assert house.account.labels_of(message) == before | {house.label(category)}  # type: ignore[arg-type]


def test_mail_without_a_category_any_more_loses_our_label_stays_archived_and_comes_back_under_one() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("ana")
    house.tick()

    house.put("ana", LOST)
    house.tick()
    assert house.category(message) == set()
    assert not house.in_inbox(message)

    house.put("ana", WON)
    house.tick()
    assert house.category(message) == {"customers"}


def test_a_merge_moves_the_mail_of_both_contacts() -> None:
    house = LabelHouse({"ana": OPEN, "ben": WON})
    hers, his = house.receive("ana", "ben")
    house.tick()

    house.world.clock.advance(seconds=1)
    house.world.crm.remove("ana")
    house.put("ben", WON, "ben@client.example", "ana@client.example")
    house.tick()

    assert house.category(hers) == house.category(his) == {"customers"}


def test_a_deleted_contacts_mail_loses_our_label() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("ana")
    house.tick()
    house.world.clock.advance(seconds=1)
    house.world.crm.remove("ana")
    house.tick()
    assert house.category(message) == set()


def test_a_contact_that_gains_an_address_takes_the_inbox_mail_of_that_address_with_it() -> None:
    house = LabelHouse({"ana": OPEN})
    known, unknown = house.receive("ana", "ana.private")
    house.tick()
    assert house.category(unknown) == set()

    house.put("ana", OPEN, "ana@client.example", "ana.private@client.example")
    house.tick()

    assert house.category(known) == house.category(unknown) == {"open_deals"}


def test_mail_older_than_the_look_back_does_not_follow() -> None:
    house = LabelHouse({"ana": OPEN})
    (old,) = house.receive("ana")
    house.tick()
    house.world.clock.advance(days=91)
    (young,) = house.receive("ana")
    house.tick()

    house.put("ana", WON)
    told = {message: _causes(house, message) for message in (old, young)}
    house.tick()

    assert house.category(old) == {"open_deals"}
    assert house.category(young) == {"customers"}
    assert told == {old: ["older_than_look_back"], young: ["waits_for_changes"]}
    assert _causes(house, old) == ["older_than_look_back"], "nobody is told to wait for what never comes"
    assert _causes(house, young) == []


def _causes(house: LabelHouse, message: str) -> list[str]:
    told = explain_message(ExplainMessage(caller("alice"), message), house.world.labeler)
    return [cause["code"] for cause in told["causes"]]


@pytest.mark.parametrize("noticed", [True, False])
def test_the_turn_of_the_month_moves_mail_in_the_organisations_zone(noticed: bool) -> None:
    # 20:00 UTC on the last of November is the first of December in Auckland.
    house = LabelHouse(
        {"ana": CLOSING, "ben": (("open", date(2026, 12, 5)),)}, old=[] if noticed else ["ana", "ben"]
    )
    policy = replace(house.world.orgs.get("acme"), time_zone="Pacific/Auckland")
    house.world.orgs.put("acme", policy)
    hers, his = house.receive("ana", "ben") if noticed else house.old
    house.tick()
    assert (house.category(hers), house.category(his)) == ({"closing_this_month"}, {"open_deals"})

    house.world.clock.time = datetime(2026, 11, 30, 20, tzinfo=UTC)
    house.tick()

    assert (house.category(hers), house.category(his)) == ({"open_deals"}, {"closing_this_month"})


def test_counting_won_deals_of_this_month_is_a_setting_that_moves_mail_when_it_is_turned_on() -> None:
    house = LabelHouse({"ana": (("won", date(2026, 11, 3)),)})
    (message,) = house.receive("ana")
    house.tick()
    assert house.category(message) == {"customers"}

    house.world.orgs.put("acme", replace(house.world.orgs.get("acme"), count_won_this_month=True))
    house.tick()

    assert house.category(message) == {"closing_this_month"}


def test_a_crm_that_answers_nothing_takes_no_label_off() -> None:
    house = LabelHouse({"ana": OPEN}, old=["ana"])
    (seen,) = house.receive("ana")
    house.tick()
    ana = house.world.crm.contacts["ana"]
    house.put("ana", OPEN)
    # The change names her address, and the look-up then finds nobody.
    house.world.crm.contacts.clear()
    house.tick()
    assert house.category(seen) == house.category(house.old[0]) == {"open_deals"}

    # Neither does the turn of the month.
    house.world.clock.time = datetime(2026, 12, 3, tzinfo=UTC)
    house.tick()
    assert house.category(seen) == house.category(house.old[0]) == {"open_deals"}

    house.world.crm.contacts["ana"] = replace(ana, deals=(ana.deals[0],))


def test_a_crm_that_fails_is_asked_again_and_no_change_is_lost() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("ana")
    house.tick()
    house.put("ana", WON)

    house.world.crm.down = UpstreamDown("The CRM is down.")
    raised = house.tick()
    assert [error.code for error in raised] == ["upstream_down"], "the organisation's turn comes again"
    assert house.category(message) == {"open_deals"}

    house.world.crm.down = None
    house.tick()
    assert house.category(message) == {"customers"}


def test_pages_of_changes_that_go_round_in_a_circle_end() -> None:
    house = LabelHouse({"ana": OPEN})

    class Circling:
        def changes(self, org: str, since: datetime, cursor: str | None = None) -> ChangePage:
            return ChangePage((), "again", house.world.clock.now())

    raised = house.tick(replace(house.world.labeler, connector=Circling()))  # type: ignore[arg-type]

    assert [error.code for error in raised] == ["crm_garbled"]


def _forty(house: LabelHouse) -> list[str]:
    messages = house.receive(*["ana"] * 24, *["ben"] * 16)
    house.tick()
    return messages


def test_more_than_a_third_about_to_change_stops_and_says_so_until_the_admin_confirms() -> None:
    house = LabelHouse({"ana": OPEN, "ben": WON})
    messages = _forty(house)
    house.put("ana", LOST)
    house.tick()
    assert [house.category(m) for m in messages[:24]] == [{"open_deals"}] * 24
    assert house.world.row(house.mailbox).health.code == "label_changes_held"

    called = len(house.account.calls)
    house.tick()
    assert set(house.account.calls[called:]) == {"history.list"}, (
        "what is held is not weighed again and again"
    )

    confirm_changes(ConfirmChanges(ADMIN, house.mailbox.id), house.world.labeler)
    house.tick()
    assert [house.category(m) for m in messages[:24]] == [set()] * 24
    assert house.world.row(house.mailbox).health.code == "ok"


@pytest.mark.parametrize("news", [0, 1])
def test_a_held_mailbox_that_is_connected_anew_says_again_that_it_waits_for_its_admin(news: int) -> None:
    house = LabelHouse({"ana": OPEN, "ben": WON})
    _forty(house)
    house.put("ana", LOST)
    house.tick()
    house.world.google.end_consent(house.mailbox.email)
    house.tick()
    assert house.world.row(house.mailbox).health.code == "grant_lost"
    house.world.connect("alice")
    assert house.world.row(house.mailbox).health.code == "ok", "the control: connecting forgets it"

    house.receive(*["ben"] * news)
    house.tick()

    assert house.world.row(house.mailbox).health.code == "label_changes_held"


def test_new_mail_is_sorted_while_changes_are_held() -> None:
    house = LabelHouse({"ana": OPEN, "ben": WON})
    _forty(house)
    house.put("ana", LOST)
    house.tick()
    (message,) = house.receive("ben")
    house.tick()
    assert house.category(message) == {"customers"}


def test_a_small_mailbox_never_stops() -> None:
    house = LabelHouse({"ana": OPEN})
    messages = house.receive(*["ana"] * 19)
    house.tick()
    house.put("ana", LOST)
    house.tick()
    assert [house.category(m) for m in messages] == [set()] * 19


def test_fewer_changes_than_a_third_do_not_stop() -> None:
    house = LabelHouse({"ana": OPEN, "ben": WON})
    messages = house.receive(*["ana"] * 20, *["ben"] * 50)
    house.tick()
    house.put("ana", WON)
    house.tick()
    assert [house.category(m) for m in messages[:20]] == [{"customers"}] * 20


def test_the_calendar_alone_never_stops_a_run() -> None:
    house = LabelHouse({"ana": CLOSING})
    messages = house.receive(*["ana"] * 30)
    house.tick()
    house.world.clock.time = datetime(2026, 12, 1, 12, tzinfo=UTC)
    house.tick()
    assert [house.category(m) for m in messages] == [{"open_deals"}] * 30


def test_only_an_admin_of_the_organisation_confirms_and_only_what_is_held() -> None:
    house = LabelHouse({"ana": OPEN, "ben": WON})
    with pytest.raises(NotFound):
        confirm_changes(ConfirmChanges(ADMIN, house.mailbox.id), house.world.labeler)
    _forty(house)
    house.put("ana", LOST)
    house.tick()
    with pytest.raises(NotFound):
        confirm_changes(ConfirmChanges(STRANGER, house.mailbox.id), house.world.labeler)


@pytest.mark.parametrize(("entry_point", "lease"), [("label_mailbox", TURN_LEASE), ("labeler", UNDO_LEASE)])
def test_a_lease_outlives_the_function_that_holds_it(entry_point: str, lease: timedelta) -> None:
    source = (ROOT / "infra" / "terraform" / "functions.tf").read_text(encoding="utf-8")
    block = source[source.index(f"    {entry_point} = {{") :]
    ended_after = re.search(r"timeout_s = (\d+)", block)
    assert ended_after is not None
    assert lease.total_seconds() > int(ended_after[1])


def test_two_runs_at_once_label_every_mail_once() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("ana")
    state = house.world.state(house.mailbox)
    until = house.world.clock.now() + timedelta(minutes=20)
    # Another instance is at work, and for longer than a tick.
    house.world.syncs.rows[house.mailbox.id] = replace(state, lease_owner="other", lease_until=until)
    raised = house.tick()
    assert {error.code for error in raised} == {"mailbox_busy"}
    assert house.category(message) == set()

    house.tick()
    house.tick()
    assert house.category(message) == {"open_deals"}
    assert house.account.calls.count("messages.modify") == 1


def test_a_change_that_only_names_strangers_costs_a_mailbox_nothing() -> None:
    house = LabelHouse({"ana": OPEN, "zoe": OPEN})
    house.receive("ana")
    house.tick()
    called = len(house.account.calls)
    house.put("zoe", WON)
    house.tick()
    assert set(house.account.calls[called:]) == {"history.list"}, "it was only swept"


def test_a_gone_contact_without_addresses_is_passed_over() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("ana")
    house.tick()
    gone = ChangedContact(Contact("ana", "", "contact", ()))
    house.world.crm.changed.append((house.world.clock.now() + timedelta(seconds=1), gone))
    house.tick()
    assert house.category(message) == {"open_deals"}
