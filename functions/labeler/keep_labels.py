"""Our three labels in Gmail: followed by id when renamed, made again once when deleted, never restyled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from functions.labeler.desk import Desk
from shared.domain.categories import CATEGORIES, Category
from shared.domain.labeling_row import REMADE_WITHIN
from shared.domain.mailbox import NEEDS_RECONNECT, GmailLabel, Health, Mailbox
from shared.errors import TryAgain
from shared.usecases.label_names import LabelWish, make_labels

LABELS_DELETED = "labels_deleted"


class LabelsTurnedOff(Exception):
    """The user has deleted a label of ours again within a week: labels are off now."""


def check_labels(desk: Desk) -> None:
    """Follows what the user did to our labels: one `labels.list`, 1 unit. Raises LabelsTurnedOff."""
    present = {label.id: label for label in desk.gmail.list_labels()}
    desk.change_mailbox(lambda mailbox: _named_as(present, mailbox))
    known = dict(desk.mailbox.labels)
    gone = [category for category, label in known.items() if label.id not in present]
    # One that we had begun to make again and whose id nobody has saved is not the user's deletion.
    deleted = [category for category in gone if category not in desk.mailbox.making]
    for category in deleted:
        _refuse_if_unwanted(category, desk)
    _make([c for c in CATEGORIES if c in gone or c not in known], desk, list(present.values()))
    if deleted:
        desk.row = replace(desk.row, remade={**desk.row.remade, **dict.fromkeys(deleted, desk.now)})
        desk.save_row()
    for category in deleted:
        desk.services.log.event("label.made_again", mailbox=desk.mailbox.id, category=category)


def _named_as(present: Mapping[str, GmailLabel], mailbox: Mailbox) -> Mailbox:
    labels = {
        category: replace(label, name=present[label.id].name) if label.id in present else label
        for category, label in mailbox.labels.items()
    }
    return replace(mailbox, labels=labels)


def replace_gone_labels(desk: Desk) -> None:
    """After Gmail said that a label does not exist. Raises LabelsTurnedOff, TryAgain where all are there."""
    before = dict(desk.mailbox.labels)
    check_labels(desk)
    if {c: label.id for c, label in before.items()} == {
        c: label.id for c, label in desk.mailbox.labels.items()
    }:
        raise TryAgain("Gmail's answers about labels do not agree.", code="label_gone")


def label_of(category: Category, desk: Desk) -> GmailLabel:
    """The label of a category, made where there is none."""
    if category not in desk.mailbox.labels:
        _make([category], desk)
    return desk.mailbox.labels[category]


def _refuse_if_unwanted(category: Category, desk: Desk) -> None:
    last = desk.row.remade.get(category)
    if last is not None and desk.now - last < REMADE_WITHIN:
        _turn_off(category, desk)
        raise LabelsTurnedOff


def _make(categories: Sequence[Category], desk: Desk, present: Sequence[GmailLabel] | None = None) -> None:
    """Two writes: what is about to be made, and what was made. A turn that dies in between makes no other one."""
    if not categories:
        return
    mailbox = desk.mailbox

    def begin(names: Mapping[Category, str]) -> None:
        desk.change_mailbox(lambda mailbox: replace(mailbox, making=names))

    wish = LabelWish(
        {category: desk.policy.label_names[category] for category in categories},
        mailbox.making,
        adopt=mailbox.settings.adopt_labels,
        known=frozenset(label.id for label in mailbox.labels.values()),
    )
    made = dict(make_labels(wish, desk.gmail, begin, present or desk.gmail.list_labels()))
    desk.change_mailbox(lambda mailbox: replace(mailbox, labels={**mailbox.labels, **made}, making={}))


def _turn_off(category: Category, desk: Desk) -> None:
    """The label is forgotten too: who turns labels on again begins with a fresh one, and a fresh week."""

    def without_labels(mailbox: Mailbox) -> Mailbox:
        worse = mailbox.health.code in NEEDS_RECONNECT
        return replace(
            mailbox,
            settings=replace(mailbox.settings, labels=False),
            health=mailbox.health if worse else Health(LABELS_DELETED, desk.now),
            labels={c: label for c, label in mailbox.labels.items() if c != category},
        )

    desk.change_mailbox(without_labels)
    desk.row = replace(
        desk.row, remade={c: when for c, when in desk.row.remade.items() if c != category}, work=False
    )
    desk.save_row()
    desk.services.log.event("labels.turned_off", "WARNING", mailbox=desk.mailbox.id, category=category)
