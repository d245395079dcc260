"""A search for many senders is answered from an index of their first words: with the same results as one by one."""

from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from local.gmail.payload import parse as parse_mail
from local.gmail.search import parse, searchable

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
