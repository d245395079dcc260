"""What a mailbox asks of Gmail on a day in which nobody opens a page: notices, labels, the recount, its watch.

`python -m local.cost.background` prints the table of docs/quota.md.
"""

from collections.abc import Mapping
from typing import Final

from local.cost.counted import PAGE, Counted, counted

DAILY_UNITS: Final = 80_000_000
"""Google's, of one project, before charges."""
MAILS: Final = (10, 20, 30, 60)
MAILBOXES: Final = 100_000
OF_CONTACTS: Final = 5
"""One mail in so many is a contact's."""
DEALS_A_DAY: Final = 2
DEAL: Final = "a deal that changes and moves nothing"
TURN_OF_THE_MONTH: Final = "the turn of the month with 30 labelled mails, ten of which move"
RECOUNTED: Final = 32
"""Strangers' mails in the row of the recount; without them a recount is as one without a gap."""


def units_of_mails(contacts: float, strangers: float, rows: Mapping[str, Counted]) -> float:
    """Units that so many mails ask: their pushes, their labels, and strangers' once more at the recount."""
    label = rows["a tick with 30 new mails that pushes announced"].units // 30
    base = rows["a recount of 50 notices without a gap"].units
    again = (rows["a recount of 8 notices and 32 mails of strangers"].units - base) / RECOUNTED
    of_contact = rows["a push with 1 new mail of a contact"].units + label
    return contacts * of_contact + strangers * (rows["a push with 1 new mail of a stranger"].units + again)


def units_in_any_case(rows: Mapping[str, Counted]) -> float:
    """Units of a day without mail: recount, 24 sweeps, watch, changed deals, a thirtieth of the turn of the month."""
    daily = rows["a recount of 50 notices without a gap"].units + rows["renewing a watch"].units
    sweeps = 24 * rows["the hourly check of a quiet mailbox"].units
    return daily + sweeps + DEALS_A_DAY * rows[DEAL].units + rows[TURN_OF_THE_MONTH].units / 30


def background_units(mails: int, rows: Mapping[str, Counted]) -> float:
    """Units of a mailbox and day that gets so many mails, a fifth of them from contacts."""
    contacts = mails / OF_CONTACTS
    return units_of_mails(contacts, mails - contacts, rows) + units_in_any_case(rows)


def table(rows: Mapping[str, Counted]) -> str:
    """The rows of the page's table, as Markdown."""
    lines = []
    for mails in MAILS:
        units = background_units(mails, rows)
        needs = round(units * MAILBOXES)
        share = f"{needs / DAILY_UNITS:.0%}"
        lines.append(f"| {mails} | {units:,.0f} | {needs:,} | {share} | {int(DAILY_UNITS / units):,} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(counted(PAGE.read_text(encoding="utf-8"))))
