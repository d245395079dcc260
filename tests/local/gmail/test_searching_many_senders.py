"""A search for many senders is answered from an index of their first words: with the same results as one by one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local.gmail.accounts import Accounts
from local.gmail.envelope import read_envelope
from local.gmail.history import History
from local.gmail.messages import Messages
from local.gmail.payload import parse as parse_mail
from local.gmail.search import parse, searchable
from local.gmail.store import Store
from local.gmail.words import normalise

ODD_MAILS = Path(__file__).parents[2] / "domain" / "odd_mails"
MAILS = [*(Path(__file__).parent / "mails").glob("*.eml"), *ODD_MAILS.glob("*.eml")]
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
def test_the_index_has_the_words_that_search_compares(file: Path) -> None:
    raw = file.read_bytes()
    assert normalise(read_envelope(raw).from_header) == parse_mail(raw).header_words("From")


def test_a_database_without_the_index_gets_it(tmp_path: Path) -> None:
    file = tmp_path / "gmail.sqlite"
    store = Store(file)
    messages = Messages(store, History(store))
    Accounts(store).add("ana@acme.example", "Ana")
    messages.add("ana@acme.example", b"From: bob@client.example\r\n\r\nHello\r\n", {"INBOX"}, 1)
    with store.transaction() as db:
        db.execute("DELETE FROM from_words")
    Messages(store, History(store))
    found = {row["word"] for row in store.rows("SELECT word FROM from_words")}
    assert found == {"bob", "client", "example"}
