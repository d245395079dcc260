"""One mailbox's turn: collect what no push has brought, then sort what waits."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from functions.labeler.services import Services
from shared.domain.categories import Category
from shared.domain.contact import by_address
from shared.domain.labels import LabelPlan, plan_labels
from shared.domain.mailbox import GmailLabel, Mailbox
from shared.domain.policy import Policy
from shared.domain.scopes import allows
from shared.errors import AppError, BadInput, LabelGone, NotFound
from shared.ports import Gmail
from shared.usecases.collect_notices import collect_notices
from shared.usecases.label_names import make_label
from shared.usecases.lease import Held, leased
from shared.usecases.lost_grant import noting_lost_grant
from shared.usecases.recount_mailbox import recount_mailbox

AT_ONCE: Final = 1000
"""Notices sorted in one turn; the rest waits for the next, so that a turn ends well within its deadline."""


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, in which run."""

    mailbox: str
    run: str


def parse_turn(payload: bytes) -> Turn:
    """Reads what the tick published. Raises BadInput for anything else."""
    try:
        document = json.loads(payload)
        turn = Turn(document["mailbox"], document["run"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput("This is not a turn of the labeler's.", code="invalid_turn") from None
    if not (isinstance(turn.mailbox, str) and turn.mailbox.isalnum() and isinstance(turn.run, str)):
        raise BadInput("This is not a turn of the labeler's.", code="invalid_turn")
    return turn


def label_mailbox(turn: Turn, services: Services) -> Mapping[str, Any]:
    """Sweeps and sorts one mailbox; answers what it did. A second turn with nothing new writes nothing in Gmail.

    Raises NotFound for a mailbox that is gone or has MailMagnet off, TryAgain if somebody else is at work on it.
    """
    mailbox = services.mailboxes.get(turn.mailbox)
    if mailbox is None or not mailbox.works or not mailbox.settings.mailmagnet:
        raise NotFound("This mailbox has no work to be done.", code="no_work")
    with (
        noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log),
        leased(mailbox.id, services.syncs, services.clock) as held,
    ):
        gmail = services.gmail.open(mailbox)
        collected = collect_notices(mailbox, held, gmail, services.collecting)
        if held.state.recounting:
            recount_mailbox(mailbox, held, gmail, services.collecting)
        labelled = _sort(mailbox, held, gmail, services)
    summary = {"mailbox": mailbox.id, "notices": collected.created, "labelled": labelled}
    services.log.event(
        "mailbox.labelled",
        mailbox=mailbox.id,
        run=turn.run,
        notices=collected.created,
        count=sum(labelled.values()),
    )
    return summary


def _sort(mailbox: Mailbox, held: Held, gmail: Gmail, services: Services) -> dict[str, int]:
    waiting = held.state.unsorted[:AT_ONCE]
    if not (mailbox.settings.labels and allows("labels", mailbox.scopes)):
        held.state = replace(held.state, unsorted=())
        return {}
    if not waiting:
        return {}
    policy = services.orgs.get(mailbox.org)
    plan = _plan(mailbox, waiting, policy, services)
    failed = _carry_out(mailbox, plan, policy, gmail, services)
    done = frozenset(waiting) - failed
    held.state = replace(held.state, unsorted=tuple(i for i in held.state.unsorted if i not in done))
    return {category: len([i for i in ids if i not in failed]) for category, ids in plan.labelled.items()}


def _plan(mailbox: Mailbox, waiting: Sequence[str], policy: Policy, services: Services) -> LabelPlan:
    notices = services.notices.get_many(mailbox.id, waiting)
    contacts = services.connector.lookup(mailbox.org, {notice.sender for notice in notices})
    return plan_labels(notices, by_address(contacts), ZoneInfo(policy.time_zone), services.clock.now())


def _carry_out(
    mailbox: Mailbox, plan: LabelPlan, policy: Policy, gmail: Gmail, services: Services
) -> frozenset[str]:
    """Sets the labels and takes the mail out of the Inbox; answers the messages to be tried again."""
    failed: set[str] = set()
    labels = dict(mailbox.labels)
    for category, ids in plan.labelled.items():
        if category not in labels:
            labels[category] = make_label(gmail, policy.label_names[category])
        outcome = _modify(gmail, ids, labels[category].id)
        if outcome is None:
            labels[category] = make_label(gmail, policy.label_names[category])
            outcome = _modify(gmail, ids, labels[category].id) or {}
        # A message deleted meanwhile needs no label any more.
        failed |= {key for key, error in outcome.items() if error.code != "not_found"}
    _keep_labels(mailbox, labels, plan, services)
    return frozenset(failed)


def _modify(gmail: Gmail, ids: Sequence[str], label: str) -> Mapping[str, AppError] | None:
    """Labels and archives; answers the messages it failed for, or None if the label does not exist any more."""
    try:
        return gmail.modify(ids, add=[label], remove=["INBOX"])
    except LabelGone:
        return None


def _keep_labels(
    mailbox: Mailbox, labels: Mapping[Category, GmailLabel], plan: LabelPlan, services: Services
) -> None:
    labeling = replace(mailbox.labeling, last_run_at=services.clock.now())
    fields = ["labeling"] if labels == mailbox.labels else ["labeling", "labels"]
    if plan.labelled:
        services.mailboxes.update(replace(mailbox, labeling=labeling, labels=labels), *fields)
