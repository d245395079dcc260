"""`python -m local.cost [--write]`: prints docs/cost.md, or writes it."""

import argparse
import math
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from local.cost import prices, usage
from local.cost.background import DAILY_UNITS
from local.cost.counted import PAGE, Counted, counted
from local.cost.usage import HABITS, Habit, Month, month

COST_PAGE = Path(__file__).resolve().parents[2] / "docs" / "cost.md"
SIZES = (100, 10_000, 1_000_000)
MINUTE_UNITS = 1_200_000


def main() -> int:
    """0."""
    parser = argparse.ArgumentParser(prog="python -m local.cost", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {COST_PAGE.name} instead of printing it")
    text = page(PAGE.read_text(encoding="utf-8"))
    if parser.parse_args().write:
        COST_PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def page(quota: str) -> str:
    """The page, from the text of docs/quota.md."""
    rows = counted(quota)
    months = [month(size, rows) for size in SIZES]
    parts = (
        *(_head(), _totals(months), _lines(months), _streams()),
        *(_units(months), _shares(rows), _habits(), _prices()),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _head() -> Iterator[str]:
    yield "# What it costs"
    yield ""
    yield from _prose(
        """Made by `python -m local.cost --write` from the measured rows of [quota.md](quota.md), the habits and the
        list prices below; a test compares. It is an estimate: what is counted (documents, units, messages) is
        measured; how often a user does what, and how many seconds a call takes, is assumed. Free allowances, taxes
        and support are left out, and so are point-in-time recovery, builds and metrics. To reckon with habits of your
        own, change the numbers of the tables below in `local/cost/usage.py`, the prices in `local/cost/prices.py`, and
        run:"""
    )
    yield "    .venv/bin/python -m local.cost --write"
    yield ""


def _totals(months: Sequence[Month]) -> Iterator[str]:
    yield "| mailboxes | US dollars a month | a mailbox |"
    yield "| ---: | ---: | ---: |"
    for each in months:
        yield f"| {each.mailboxes:,} | {each.total:,.0f} | {each.total / each.mailboxes:.3f} |"
    yield ""


def _lines(months: Sequence[Month]) -> Iterator[str]:
    yield "## Where it goes"
    yield ""
    yield "| a month | " + " | ".join(f"{m.mailboxes:,} mailboxes | $" for m in months) + " |"
    yield "| --- |" + " ---: | ---: |" * len(months)
    for price in prices.ALL:
        cells = " | ".join(f"{_amount(m.amounts[price])} | {m.usd(price):,.2f}" for m in months)
        yield f"| {price.what} | {cells} |"
    yield ""
    yield from _prose(
        f"""Of all seconds {usage.share_of_streams():.0%} pass while an instance holds streams of notices open: a CRM
        that asks `GET /notify/notices` now and then instead pays for documents read, and saves these."""
    )


def _streams() -> Iterator[str]:
    most = usage.NOTIFY_INSTANCES * usage.STREAM_SLOTS
    yield "## Open streams"
    yield ""
    yield from _prose(
        f"""The sums above take one stream for each mailbox, all open in the same eight hours. Cloud Run starts another
        instance of `notify` at {usage.STREAMS_OF_AN_INSTANCE} streams on each
        ([60 %](https://cloud.google.com/run/docs/about-instance-autoscaling) of its requests at once), and an instance
        takes {usage.STREAM_SLOTS} at most. Terraform allows {usage.NOTIFY_INSTANCES} instances, so
        **{most:,} streams** at a time; whoever comes after them gets 429 `too_many_streams` and reads the list instead.
        For more, set `instances = {{ notify = {{ max = … }} }}`, and ask Google for as many instances in the region."""
    )
    yield "| mailboxes with a stream open | instances of `notify` |"
    yield "| ---: | ---: |"
    for size in SIZES:
        yield f"| {size:,} | {math.ceil(size / usage.STREAMS_OF_AN_INSTANCE):,} |"
    yield ""


def _amount(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _units(months: Sequence[Month]) -> Iterator[str]:
    one = months[0].units_a_day / months[0].mailboxes
    yield "## What Gmail allows"
    yield ""
    yield from _prose(
        f"""A mailbox of these habits asks {one:,.0f} units of Gmail a day. A project has {DAILY_UNITS:,} a day before
        charges and {MINUTE_UNITS:,} a minute
        (<https://developers.google.com/workspace/gmail/api/reference/quota>), so one project carries
        **{int(DAILY_UNITS / one):,} mailboxes** without charges. The busiest minute is taken for {usage.BUSY} times the
        average of an eight-hour day."""
    )
    yield "| mailboxes | units a day | of the day's | units in a busy minute | of a minute's |"
    yield "| ---: | ---: | ---: | ---: | ---: |"
    for each in months:
        busy = each.units_a_day / (8 * 60) * usage.BUSY
        yield (
            f"| {each.mailboxes:,} | {each.units_a_day:,} | {each.units_a_day / DAILY_UNITS:.2%} "
            f"| {busy:,.0f} | {busy / MINUTE_UNITS:.2%} |"
        )
    yield ""
    yield from _prose(
        """Where a line is over 100 %, ask Google for more quota, and what units above the allowance cost, before you
        grow there, or give each large customer a project of its own. What Google charges for units above the
        allowance is not in the sums above."""
    )


def _shares(rows: Mapping[str, Counted]) -> Iterator[str]:
    asked = usage.shares(rows)
    yield "A mailbox's units of a day:"
    yield ""
    yield "| for | units | of all |"
    yield "| --- | ---: | ---: |"
    for share, units in sorted(asked.items(), key=lambda each: -each[1]):
        yield f"| {share} | {units:,.0f} | {units / sum(asked.values()):.1%} |"
    yield ""


def _habits() -> Iterator[str]:
    yield "## What is assumed"
    yield ""
    yield "Of one mailbox in a day, `HABITS`:"
    yield ""
    yield "| row of quota.md | a day | seconds each | for | why |"
    yield "| --- | ---: | ---: | --- | --- |"
    for habit in HABITS:
        yield f"| {habit.row}{_less(habit)} | {habit.a_day:g} | {habit.seconds:g} | {habit.share} | {habit.why} |"
    yield ""
    yield "Beside these:"
    yield ""
    yield "| what | how much | name |"
    yield "| --- | ---: | --- |"
    for what, amount, name in _OTHERS:
        yield f"| {what} | {amount} | `{name}` |"
    yield ""
    yield from _prose(
        """The seconds of two calls overlap in no instance, but those of streams do; an instance has one vCPU, and
        none is kept warm: each that is (production.tfvars keeps two) costs its hours on top. Mails with attachments
        are not in these habits."""
    )


_OTHERS = (
    ("ticks a day for each organisation", usage.TICKS, "TICKS"),
    ("seconds of a tick", usage.TICK_SECONDS, "TICK_SECONDS"),
    ("mailboxes of an organisation", usage.MAILBOXES_OF_AN_ORG, "MAILBOXES_OF_AN_ORG"),
    ("documents of a mailbox that end by themselves in a day", usage.ENDING, "ENDING"),
    ("bytes that are kept for a mailbox and its notices", f"{usage.KEPT_BYTES:,}", "KEPT_BYTES"),
    ("bytes of an answer to a browser", f"{usage.ANSWER_BYTES:,}", "ANSWER_BYTES"),
    ("bytes of log of a call", f"{usage.LOG_BYTES:,}", "LOG_BYTES"),
    ("spans of a call that is traced", usage.SPANS_OF_A_CALL, "SPANS_OF_A_CALL"),
    ("calls that are traced", f"{usage.TRACED:.0%}", "TRACED"),
    ("GiB of an instance", usage.MEMORY_GIB, "MEMORY_GIB"),
    ("GiB of an instance of the proxy", usage.PROXY_GIB, "PROXY_GIB"),
    ("streams that an instance holds", usage.STREAMS_OF_AN_INSTANCE, "STREAMS_OF_AN_INSTANCE"),
    ("streams that an instance takes at most", usage.STREAM_SLOTS, "STREAM_SLOTS"),
    ("instances of notify at most", usage.NOTIFY_INSTANCES, "NOTIFY_INSTANCES"),
    ("instances that read their secrets however little is asked", usage.INSTANCES, "INSTANCES"),
    ("the busiest minute, times the average of eight hours", usage.BUSY, "BUSY"),
)


def _prose(text: str) -> Iterator[str]:
    yield from textwrap.wrap(" ".join(text.split()), 130, break_long_words=False, break_on_hyphens=False)
    yield ""


def _less(habit: Habit) -> str:
    return f", less {habit.less_units} units" if habit.less_units else ""


def _prices() -> Iterator[str]:
    yield "## Prices"
    yield ""
    yield from _prose(
        f"""List prices in US dollars. **None was read on Google's live pages**: on {prices.LOOKED} stored copies were
        looked through, and the table says whose each was and of when. Those seen on a third party's page or nowhere may
        be wrong, and those on old copies may have changed. Firestore is taken in a multi-region (a single region is
        cheaper), the rest in a region of tier 1. Check every page before you decide."""
    )
    yield "| what | $ | for each | seen on | the copy | page to check |"
    yield "| --- | ---: | --- | --- | --- | --- |"
    for price in prices.ALL:
        usd = f"{price.usd:.7f}".rstrip("0").rstrip(".")
        yield f"| {price.what} | {usd} | {price.unit} | {price.seen} | {price.copy} | <{price.page}> |"


if __name__ == "__main__":
    sys.exit(main())
