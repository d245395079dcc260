"""Only plain addresses enter a Gmail search, and only an exact match on parsed headers makes a mail a contact's."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.addresses import normalize
from shared.domain.contact_search import ADDRESSES_PER_QUERY, belongs, queries, searchable
from tests.fakes.proxy_fakes import letter, mail_of
from tests.local.gmail.searched_mail import a_mail, finds
from tests.seeds import drawn_seed


def test_every_address_is_looked_for_in_all_three_headers() -> None:
    assert queries(("ana@c.example", "bo@c.example")) == (
        "{from:ana@c.example to:ana@c.example cc:ana@c.example from:bo@c.example to:bo@c.example cc:bo@c.example}"
        " -in:chats -in:drafts",
    )


def test_a_later_page_asks_by_seconds_and_includes_the_second_it_ended_in() -> None:
    assert queries(("ana@c.example",), 1790000000)[0].endswith(" before:1790000001")


def test_no_address_no_search() -> None:
    assert queries(()) == ()
    assert searchable(["", "nobody", "a b@c.example"]) == ()


def test_many_addresses_are_split_over_several_searches() -> None:
    many = searchable(f"a{at}@c.example" for at in range(ADDRESSES_PER_QUERY + 1))
    assert len(queries(many)) == 2


@pytest.mark.parametrize(
    "address",
    [
        'x@y.z" OR in:anywhere', "x@y.z OR in:anywhere", '"x OR in:anywhere"@y.z', "x@y.z} {from:boss@own.example",
        "a}b@y.z", "a{b@y.z", "a|b@y.z", "-a@y.z", "x@y.z\nin:trash", "x(y)@z.example", "x@[127.0.0.1]", "@y.z",
        "x@", "x@-y.z", "from:a@b.example", "a" * 400 + "@b.example",
    ],
)  # fmt: skip
def test_an_address_that_could_widen_a_search_does_not_enter_it(address: str) -> None:
    assert searchable([address]) == ()


@pytest.mark.parametrize(
    "address", ["o'brien@x.example", "a+b@x.example", "Ana.M@X.example", "用户@例え.jp", "a_b@x.y"]
)
def test_ordinary_addresses_enter(address: str) -> None:
    assert searchable([address, address]) == (normalize(address),)


_PIECES = [" OR ", "in:anywhere", "{", "}", "(", ")", '"', "-", ":", "@", "x", "@y.z", "\n", " ", "|", "a", ".", "+",
           "from:", "é", "\u202e", "*", "boss@own.example"]  # fmt: skip
_HOSTILE = st.lists(st.sampled_from(_PIECES) | st.text(max_size=6), max_size=8).map("".join)


def test_ten_thousand_hostile_addresses_never_change_the_form_of_a_query() -> None:
    seed = 4
    print("seed", seed)
    chance = random.Random(seed)  # noqa: S311 - inputs, not secrets
    addresses = ["".join(chance.choices(_PIECES, k=chance.randint(1, 8))) for _ in range(10_000)]
    entered = searchable(addresses)
    assert 10 < len(entered) < 5_000
    for query in queries(entered):
        terms = re.fullmatch(r"\{([^{}\"()|]+)\} -in:chats -in:drafts", query)
        assert terms
        assert all(re.fullmatch(r"(from|to|cc):[^\s:]+@[^\s:]+", term) for term in terms[1].split(" "))


# Who wrote each mail of a mailbox: what a hostile address would like to be found beside its own.
_SENDERS = (
    "x@y.z",
    "a@y.z",
    "a.x@y.z",
    "x+a@y.z",
    "boss@own.example",
    "a@boss.own.example",
    "é@y.z",
    "or@y.z",
    "in@y.z",
)
_MAILBOX = [
    (sender, mail_of(raw).metadata, a_mail(raw, {"INBOX"}, own="boss@own.example"))
    for sender in _SENDERS
    for raw in (letter(sender, "own@own.example", Subject="x OR boss@own.example"),)
]


def _hits(query: str) -> set[str]:
    """The senders of the mails that Gmail's search finds."""
    return {sender for sender, _, mail in _MAILBOX if finds(query, mail)}


def test_ten_thousand_hostile_addresses_never_show_more_than_the_exact_matches() -> None:
    seed = drawn_seed()
    print("seed", seed)
    chance = random.Random(seed)  # noqa: S311 - inputs, not secrets
    found = 0
    for _ in range(10_000):
        address = "".join(chance.choices(_PIECES, k=chance.randint(1, 8)))
        entered = searchable([address])
        hits = {sender for query in queries(entered) for sender in _hits(query)}
        shown = {sender for sender, mail, _ in _MAILBOX if sender in hits and belongs(mail, entered)}
        assert shown <= {address.strip().lower()}, address
        found += len(shown)
    assert found > 10


def test_control_without_validation_and_exact_match_such_addresses_find_others_mail() -> None:
    address = "x@y.z} OR {in:anywhere"
    assert searchable([address]) == ()
    assert len(_hits(queries((address,))[0])) == len(_MAILBOX)
    # And a search alone, for an address that may enter, finds more than the address.
    assert _hits(queries(searchable(["a@y.z"]))[0]) > {"a@y.z"}


@settings(max_examples=200, deadline=None)
@given(_HOSTILE, _HOSTILE)
def test_a_mail_belongs_only_by_an_address_that_is_exactly_the_contacts(name: str, address: str) -> None:
    written = f'"{name}" <{address}>'.replace("\n", " ")
    mail = mail_of(letter(written, "boss@own.example")).metadata
    assert belongs(mail, {"ana@client.example"}) is False


@pytest.mark.parametrize("label", ["CHAT", "DRAFT", "SPAM", "TRASH"])
def test_chats_drafts_spam_and_trash_do_not_belong(label: str) -> None:
    assert belongs(mail_of(letter()).metadata, {"ana@client.example"})
    assert not belongs(mail_of(letter(), labels=(label, "INBOX")).metadata, {"ana@client.example"})


@pytest.mark.parametrize("header", ["From", "To", "Cc"])
def test_a_mail_belongs_by_each_of_three_headers(header: str) -> None:
    others = "".join(f"{name}: boss@own.example\n" for name in ("From", "To", "Cc") if name != header)
    mail = mail_of(f"{others}{header}: Ana <ANA@client.example>\n\nHello.")
    assert belongs(mail.metadata, {"ana@client.example"})
