"""docs/cost.md is what its program makes of the measured numbers, and the sum changes with them."""

import re

from local.cost import usage
from local.cost.__main__ import COST_PAGE, SIZES, page
from local.cost.counted import PAGE, counted
from local.cost.prices import ALL, READS
from local.cost.usage import HABITS, MEMORY_GIB, PROXY_GIB, month, shares
from tests.docs.pages import ROOT

QUOTA = PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_its_program_prints() -> None:
    assert COST_PAGE.read_text(encoding="utf-8") == page(QUOTA), (
        "docs/quota.md or a price has changed: run `.venv/bin/python -m local.cost --write`"
    )


def test_control_another_number_in_the_measured_page_makes_another_page() -> None:
    row = next(line for line in QUOTA.splitlines() if line.startswith("| one message |"))
    assert page(QUOTA.replace(row, row.replace("| 20 |", "| 21 |"))) != page(QUOTA)


def test_every_habit_is_a_measured_row() -> None:
    assert {habit.row for habit in HABITS} <= counted(QUOTA).keys()


def test_a_row_is_read_by_its_columns() -> None:
    row = counted("| x | 1,000 | 51 | 3 | 7 | 8 | 4 | 9 | 2 |\n")["x"]
    assert (row.units, row.reads, row.writes, row.messages) == (1000, 4, 9, 2)


def test_the_lines_of_a_month_add_up_to_its_total() -> None:
    for size in SIZES:
        each = month(size, counted(QUOTA))
        assert set(each.amounts) == set(ALL)
        assert abs(sum(each.amounts[price] * price.usd / price.per for price in ALL) - each.total) < 1e-6


def test_the_shares_of_the_units_are_all_of_them_and_each_is_asked_for_something() -> None:
    asked = shares(counted(QUOTA))
    assert round(sum(asked.values())) == month(1, counted(QUOTA)).units_a_day
    assert all(units > 0 for units in asked.values())


def test_the_page_says_of_each_price_on_whose_page_it_was_seen_and_in_which_copy() -> None:
    told = page(QUOTA)
    assert all(f"| {price.seen} | {price.copy} | <{price.page}> |" in told for price in ALL)


def test_every_assumption_can_be_changed_under_its_name() -> None:
    named = re.findall(r"^\| [^|]+ \| [^|]+ \| `([A-Z_]+)` \|$", page(QUOTA), re.MULTILINE)
    assert len(named) >= 13
    assert all(hasattr(usage, name) for name in named)


def test_ten_thousand_mailboxes_read_a_hundred_times_what_a_hundred_do() -> None:
    few, many = (month(size, counted(QUOTA)).amounts[READS] for size in (100, 10_000))
    assert round(many / few, 6) == 100


def test_instances_have_the_memory_that_they_are_deployed_with() -> None:
    text = (ROOT / "infra" / "terraform" / "functions.tf").read_text(encoding="utf-8")
    sizes = re.findall(r"\n    (\w+) = \{.*?memory = \"(\w+)\"", text, re.DOTALL)
    assert len(sizes) >= 10
    in_gib = {"512Mi": 0.5, "1Gi": 1.0}
    assert {name: in_gib[size] for name, size in sizes} == {
        name: PROXY_GIB if name == "proxy" else MEMORY_GIB for name, _ in sizes
    }
