"""Whatever happens in any order - deals, addresses, months, users, kills, lost answers, a failing CRM - labels end up
as the deals say.

Each run tries the same orders, so that no change is refused for another one's; `--hypothesis-profile anew` draws
others, LABELS_EXAMPLES asks for more of them.
"""

import json
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from functions.labeler.confirm_changes import ConfirmChanges, confirm_changes
from functions.labeler.services import Services
from functions.labeler.start_run import start_run
from functions.labeler.take_turn import take_turn
from functions.labeler.undo_labels import UndoLabels, undo_labels
from shared.domain.caller import Caller
from shared.domain.contact import Contact, Deal
from shared.errors import AppError, NotFound, UpstreamDown
from tests.fakes.lost_answers import AnswersLost
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World
from tests.seeds import drawn_seed

SEED = drawn_seed()
EXAMPLES = int(os.environ.get("LABELS_EXAMPLES", "25"))

NAMES = ("ana", "ben", "cem", "dee")
MOVABLE = ("one", "two", "three")
"""Addresses that contacts get and lose; each contact has one of its own besides."""
SENDERS = (*NAMES, *MOVABLE, "stranger")
CLOSING = (None, date(2026, 10, 5), date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 15))
ORDER = ("closing_this_month", "open_deals", "customers")
Deals = list[tuple[str, date | None]]
deals = st.lists(st.tuples(st.sampled_from(["open", "won", "lost"]), st.sampled_from(CLOSING)), max_size=3)


def expected_label(contact_deals: Deals, today: date) -> str | None:
    """The oracle, in its own words: product word 4."""
    opened = [closing for state, closing in contact_deals if state == "open"]
    if any(closing and closing.strftime("%Y%m") == today.strftime("%Y%m") for closing in opened):
        return "closing_this_month"
    if opened:
        return "open_deals"
    return "customers" if any(state == "won" for state, _ in contact_deals) else None


