"""What docs/quota.md says of a day of 100,000 mailboxes is what its program makes of the measured rows."""

from local.cost.background import background_units, table
from local.cost.counted import PAGE, counted

QUOTA = PAGE.read_text(encoding="utf-8")


def test_the_table_is_what_its_program_prints() -> None:
    assert table(counted(QUOTA)) in QUOTA, "run `.venv/bin/python -m local.cost.background`"


def test_control_a_dearer_recount_makes_another_table() -> None:
    dearer = QUOTA.replace("mails of strangers | 652 |", "mails of strangers | 653 |")
    assert table(counted(dearer)) != table(counted(QUOTA))


def test_a_day_is_the_sum_of_its_parts() -> None:
    # 10 mails: 2 of contacts at 27, 8 of strangers at 42; 12 + 100 + 24 * 2 + 2 * 30 + 668 / 30 in any case.
    assert round(background_units(10, counted(QUOTA)), 1) == 632.3


def test_a_dearer_turn_of_the_month_makes_a_dearer_day() -> None:
    dearer = QUOTA.replace("of which move | 668 |", "of which move | 698 |")
    assert round(background_units(10, counted(dearer)) - background_units(10, counted(QUOTA)), 1) == 1


def test_a_row_of_labels_is_read_by_its_columns() -> None:
    row = counted("| y | 1,000 | 51 | 7 | 4 | 9 | as 5 mails |\n")["y"]
    assert (row.units, row.reads, row.writes, row.messages) == (1000, 4, 9, 0)
