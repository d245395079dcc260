"""A search for many senders is answered from an index of their first words: with the same results as one by one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local.clock import LocalClock
from local.gmail.accounts import Accounts
from local.gmail.history import History
from local.gmail.listing import Selection
from local.gmail.mailboxes import open_mailboxes
from local.gmail.messages import Messages
from local.gmail.payload import parse as parse_mail
from local.gmail.search import parse, searchable
from local.gmail.store import Store

ODD_MAILS = Path(__file__).parents[2] / "domain" / "odd_mails"
MAILS = [*(Path(__file__).parent / "mails").glob("*.eml"), *ODD_MAILS.glob("*.eml")]
ANA = "ana@acme.example"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WORDS = st.sampled_from(["ann", "bob", "a", "client", "example", "com", "x1"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(".".join)
SENDERS = st.tuples(NAMES, NAMES).map("@".join)


@given(st.lists(st.one_of(SENDERS, NAMES), min_size=1, max_size=12), SENDERS, NAMES)
@example(["bob.x1@com"], "ann@bob.x1.com", "ann")
@example(["x1@com", "ann.x1"], "bob@example", "ann bob.x1")
def test_many_senders_at_once_find_what_each_would(senders: list[str], sender: str, name: str) -> None:
    raw = f'From: "{name}" <{sender}>\r\nSubject: Hello\r\n\r\nHello\r\n'.encode()
    mail = searchable(parse_mail(raw))
    one_by_one = [parse(f"from:{each}").matches(mail, NOW) for each in senders]
    assert parse(f"from:({' OR '.join(senders)})").matches(mail, NOW) == any(one_by_one)
    assert parse(f"-from:{{{' '.join(senders)}}}").matches(mail, NOW) != any(one_by_one)
    beside = f"from:({' OR '.join(senders)} OR nobody) OR subject:goodbye"
    assert parse(beside).matches(mail, NOW) == any(one_by_one)


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.name)
def test_a_mail_however_odd_is_found_by_each_word_of_its_sender(file: Path) -> None:
    boxes = open_mailboxes(None, LocalClock(None), lambda topic, email, history_id: None)
    boxes.accounts.add(ANA)
    added = boxes.messages.add(ANA, file.read_bytes(), {"INBOX"}, 1)
    for word in boxes.parsed.get(ANA, added.id).header_words("From").split():
        selection = Selection(ANA, (), f'from:"{word}"', spam_and_trash=False)
        assert boxes.listing.messages(selection, None, 10, NOW).messages == [added]


def test_a_database_without_the_index_gets_it(tmp_path: Path) -> None:
    file = tmp_path / "gmail.sqlite"
    store = Store(file)
    messages = Messages(store, History(store))
    Accounts(store).add(ANA, "Ana")
    messages.add(ANA, b"From: bob@client.example\r\n\r\nHello\r\n", {"INBOX"}, 1)
    with store.transaction() as db:
        db.execute("DELETE FROM from_words")
    Messages(store, History(store))
    found = {row["word"] for row in store.rows("SELECT word FROM from_words")}
    assert found == {"bob", "client", "example"}