class Labels(RuleBasedStateMachine):
    """One mailbox, four contacts, strangers, and a user who has a will."""

    @initialize(old=st.lists(st.sampled_from(SENDERS), max_size=8))
    def connect(self, old: list[str]) -> None:
        self.world = World()
        self.crm = self.world.crm
        self.crm.contacts.clear()
        self.deals: dict[str, Deals] = {}
        self.addresses: dict[str, set[str]] = {name: {name} for name in NAMES}
        for name in NAMES:
            self._put(name, [])
        self.mailbox = self.world.connect("alice", mailmagnet=True)
        self.account = self.world.account(self.mailbox)
        self.sent: dict[str, str] = {}
        # What its user has decided about a message stays so.
        self.left_alone: set[str] = set()
        self.back_in_inbox: set[str] = set()
        self.filtered: set[str] = set()
        self.was_labelled: set[str] = set()
        self.has_deleted_a_label = False
        for name in old:
            self.receive(name, filtered=False)
        self.world.syncs.rows[self.mailbox.id] = replace(
            self.world.state(self.mailbox), cursor=self.account.history_id
        )
        self.world.change("alice", labels=True)
        self.settled = False

    def _put(self, name: str, rows: Deals) -> None:
        self.deals[name] = rows
        made = tuple(Deal(f"d{n}", "D", state, closing) for n, (state, closing) in enumerate(rows))  # type: ignore[arg-type]
        has = tuple(f"{address}@client.example" for address in sorted(self.addresses[name]))
        self.crm.put(Contact(name, name.title(), "contact", has, made))
        self.world.clock.advance(seconds=1)
        self.settled = False

    @rule(name=st.sampled_from(SENDERS), filtered=st.booleans())
    def receive(self, name: str, filtered: bool) -> None:
        # Only who is known when it comes: other mail outside the Inbox is not ours to sort.
        filtered = filtered and name in NAMES
        where = () if filtered else ("INBOX",)
        message = self.account.receive(f"{name}@client.example", (*where, "UNREAD", "Label_mine"))
        self.account.labels.setdefault("Label_mine", "My own")
        self.filtered |= {message} if filtered else set()
        self.sent[message] = name
        self.world.clock.advance(seconds=1)
        self.settled = False

    @rule(name=st.sampled_from(NAMES), rows=deals)
    def change_deals(self, name: str, rows: Deals) -> None:
        self._put(name, rows)

    @rule(name=st.sampled_from(NAMES), more=st.sets(st.sampled_from(MOVABLE)))
    def change_addresses(self, name: str, more: Collection[str]) -> None:
        self.addresses[name] = {name, *more}
        self._put(name, self.deals[name])

    @rule(days=st.sampled_from([1, 7, 25]))
    def days_pass(self, days: int) -> None:
        # Within the look-back: older mail does not follow changes any more.
        if self.world.clock.now() + timedelta(days=days) < self.mailbox.connected_at + timedelta(days=80):
            self.world.clock.advance(days=days)
            self.settled = False

    @rule(at=st.integers(0, 60))
    def tick_that_is_killed(self, at: int) -> None:
        self._killed(Process(kill_at=at))

    @rule(step=st.sampled_from(["FakeAccount.modify", "FakeLabelRuns.put", "FakeAccount.create_label"]))
    def tick_that_is_killed_after(self, step: str) -> None:
        self._killed(Process(kill_after=step))

    @rule()
    def tick_whose_answers_are_lost(self) -> None:
        services = self.world.labeler_of(Process())
        self._tick(replace(services, gmail=AnswersLost(self.account)))
        self.settled = False

    @rule()
    def tick_while_the_crm_fails(self) -> None:
        self.crm.down = UpstreamDown("The CRM is down.")
        self._tick(self.world.labeler_of(Process()))
        self.crm.down = None
        self.settled = False

    @rule()
    def ticks(self) -> None:
        for _ in range(6):
            self.world.clock.advance(minutes=10)
            self._tick(self.world.labeler_of(Process()))
            if self.world.labelings.rows[self.mailbox.id].held:
                admin = Caller("acme", "boss", frozenset({"mail_admin"}))
                confirm_changes(ConfirmChanges(admin, self.mailbox.id), self.world.labeler)
        self.settled = True

    @precondition(lambda self: self.settled and self.sent)
    @rule(data=st.data(), to_inbox=st.booleans())
    def user_takes_a_label_off(self, data: st.DataObject, to_inbox: bool) -> None:
        if message := self._pick(data):
            back = ["INBOX"] if to_inbox else []
            self.account.modify([message], add=back, remove=[self._label(next(iter(self._ours(message))))])
            self.left_alone.add(message)

    @precondition(lambda self: self.settled and self.sent)
    @rule(data=st.data())
    def user_moves_a_labelled_mail_back_to_the_inbox(self, data: st.DataObject) -> None:
        if message := self._pick(data):
            self.account.modify([message], add=["INBOX"])
            self.back_in_inbox.add(message)

    @precondition(lambda self: self.settled and not self.has_deleted_a_label)
    @rule(category=st.sampled_from(ORDER))
    def user_deletes_a_label(self, category: str) -> None:
        self.left_alone |= {message for message in self.sent if category in self._ours(message)}
        self.account.delete_label(self._label(category))
        self.has_deleted_a_label = True

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def user_undoes_a_message(self, data: st.DataObject) -> None:
        # Also between a run that was killed and the next one.
        if message := self._pick(data):
            had = self._ours(message)
            self.world.clock.advance(minutes=11)
            answer = undo_labels(UndoLabels(caller("alice"), message, None, None), self.world.labeler)
            assert answer["reversed"] == 1, answer
            self.left_alone.add(message)
            assert self._ours(message) != had
            if not self._ours(message) and message not in self.back_in_inbox:
                assert ("INBOX" in self.account.labels_of(message)) == (message not in self.filtered)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), at=st.integers(0, 30))
    def user_undoes_a_message_and_the_call_dies(self, data: st.DataObject, at: int) -> None:
        if message := self._pick(data):
            had = self._ours(message)
            self.world.clock.advance(minutes=11)
            with suppress(Killed):
                values = UndoLabels(caller("alice"), message, None, None)
                undo_labels(values, self.world.labeler_of(Process(kill_at=at)))
            self.world.clock.advance(minutes=11)
            if self._ours(message) != had:
                self.left_alone.add(message)
            self.settled = False

    @invariant()
    def labels_are_as_they_should_be(self) -> None:
        for message in self.sent if hasattr(self, "sent") else ():
            assert "Label_mine" in self.account.labels_of(message)
            ours = self._ours(message)
            assert len(ours) <= 1, (message, ours)
            self.was_labelled |= {message} if ours else set()
        if getattr(self, "settled", False):
            self._check_against_the_oracle()

    def _check_against_the_oracle(self) -> None:
        for message, address in self.sent.items():
            if message in self.left_alone:
                continue
            labels, want = self.account.labels_of(message), self._wanted(address)
            assert self._ours(message) == ({want} if want else set()), (message, address, labels, want)
            if message not in self.back_in_inbox:
                stays = message not in self.filtered and message not in self.was_labelled
                assert ("INBOX" in labels) == stays, (message, address, labels)

    @precondition(lambda self: self.settled)
    @rule()
    def another_run_writes_nothing(self) -> None:
        self.world.clock.advance(minutes=10)
        if self.world.clock.now().day == 1:
            return
        before = len(self.account.calls)
        self._tick(self.world.labeler_of(Process()))
        assert set(self.account.calls[before:]) <= {"history.list"}, self.account.calls[before:]

    def _wanted(self, address: str) -> str | None:
        today = self.world.clock.now().date()
        of: Mapping[str, Any] = {
            n: expected_label(self.deals[n], today) for n in NAMES if address in self.addresses[n]
        }
        return next((category for category in ORDER if category in of.values()), None)

    def _pick(self, data: st.DataObject) -> str | None:
        """A labelled message that its user has not decided about yet."""
        free = [m for m in sorted(set(self.sent) - self.left_alone) if self._ours(m)]
        return data.draw(st.sampled_from(free)) if free else None

    def _label(self, category: str) -> str:
        return self.world.row(self.mailbox).labels[category].id  # type: ignore[index]

    def _ours(self, message: str) -> set[str]:
        labels = self.account.labels_of(message)
        return {c for c, label in self.world.row(self.mailbox).labels.items() if label.id in labels}

    def _killed(self, process: Process) -> None:
        with suppress(Killed):
            self._tick(self.world.labeler_of(process))
        self.world.clock.advance(minutes=11)
        self.settled = False

    def _tick(self, services: Services) -> None:
        published = self.world.publisher.published
        at = len(published)
        start_run(services)
        turns = [json.dumps({"mailbox": self.mailbox.id, "run": "sweep"}).encode()]
        while at < len(published) or turns:
            payload = published[at][1] if at < len(published) else turns.pop()
            at += at < len(published)
            try:
                take_turn(payload, services)
            except NotFound:
                continue
            except AppError as error:
                if error.act != "retry":
                    raise


def test_labels_follow_everything() -> None:
    print(f"SEED={SEED} LABELS_EXAMPLES={EXAMPLES}")
    run_state_machine_as_test(
        seed(SEED)(Labels),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
