"""Making our labels in Gmail when their names may be taken, and knowing those again that we made before we died.

A name that is free is written down before the label is made: whoever finds it taken afterwards knows that it is ours.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from shared.domain.categories import Category
from shared.domain.mailbox import GmailLabel
from shared.errors import Conflict, TryAgain
from shared.ports.gmail import Gmail

ATTEMPTS: Final = 3
"""A name may be taken by somebody else just now; each attempt looks again."""

Names = Mapping[Category, str]


@dataclass(frozen=True)
class LabelWish:
    """Which labels are to be there. `begun`: names that were free when we began to make them. `adopt`: the user agrees
    that we take over a label that has the name already, unless it is one of ours (`known`, by id).
    """

    names: Names
    begun: Names
    adopt: bool = False
    known: frozenset[str] = frozenset()


def make_labels(
    wish: LabelWish, gmail: Gmail, begin: Callable[[Names], None], present: Sequence[GmailLabel]
) -> Iterator[tuple[Category, GmailLabel]]:
    """Each label as it is found among those `present`, which are all there are, or made: 5 units.

    `begin` writes down what is about to be made. One that the user has made is taken over only where the user has
    agreed. Else ours gets a suffix: `Customers (CRM)`, `Customers (CRM 2)`. Gmail compares names without case.
    """
    missing, begun = dict(wish.names), wish.begun
    for _ in range(ATTEMPTS):
        taken = {label.name.casefold(): label for label in present}
        for category, label in _found(replace(wish, names=missing, begun=begun), taken).items():
            del missing[category]
            yield category, label
        to_make = _free(missing, taken)
        if any(begun.get(category) != name for category, name in to_make.items()):
            begin(to_make)
        begun = to_make
        try:
            for category, name in to_make.items():
                label = gmail.create_label(name)
                del missing[category]
                yield category, label
        except Conflict:
            # By the user, this very moment; or by us, and Gmail's first answer was lost.
            present = gmail.list_labels()
            continue
        return
    raise TryAgain("The names of labels keep being taken.", code="label_names_taken")


def _found(wish: LabelWish, taken: Mapping[str, GmailLabel]) -> dict[Category, GmailLabel]:
    found: dict[Category, GmailLabel] = {}
    for category, name in wish.names.items():
        ours = taken.get(wish.begun[category].casefold()) if category in wish.begun else None
        theirs = taken.get(name.casefold()) if wish.adopt else None
        if ours is not None:
            found[category] = ours
        elif theirs is not None and theirs.id not in wish.known:
            found[category] = replace(theirs, adopted=True)
    return found


def _free(names: Names, taken: Mapping[str, GmailLabel]) -> dict[Category, str]:
    free: dict[Category, str] = {}
    for category, name in names.items():
        used = {*taken, *(given.casefold() for given in free.values())}
        candidates = (f"{name} (CRM {n})" if n > 1 else f"{name} (CRM)" if n else name for n in count())
        free[category] = next(each for each in candidates if each.casefold() not in used)
    return free
