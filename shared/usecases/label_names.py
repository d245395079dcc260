"""Making one of our labels in Gmail when its name may be taken."""

from shared.domain.mailbox import GmailLabel
from shared.errors import Conflict
from shared.ports import Gmail

SUFFIXES = ("", " (CRM)", " (CRM 2)", " (CRM 3)")


def make_label(gmail: Gmail, name: str) -> GmailLabel:
    """Makes a label of this name, with a suffix where the user has one of that name already: 5 units a try.

    A label of the user's is never taken over. Raises Conflict if every suffix is taken too.
    """
    for suffix in SUFFIXES:
        try:
            return gmail.create_label(name + suffix)
        except Conflict:
            continue
    raise Conflict("Gmail has labels of these names already; rename them.", code="label_names_taken")
