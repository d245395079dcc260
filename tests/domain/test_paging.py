"""A cursor is good for the one who got it and the question it answers, and cannot be made up."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.paging import Cursors
from shared.errors import BadInput

CURSORS = Cursors(lambda: b"k" * 32)
BOUND = ("acme", "alice", "contact-mail", "c1")


def _refused(cursor: str, bound_to: tuple[str, ...] = BOUND, cursors: Cursors = CURSORS) -> bool:
    try:
        cursors.open(cursor, bound_to)
    except BadInput as error:
        return error.code == "invalid_cursor"
    return False


def test_a_position_cannot_be_read_out_of_its_cursor() -> None:
    position = {"t": 1795521600, "s": ["hidden-message"]}
    sealed = CURSORS.seal(position, BOUND)
    content = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    for told in (b"1795521600", b"hidden-message", b'"t"'):
        assert told not in content
    other = CURSORS.seal({**position, "t": 1795521601}, BOUND)
    shared = sum(a == b for a, b in zip(sealed, other, strict=True))
    assert shared < len(sealed) / 4, "another position is encrypted with another key stream"


def test_a_position_comes_back() -> None:
    position = {"t": 1, "s": ["ä", "b"]}
    assert CURSORS.open(CURSORS.seal(position, BOUND), BOUND) == position


@pytest.mark.parametrize(
    "other",
    [
        ("other", "alice", "contact-mail", "c1"), ("acme", "bob", "contact-mail", "c1"),
        ("acme", "alice", "own-mail", "c1"), ("acme", "alice", "contact-mail", "c2"),
        ("acme", "alic", "econtact-mail", "c1"), ("acme", "alice", "contact-mail", "c1", ""), (),
    ],
)  # fmt: skip
def test_a_cursor_of_another_caller_or_question_is_refused(other: tuple[str, ...]) -> None:
    cursor = CURSORS.seal({"t": 1}, BOUND)
    assert not _refused(cursor)
    assert _refused(cursor, other)


def test_a_cursor_under_another_key_is_refused() -> None:
    assert _refused(CURSORS.seal({"t": 1}, BOUND), cursors=Cursors(lambda: b"j" * 32))


@pytest.mark.parametrize("cursor", ["", "x", "====", "é", "A" * 9000, "A" * 22, "../..", " ", "AA\n"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    assert _refused(cursor)


@settings(deadline=None)
@given(st.data())
def test_a_cursor_with_any_byte_changed_is_refused(data: st.DataObject) -> None:
    cursor = CURSORS.seal({"t": 1234567890, "s": []}, BOUND)
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    assert _refused(base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("="))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_whatever_is_taken_for_a_cursor(text: str) -> None:
    assert _refused(text)


def test_the_key_is_not_asked_for_before_it_is_needed() -> None:
    asked: list[int] = []

    def key() -> bytes:
        asked.append(1)
        return b"k" * 32

    cursors = Cursors(key)
    assert asked == []
    cursors.seal({}, BOUND)
    assert asked == [1]
