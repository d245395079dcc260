"""Pages cut from the mail of several mailboxes hold every mail once, newest first, whatever arrives meanwhile."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.mail import Header, MailMetadata
from shared.domain.timeline import Listing, Position, mark, merge, second_of
from tests.fakes.proxy_fakes import NOON


def _mail(identifier: str, second: int, message_id: str | None = None) -> MailMetadata:
    headers = (Header("Message-ID", f"<{message_id or identifier}@x>"),)
    return MailMetadata(identifier, "t", frozenset({"INBOX"}), NOON + timedelta(seconds=second), headers)


def _list(
    mailbox: str,
    mails: Sequence[MailMetadata],
    before: Position | None,
    limit: int,
    hits: set[str] | None = None,
) -> Listing:
    """What asking Gmail once gives: the newest `limit` that were not seen, at or before the position's second."""
    older = [m for m in mails if before is None or second_of(m) <= before.second]
    fresh = [m for m in older if before is None or mark(mailbox, m.id) not in before.seen]
    fresh.sort(key=lambda m: m.received_at, reverse=True)
    matching = {m.id for m in fresh[:limit] if hits is None or m.id in hits}
    return Listing(mailbox, tuple(fresh[:limit]), frozenset(matching), len(fresh) > limit)


def _turn_pages(
    boxes: dict[str, list[MailMetadata]], limit: int, arriving: list[MailMetadata]
) -> list[MailMetadata]:
    shown: list[MailMetadata] = []
    position: Position | None = None
    for _ in range(200):
        page = merge([_list(name, mails, position, limit) for name, mails in boxes.items()], position, limit)
        shown += [row.mail for row in page.rows]
        if page.position is None:
            return shown
        position = Position.from_json(page.position.to_json())
        if arriving:
            boxes["a"].append(arriving.pop())
    raise AssertionError("the pages do not end")


_SECONDS = st.lists(st.integers(-20, 0), max_size=25)


@settings(deadline=None)
@given(_SECONDS, _SECONDS, st.integers(1, 7), st.integers(0, 5))
def test_turning_pages_shows_every_mail_once_and_newest_first(
    first: list[int], second: list[int], limit: int, arrivals: int
) -> None:
    boxes = {
        "a": [_mail(f"a{at}", when) for at, when in enumerate(first)],
        "b": [_mail(f"b{at}", when) for at, when in enumerate(second)],
    }
    expected = sorted(mail.id for mails in boxes.values() for mail in mails)
    arriving = [_mail(f"new{at}", 60 + at) for at in range(arrivals)]
    shown = _turn_pages(boxes, limit, arriving)
    assert sorted(mail.id for mail in shown) == expected
    times = [mail.received_at for mail in shown]
    assert times == sorted(times, reverse=True)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-30, 0), st.integers(0, 8)), max_size=12), st.integers(1, 5))
def test_a_mail_that_two_mailboxes_hold_is_one_row_also_across_pages(
    pairs: list[tuple[int, int]], limit: int
) -> None:
    boxes = {
        "a": [_mail(f"a{at}", when, f"same{at}") for at, (when, _) in enumerate(pairs)],
        "b": [_mail(f"b{at}", when - lag, f"same{at}") for at, (when, lag) in enumerate(pairs)],
    }
    shown = _turn_pages(boxes, limit, [])
    names = [mail.first("Message-ID") for mail in shown]
    assert len(set(names)) == len(pairs)
    assert len(names) == len(pairs)


def test_the_copy_of_the_first_source_is_shown() -> None:
    mine, theirs = _mail("mine", 0, "same"), _mail("theirs", 1, "same")
    page = merge(
        [Listing("a", (mine,), frozenset({"mine"})), Listing("b", (theirs,), frozenset({"theirs"}))], None, 9
    )
    assert [row.mail.id for row in page.rows] == ["mine"]


def test_mails_without_a_message_id_are_all_shown() -> None:
    mails = tuple(replace(_mail(f"m{at}", -at), headers=()) for at in range(3))
    page = merge([Listing("a", mails, frozenset({"m0", "m1", "m2"}))], None, 9)
    assert len(page.rows) == 3


def test_hits_that_do_not_belong_are_passed_over_and_not_asked_for_again() -> None:
    mails = [_mail(f"m{at}", -at) for at in range(6)]
    first = _list("a", mails, None, 3, hits={"m5"})
    page = merge([first], None, 3)
    assert page.rows == ()
    assert page.position is not None
    again = _list("a", mails, page.position, 3, hits={"m5"})
    assert [mail.id for mail in again.examined] == ["m3", "m4", "m5"]


def test_a_source_that_gave_nothing_does_not_end_the_list() -> None:
    before = Position(5, frozenset(), frozenset())
    assert merge([Listing("a", (), frozenset(), more=True)], before, 9).position == before


def test_a_dead_source_does_not_hold_up_the_others() -> None:
    dead = Listing("a", (), frozenset(), more=True)
    alive = Listing("b", (_mail("b0", 0),), frozenset({"b0"}))
    page = merge([dead, alive], None, 9)
    assert [row.mail.id for row in page.rows] == ["b0"]
    assert page.position is None


def test_what_lies_behind_the_last_mail_that_was_looked_at_waits_for_the_next_page() -> None:
    others = tuple(_mail(f"other{at}", -at) for at in range(3))
    looked_at = Listing("a", others, frozenset(), more=True)
    whole = Listing("b", (_mail("newer", -1), _mail("older", -9)), frozenset({"newer", "older"}))
    page = merge([looked_at, whole], None, 5)
    assert [row.mail.id for row in page.rows] == ["newer"]
    assert page.position is not None
    assert page.position.second == second_of(others[-1])
