"""What holds for every query of Gmail's search language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.gmail.search import leaves_out_spam_trash, parse
from local.gmail.words import normalise
from tests.local.gmail.searched_mail import MAIL, NOW, a_mail, finds


@pytest.mark.parametrize("opening", ["(", "{", "-(", "from:(", "-{from:("])
def test_brackets_without_an_end_ask_for_nothing(opening: str) -> None:
    assert finds(opening * 20_000)
    assert finds("price " + opening * 3)
    assert not finds("nothing " + opening * 3)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("nothing OR " * 20_000 + "price", True),
        ("price " * 20_000 + "nothing", False),
        ("-" * 100_000 + "price", True),
        ("-" * 100_001 + "price", False),
        ('"' * 100_001, True),
        ("from:" * 50_000, False),
        ("(" * 20_000 + "price" + ")" * 20_000, True),
        ("(" * 20_000 + "nothing" + ")" * 20_000, False),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_query_as_long_as_a_book_is_read(q: str, expected: bool) -> None:
    assert finds(q) is expected


SINGLE_TERMS = (
    'price;nothing;from:mueller;from:nobody;subject:quote;is:unread;in:sent;"price is";has:attachment;'
    "larger:1M;newer_than:30d;before:2026/01/01;label:vip;filename:pdf;to:me"
)
TERMS = st.sampled_from(SINGLE_TERMS.split(";"))
GROUPS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.map(lambda q: f"-({q})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: "(" + " ".join(parts) + ")"),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: "{" + " ".join(parts) + "}"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " OR ".join(parts) + ")"),
    ),
    max_leaves=8,
)
WORD_SCRAPS = (
    "OR;AND; OR ;from:;in:;label:;after:;older_than:;larger:;rfc822msgid:;has:;price;trash;9999999999;1d;İ;ß"
)
SCRAPS = st.sampled_from(list('(){}"-+|:<>@ ')) | st.sampled_from(WORD_SCRAPS.split(";"))


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80) | st.lists(SCRAPS, max_size=25).map("".join))
def test_every_string_is_a_query(q: str) -> None:
    query = parse(q)
    assert query == parse(q)
    assert isinstance(query.matches(MAIL, NOW), bool)
    assert leaves_out_spam_trash(query) or not leaves_out_spam_trash(parse(f"price {q}"))


@settings(deadline=None)
@given(GROUPS)
def test_a_negation_finds_what_the_query_does_not(q: str) -> None:
    assert finds(f"-({q})") is not finds(q)


@settings(deadline=None)
@given(GROUPS, GROUPS)
def test_or_and_braces_find_what_either_finds(left: str, right: str) -> None:
    either = finds(left) or finds(right)
    assert finds(f"({left}) OR ({right})") is either
    assert finds(f"{{({left}) ({right})}}") is either


@settings(deadline=None)
@given(GROUPS, GROUPS)
def test_terms_side_by_side_find_what_both_find(left: str, right: str) -> None:
    assert finds(f"({left}) ({right})") is (finds(left) and finds(right))


@settings(deadline=None)
@given(GROUPS, GROUPS, GROUPS)
def test_or_binds_tighter_than_the_space(first: str, second: str, third: str) -> None:
    assert finds(f"({first}) ({second}) OR ({third})") is (finds(first) and (finds(second) or finds(third)))


@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_a_mail_is_found_by_its_own_subject_in_quotes(text: str) -> None:
    subject = " ".join(text.replace('"', " ").split())
    mail = a_mail(f"Subject: {subject}\n\n" if subject.isprintable() else "Subject: x\n\n")
    assert finds(f'subject:"{mail.content.header("Subject")}"'.replace("\n", " "), mail)
