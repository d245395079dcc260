"""Whatever happens in any order - deals, months, users, kills, a failing CRM - labels end up as the deals say.

Each run tries other orders. Its seed is printed: LABELS_SEED brings one back, LABELS_EXAMPLES asks for more of them.
"""

import json
import os
import random
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

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
from functions.labeler.start_run import start_run
from functions.labeler.take_turn import take_turn
from functions.labeler.undo_labels import UndoLabels, undo_labels
from shared.domain.caller import Caller
from shared.domain.contact import Contact, Deal
from shared.errors import AppError, NotFound, UpstreamDown
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World

SEED = int(os.environ.get("LABELS_SEED") or random.SystemRandom().randrange(2**32))
EXAMPLES = int(os.environ.get("LABELS_EXAMPLES", "15"))

NAMES = ("ana", "ben", "cem", "dee")
CLOSING = (None, date(2026, 10, 5), date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 15))
deals = st.lists(st.tuples(st.sampled_from(["open", "won", "lost"]), st.sampled_from(CLOSING)), max_size=3)


def expected_label(contact_deals: list[tuple[str, date | None]], today: date) -> str | None:
    """The oracle, in its own words: product word 4."""
    opened = [closing for state, closing in contact_deals if state == "open"]
    if any(closing and closing.strftime("%Y%m") == today.strftime("%Y%m") for closing in opened):
        return "closing_this_month"
    if opened:
        return "open_deals"
    return "customers" if any(state == "won" for state, _ in contact_deals) else None


