"""Doing what a plan says: written down first, then one call of Gmail's per kind of change, then what failed is told."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from functions.labeler.desk import Desk
from functions.labeler.keep_labels import label_of, replace_gone_labels
from shared.domain.categories import Category
from shared.domain.labels import Deed
from shared.errors import AppError, LabelGone, Postponed, TryAgain, UpstreamDown

INBOX: Final = "INBOX"
ONE_BY_ONE: Final = 10
ATTEMPTS: Final = 4
"""Our three labels may vanish one after the other."""

Kind = tuple[Category | None, Category | None, bool, bool]
"""Our label before, our label after, whether it takes back an earlier deed, and puts the mail back into the Inbox."""


def carry_out(deeds: Sequence[Deed], desk: Desk) -> frozenset[str]:
    """Changes labels as the deeds say; answers the messages to be tried again: those that Gmail has refused too often
    are not. No label that is not ours is named.

    A message that gets its first label of ours leaves the Inbox in the same call. Up to ten of a kind: 5 units each;
    more: 50 per 1,000. Kinds that cannot be paid now are to be tried again. Raises LabelsTurnedOff, and Postponed where
    not even one can be paid, before anything is done.
    """
    if not deeds:
        return frozenset()
    kinds = _payable(_by_kind(deeds), desk)
    paid = [deed for group in kinds.values() for deed in group]
    desk.note(paid)
    unpaid = {deed.message_id for deed in deeds} - {deed.message_id for deed in paid}
    failed: dict[str, AppError] = {}
    for kind, group in kinds.items():
        outcome = _change([deed.message_id for deed in group], kind, desk)
        # A message deleted meanwhile needs no label any more.
        failed |= {message_id: error for message_id, error in outcome.items() if error.code != "not_found"}
        desk.settle(
            [deed for deed in group if deed.message_id not in outcome],
            # Where Gmail did not answer, it may have done it: the next turn looks.
            not_done=[d for d in group if not isinstance(outcome.get(d.message_id), UpstreamDown | None)],
        )
    given_up = desk.note_refused(failed, others_work=bool(desk.done))
    return frozenset({*unpaid, *failed}) - given_up


def _payable(kinds: Mapping[Kind, list[Deed]], desk: Desk) -> Mapping[Kind, list[Deed]]:
    """Those for which there are units, the first ones first."""
    left = desk.gmail.afford(sum(_price(len(group)) for group in kinds.values()))
    payable: dict[Kind, list[Deed]] = {}
    for kind, group in kinds.items():
        left -= _price(len(group))
        if left < 0:
            break
        payable[kind] = group
    if not payable:
        raise Postponed("There are no units to change labels now.", retry_after_s=60.0)
    return payable


def _price(count: int) -> int:
    """Units for changing so many messages in one way."""
    return 5 * count if count <= ONE_BY_ONE else 50 * math.ceil(count / 1000)


def _by_kind(deeds: Sequence[Deed]) -> Mapping[Kind, list[Deed]]:
    """Deeds that one call of Gmail's can do: whether a mail is in the Inbox matters only where it goes back there."""
    kinds: dict[Kind, list[Deed]] = {}
    for deed in deeds:
        back = deed.undone and deed.inbox
        kinds.setdefault((deed.before, deed.after, deed.undone, back), []).append(deed)
    return kinds


def _change(ids: Sequence[str], kind: Kind, desk: Desk) -> Mapping[str, AppError]:
    before, after, takes_back, to_inbox = kind
    for _ in range(ATTEMPTS):
        add, remove = _label_ids(after, desk), _known_ids(before, desk)
        if before is None and not takes_back:
            # The first label takes a mail out of the Inbox.
            remove = [INBOX]
        if to_inbox:
            add = [*add, INBOX]
        try:
            outcome = desk.gmail.modify(ids, add=add, remove=remove)
        except LabelGone:
            replace_gone_labels(desk)
            continue
        if not any(isinstance(error, LabelGone) for error in outcome.values()):
            return outcome
        replace_gone_labels(desk)
    raise TryAgain("A label of ours vanishes again and again.", code="label_gone")


def _label_ids(category: Category | None, desk: Desk) -> list[str]:
    return [label_of(category, desk).id] if category else []


def _known_ids(category: Category | None, desk: Desk) -> list[str]:
    return [desk.mailbox.labels[category].id] if category in desk.mailbox.labels and category else []
