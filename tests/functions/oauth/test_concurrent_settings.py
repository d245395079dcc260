"""A change of settings that meets another one between reading and writing, and the control without the precondition."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import pytest

from functions.oauth.change_settings import ATTEMPTS, ChangeSettings, SettingsChange, change_settings
from functions.oauth.settings_tag import settings_tag
from shared.domain.audit import AuditEntry
from shared.domain.categories import CATEGORIES
from shared.domain.mailbox import GmailLabel, Mailbox
from shared.errors import Stale, TryAgain, UpstreamDown
from tests.fakes.proxy_fakes import caller
from tests.fakes.stores import FakeMailboxes
from tests.fakes.world import World

ALICE = caller("alice")
Update = Callable[..., Mailbox]


def meet(world: World, others: list[Callable[[], object]], *, careless: bool = False) -> None:
    """Lets each of `others` happen just before one of the next updates; `careless` drops the precondition."""
    stores = world.mailboxes

    def update(
        mailbox: Mailbox, *fields: str, if_unchanged: bool = False, audit: Collection[AuditEntry] = ()
    ) -> Mailbox:
        if others and "settings" in fields:
            others.pop(0)()
        guarded = if_unchanged and not careless
        return FakeMailboxes.update(stores, mailbox, *fields, if_unchanged=guarded, audit=audit)

    stores.update = update  # type: ignore[method-assign,assignment]


def change(world: World, **fields: Any) -> Mailbox:
    return change_settings(ChangeSettings(ALICE, SettingsChange(**fields)), world.oauth)


def other_page(world: World, **fields: Any) -> Callable[[], object]:
    """Somebody else's change, written past the use case."""

    def write() -> None:
        row = next(iter(world.mailboxes.rows.values()))
        changed = row.with_settings(replace(row.settings, **fields))
        FakeMailboxes.update(world.mailboxes, changed, "settings")

    return write


@pytest.mark.parametrize("careless", [False, True])
def test_neither_of_two_changes_is_lost_and_without_the_precondition_one_is(careless: bool) -> None:
    world = World()
    mailbox = world.connect()
    meet(world, [other_page(world, never_shared=("law.example",))], careless=careless)

    change(world, sharing="custom")

    stored = world.row(mailbox).settings
    kept = (stored.sharing, stored.never_shared) == ("custom", ("law.example",))
    assert kept != careless


def test_a_change_that_others_outrun_each_time_says_so_in_the_end() -> None:
    world = World()
    mailbox = world.connect()
    names = [(f"d{number}.example",) for number in range(ATTEMPTS + 1)]
    meet(world, [other_page(world, never_shared=name) for name in names])
    with pytest.raises(TryAgain):
        change(world, sharing="custom")
    assert world.row(mailbox).settings.sharing == "private"


def test_an_if_match_that_was_good_at_first_is_held_against_what_is_stored_at_last() -> None:
    world = World()
    mailbox = world.connect()
    meet(world, [other_page(world, never_shared=("law.example",))])
    values = ChangeSettings(ALICE, SettingsChange(sharing="custom"), settings_tag(mailbox.settings))
    with pytest.raises(Stale):
        change_settings(values, world.oauth)
    assert world.row(mailbox).settings.sharing == "private"


def test_an_outrun_change_is_told_once_in_the_audit() -> None:
    world = World()
    world.connect()
    meet(world, [other_page(world, never_shared=("law.example",))])
    change(world, sharing="custom")
    told = [entry for entry in world.audit.of_owner if entry.action == "settings.changed"]
    assert [dict(entry.changes) for entry in told] == [{"sharing": ("private", "custom")}]


def test_labels_made_for_a_change_that_another_one_made_useless_are_taken_away_again() -> None:
    world = World()
    mailbox = world.connect(mailmagnet=True)
    meet(world, [other_page(world, mailmagnet=False)])

    with pytest.raises(Exception, match="Labels need MailMagnet"):
        change(world, labels=True)

    assert [
        label.name for label in world.account(mailbox).list_labels() if label.id.startswith("Label")
    ] == []


def test_labels_made_by_an_attempt_that_was_outrun_are_no_longer_in_doubt_after_the_next() -> None:
    world = World()
    mailbox = world.connect(mailmagnet=True)
    meet(world, [other_page(world, never_shared=("law.example",))])

    change(world, labels=True)

    row = world.row(mailbox)
    assert (len(row.labels), row.making) == (3, {})
    assert {label.id for label in row.labels.values()} == set(world.account(mailbox).labels)


def test_labeling_begins_where_gmail_does_not_delete_a_label_that_was_made_for_nothing() -> None:
    world = World()
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)

    def other_labels() -> None:
        theirs = {category: GmailLabel(f"theirs-{category}", category) for category in CATEGORIES}
        row = world.row(mailbox)
        FakeMailboxes.update(world.mailboxes, replace(row, labels=theirs), "labels")

    meet(world, [other_labels])

    def refuse(label_id: str) -> None:
        raise UpstreamDown("Gmail had a fault of its own.")

    account.delete_label = refuse  # type: ignore[method-assign]
    with pytest.raises(UpstreamDown):
        change(world, labels=True)

    assert world.row(mailbox).settings.labels
    assert mailbox.id in world.labelings.rows
