"""Making one of our labels in Gmail when its name may be taken."""

from dataclasses import replace
from itertools import count

from shared.domain.mailbox import GmailLabel
from shared.errors import Conflict
from shared.ports.gmail import Gmail


def make_label(gmail: Gmail, name: str, *, adopt: bool = False) -> GmailLabel:
    """Makes a label of this name: 5 units; 11 where the user has one of that name.

    The user's is taken over only if the user has agreed (`adopt`: 6 units). Else ours gets a suffix: `Customers (CRM)`,
    `Customers (CRM 2)`. Gmail compares names without case.
    """
    try:
        return gmail.create_label(name)
    except Conflict:
        present = gmail.list_labels()
    taken = {label.name.casefold(): label for label in present}
    if adopt and name.casefold() in taken:
        return replace(taken[name.casefold()], adopted=True)
    suffixed = (f"{name} (CRM)" if n == 1 else f"{name} (CRM {n})" for n in count(1))
    return gmail.create_label(next(free for free in suffixed if free.casefold() not in taken))