class Labels(RuleBasedStateMachine):
    """One mailbox, four contacts, strangers, and a user who has a will."""

    @initialize(old=st.lists(st.sampled_from([*NAMES, "stranger"]), max_size=8))
    def connect(self, old: list[str]) -> None:
        self.world = World()
        self.crm = self.world.crm
        self.crm.contacts.clear()
        self.deals: dict[str, list[tuple[str, date | None]]] = {}
        for name in NAMES:
            self._put(name, [])
        self.mailbox = self.world.connect("alice", mailmagnet=True)
        self.account = self.world.account(self.mailbox)
        self.sent: dict[str, str] = {}
        self.left_alone: set[str] = set()
        self.filtered: set[str] = set()
        for name in old:
            self.receive(name)
        self.world.syncs.rows[self.mailbox.id] = replace(
            self.world.state(self.mailbox), cursor=self.account.history_id
        )
        self.world.change("alice", labels=True)
        self.settled = False

    def _put(self, name: str, rows: list[tuple[str, date | None]]) -> None:
        self.deals[name] = rows
        made = tuple(Deal(f"d{n}", "D", state, closing) for n, (state, closing) in enumerate(rows))  # type: ignore[arg-type]
        self.crm.put(Contact(name, name.title(), "contact", (f"{name}@client.example",), made))

    @rule(name=st.sampled_from([*NAMES, "stranger"]), filtered=st.booleans())
    def receive(self, name: str, filtered: bool = False) -> None:
        where = () if filtered else ("INBOX",)
        message = self.account.receive(f"{name}@client.example", (*where, "UNREAD", "Label_mine"))
        self.filtered |= {message} if filtered else set()
        self.account.labels.setdefault("Label_mine", "My own")
        self.sent[message] = name
        self.world.clock.advance(seconds=1)
        self.settled = False

    @rule(name=st.sampled_from(NAMES), rows=deals)
    def change_deals(self, name: str, rows: list[tuple[str, date | None]]) -> None:
        self._put(name, rows)
        self.world.clock.advance(seconds=1)
        self.settled = False

    @rule(days=st.sampled_from([1, 7, 25]))
    def days_pass(self, days: int) -> None:
        # Within the look-back: older mail does not follow changes any more.
        if self.world.clock.now() + timedelta(days=days) < self.mailbox.connected_at + timedelta(days=80):
            self.world.clock.advance(days=days)
            self.settled = False

    @rule(at=st.integers(0, 60))
    def tick_that_is_killed(self, at: int) -> None:
        try:
            self._tick(Process(kill_at=at))
        except Killed:
            self.world.clock.advance(minutes=11)
        self.settled = False

    @rule(at=st.integers(0, 45))
    def tick_while_the_crm_fails(self, at: int) -> None:
        self.crm.down = UpstreamDown("The CRM is down.")
        self._tick(Process())
        self.crm.down = None

    @rule()
    def ticks(self) -> None:
        for _ in range(6):
            self.world.clock.advance(minutes=10)
            self._tick(Process())
            row = self.world.labelings.rows[self.mailbox.id]
            if row.held:
                admin = Caller("acme", "boss", frozenset({"mail_admin"}))
                confirm_changes(ConfirmChanges(admin, self.mailbox.id), self.world.labeler)
        self.settled = True

    @precondition(lambda self: self.settled and self.sent)
    @rule(data=st.data())
    def user_takes_a_label_off(self, data: st.DataObject) -> None:
        message = self._pick(data)
        if message and self._ours(message):
            self.account.modify([message], remove=[self._label(next(iter(self._ours(message))))])
            self.left_alone.add(message)

    @precondition(lambda self: self.settled and self.sent)
    @rule(data=st.data())
    def user_moves_a_mail_back_to_the_inbox(self, data: st.DataObject) -> None:
        message = self._pick(data)
        if message and self._ours(message):
            self.account.modify(
                [message], add=["INBOX"], remove=[self._label(next(iter(self._ours(message))))]
            )
            self.left_alone.add(message)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def user_undoes_a_message(self, data: st.DataObject) -> None:
        message = self._pick(data)
        # Also between a run that was killed and the next one.
        if message and self._ours(message):
            had = self._ours(message)
            self.world.clock.advance(seconds=1)
            answer = undo_labels(UndoLabels(caller("alice"), message, None, None), self.world.labeler)
            assert answer["reversed"] == 1, answer
            self.left_alone.add(message)
            assert self._ours(message) != had
            if not self._ours(message):
                assert ("INBOX" in self.account.labels_of(message)) == (message not in self.filtered)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), at=st.integers(0, 30))
    def user_undoes_a_message_and_the_call_dies(self, data: st.DataObject, at: int) -> None:
        message = self._pick(data)
        if message and self._ours(message):
            had = self._ours(message)
            with suppress(Killed):
                values = UndoLabels(caller("alice"), message, None, None)
                undo_labels(values, self.world.labeler_of(Process(kill_at=at)))
            self.world.clock.advance(minutes=11)
            if self._ours(message) != had:
                self.left_alone.add(message)
            self.settled = False

    @precondition(lambda self: self.settled)
    @invariant()
    def labels_equal_the_pure_function(self) -> None:
        today = self.world.clock.now().date()
        for message, name in self.sent.items():
            labels = self.account.labels_of(message)
            assert "Label_mine" in labels, "a label not ours was touched"
            if message in self.left_alone:
                continue
            want = expected_label(self.deals[name], today) if name in self.deals else None
            assert self._ours(message) == ({want} if want else set()), (message, name, labels, want)
            if want or name == "stranger":
                assert ("INBOX" in labels) == (name == "stranger" and message not in self.filtered)

    @precondition(lambda self: self.settled)
    @rule()
    def another_run_writes_nothing(self) -> None:
        self.world.clock.advance(minutes=10)
        if self.world.clock.now().day == 1:
            return
        before = len(self.account.calls)
        self._tick(Process())
        assert set(self.account.calls[before:]) <= {"history.list"}, self.account.calls[before:]

    def _pick(self, data: st.DataObject) -> str | None:
        free = sorted(set(self.sent) - self.left_alone)
        return data.draw(st.sampled_from(free)) if free else None

    def _label(self, category: str) -> str:
        return self.world.row(self.mailbox).labels[category].id  # type: ignore[index]

    def _ours(self, message: str) -> set[str]:
        labels = self.account.labels_of(message)
        return {c for c, label in self.world.row(self.mailbox).labels.items() if label.id in labels}

    def _tick(self, process: Process) -> None:
        services = self.world.labeler_of(process)
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
    print(f"LABELS_SEED={SEED} LABELS_EXAMPLES={EXAMPLES}")
    run_state_machine_as_test(
        seed(SEED)(Labels),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
