"""Quoted history at the end of a text is found, and nothing else is taken for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.quoted_text import quote_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Yes.\n\nOn Tue, Ana <a@x.example> wrote:\n> Will you?\n> Ana", 2),
        (
            "Ja.\n\nAm Dienstag, 3. November 2026 um 10:00 Uhr schrieb Ana\n<a@x.example>:\n\n> Kommst du?\n\n",
            2,
        ),
        ("はい。\n\n2026年11月3日(火) 10:00 田中 <t@x.example>:\n> 了解", 2),
        ("Yes.\n> only quoted", 1),
        ("Yes.\n-----Original Message-----\nFrom: Ana\n\nWill you?", 1),
        ("Look.\n\n---------- Forwarded message ---------\nFrom: Ana\n", 2),
        ("Oui.\n________________________________\nDe : Ana\nObjet : x", 1),
        ("> Will you?\nYes.\n> And he?\nNo.", None),
        ("> all of it\n> is quoted", None),
        ("Prices:\n- one\n- two", None),
        ("a\n---\nb", None),
        ("_______________________\nA list footer", None),
        ("", None),
    ],
)
def test_the_history_begins_at_its_first_line(text: str, line: int | None) -> None:
    assert quote_line(text) == line


@settings(deadline=None)
@given(st.text(alphabet=">-_:\n a", max_size=200))
def test_the_line_is_one_of_the_text_with_words_before_it(text: str) -> None:
    line = quote_line(text)
    assert line is None or any(part.strip() for part in text.split("\n")[:line])
