"""What docs/quota.md says of a day of 100,000 mailboxes is what its program makes of the measured rows."""

from local.cost.background import DEAL_UNITS, MONTH_UNITS, background_units, table
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


def test_the_units_of_labels_are_on_the_page() -> None:
    assert f"| a deal that changes and moves nothing | {DEAL_UNITS} |" in QUOTA
    assert f"of which move | {MONTH_UNITS} |" in QUOTA
