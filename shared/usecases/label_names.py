"""Making one of our labels in Gmail when its name may be taken."""

from itertools import count

from shared.domain.mailbox import GmailLabel
from shared.errors import Conflict
from shared.ports import Gmail


def make_label(gmail: Gmail, name: str) -> GmailLabel:
    """Makes a label of this name: 5 units; 11 where the user has one of that name, which is never taken over.

    Then ours gets a suffix: `Customers (CRM)`, `Customers (CRM 2)`. Gmail compares names without case.
    """
    try:
        return gmail.create_label(name)
    except Conflict:
        taken = {label.name.casefold() for label in gmail.list_labels()}
    suffixed = (f"{name} (CRM)" if n == 1 else f"{name} (CRM {n})" for n in count(1))
    return gmail.create_label(next(free for free in suffixed if free.casefold() not in taken))
