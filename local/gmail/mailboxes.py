"""Everything that the API methods work on, put together once."""

from dataclasses import dataclass
from pathlib import Path

from local.clock import LocalClock
from local.gmail.accounts import Accounts
from local.gmail.drafts import Drafts
from local.gmail.history import History
from local.gmail.labels import Labels
from local.gmail.listing import Listing
from local.gmail.messages import Messages
from local.gmail.parsed import ParsedMails
from local.gmail.sending import Sending
from local.gmail.store import FIRST_HISTORY_ID, Store
from local.gmail.watches import Notify, Watches


@dataclass(frozen=True)
class Mailboxes:
    """The parts of one emulator's mailboxes, sharing one store and one clock."""

    clock: LocalClock
    store: Store
    accounts: Accounts
    labels: Labels
    history: History
    messages: Messages
    parsed: ParsedMails
    drafts: Drafts
    listing: Listing
    sending: Sending
    watches: Watches


def open_mailboxes(
    file: Path | None, clock: LocalClock, notify: Notify, first_history_id: int = FIRST_HISTORY_ID
) -> Mailboxes:
    """The mailboxes in the SQLite database `file` (None: in memory); watches report to `notify`."""
    store = Store(file)
    accounts, labels, history = Accounts(store, first_history_id), Labels(store), History(store)
    messages = Messages(store, history)
    parsed = ParsedMails(messages)
    return Mailboxes(
        clock=clock,
        store=store,
        accounts=accounts,
        labels=labels,
        history=history,
        messages=messages,
        parsed=parsed,
        drafts=Drafts(store, messages),
        listing=Listing(store, accounts, labels, messages, parsed),
        sending=Sending(store, accounts, messages, clock),
        watches=Watches(store, labels, history, clock.now, notify),
    )
