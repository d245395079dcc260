"""The labeler's plan."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.contact import Contact, Deal, by_address
from shared.domain.labels import plan_labels
from shared.domain.notice import Notice

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
ANA = Contact("c1", "Ana", "contact", ("Ana@Client.example",), (Deal("d1", "A", "open", date(2026, 11, 30)),))
BEN = Contact(
    "c2", "Ben", "contact", ("ben@client.example", "desk@client.example"), (Deal("d2", "B", "open"),)
)
CEM = Contact("c3", "Cem", "lead", ("cem@client.example", "desk@client.example"), (Deal("d3", "C", "won"),))
DEE = Contact("c4", "Dee", "lead", ("dee@client.example",))
KNOWN = by_address([ANA, BEN, CEM, DEE])


def _notice(message_id: str, sender: str) -> Notice:
    # Two hours old: long enough for everything that is asked for again.
    return Notice(message_id, sender, NOW - timedelta(hours=2))


def test_mail_is_sorted_by_its_senders_deals() -> None:
    notices = [_notice(name, f"{name}@client.example") for name in ("ana", "ben", "cem", "dee")]
    plan = plan_labels(notices, KNOWN, UTC_ZONE, NOW)
    assert plan.labelled == {"closing_this_month": ("ana",), "open_deals": ("ben",), "customers": ("cem",)}
    assert plan.unlabelled == ("dee",)


def test_an_address_of_two_contacts_takes_the_higher_category() -> None:
    plan = plan_labels([_notice("m", "desk@client.example")], KNOWN, UTC_ZONE, NOW)
    assert plan.labelled == {"open_deals": ("m",)}


def test_messages_keep_their_order_within_a_category() -> None:
    notices = [_notice(f"m{at}", "ana@client.example") for at in (3, 1, 2)]
    assert plan_labels(notices, KNOWN, UTC_ZONE, NOW).labelled == {"closing_this_month": ("m3", "m1", "m2")}


def test_every_message_is_planned_exactly_once() -> None:
    names = ("ana", "ben", "cem", "dee")
    notices = [_notice(f"m{at}", f"{names[at % 4]}@client.example") for at in range(40)]
    plan = plan_labels(notices, KNOWN, UTC_ZONE, NOW)
    planned = [message_id for ids in plan.labelled.values() for message_id in ids] + list(plan.unlabelled)
    assert sorted(planned) == sorted(notice.message_id for notice in notices)


def test_a_plan_of_nothing_is_empty() -> None:
    plan = plan_labels([], KNOWN, UTC_ZONE, NOW)
    assert (dict(plan.labelled), plan.unlabelled) == ({}, ())


def test_the_month_is_the_organisations() -> None:
    turn = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    notice = [Notice("m", "ana@client.example", turn - timedelta(hours=2))]
    assert plan_labels(notice, KNOWN, UTC_ZONE, turn).labelled == {"closing_this_month": ("m",)}
    assert plan_labels(notice, KNOWN, ZoneInfo("Europe/Paris"), turn).labelled == {"open_deals": ("m",)}
