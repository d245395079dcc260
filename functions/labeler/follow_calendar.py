"""The turn of the month in the organisation's time zone: labelled mail is weighed again, whatever the CRM says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from functions.labeler.carry_out import carry_out
from functions.labeler.desk import Desk
from functions.labeler.find_mail import Found, list_ids, ours_on, plan, read_headers, under_several
from functions.labeler.hold_back import must_stop
from functions.labeler.keep_labels import check_labels
from shared.domain.categories import Category
from shared.domain.labels import Standing, told_by_calendar
from shared.domain.notice import is_incoming, sender_of
from shared.domain.sender_search import newest_first


def follow_calendar(desk: Desk) -> None:
    """Sets right what lies under our labels within the look-back, from its newest mail on.

    5 units per 500 labelled messages, one read a notice, 20 units for a message that no notice names (40 for two or
    more in a thread). Where that is more than a turn may do, the next goes on from the message this one has come to.
    """
    check_labels(desk)
    labelled, threads = _labelled(desk)
    position = desk.row.calendar_before
    order = sorted(labelled, key=newest_first, reverse=True)
    if position:
        order = [message_id for message_id in order if newest_first(message_id) < newest_first(position)]
    senders, unread = _senders(order, threads, desk)
    known = {address for address in senders.values() if address}
    contacts = desk.contacts_of(known)
    wanted = desk.wanted(known, contacts)
    standings = [
        # Mail of somebody whom the CRM does not name is the user's own doing, or the CRM's failure: it stays.
        Standing(i, frozenset({labelled[i]}), False, wanted[sender], certain=sender in contacts)
        for i, sender in senders.items()
        if sender is not None
    ]
    misplaced = [s for s in standings if s.ours != {s.wanted}]
    last = desk.services.label_runs.last_deeds(desk.mailbox.id, [s.message_id for s in misplaced])
    deeds = plan(Found(misplaced, dict(last)))
    if must_stop([deed for deed in deeds if not told_by_calendar(deed)], 0, desk):
        return
    failed = carry_out(deeds, desk)
    _move_on(order, frozenset({*unread, *failed}), desk)


def _labelled(desk: Desk) -> tuple[Mapping[str, Category], Mapping[str, str]]:
    """What lies under one of our labels, by message id: under which, and in which thread."""
    queries = (f"after:{int(desk.look_back.timestamp())}",)
    under = {
        category: list_ids(desk.gmail, label=label.id, queries=queries)
        for category, label in desk.mailbox.labels.items()
    }
    several = under_several(under.values())
    labelled = {i: category for category, ids in under.items() for i in ids if i not in several}
    return labelled, {i: thread for ids in under.values() for i, thread in ids.items()}


def _senders(
    order: Sequence[str], threads: Mapping[str, str], desk: Desk
) -> tuple[dict[str, str | None], frozenset[str]]:
    """Who sent each message, from its notice or its header, and the messages that could not be asked for now."""
    noticed = desk.services.notices.get_many(desk.mailbox.id, order)
    senders: dict[str, str | None] = {notice.message_id: notice.sender for notice in noticed}
    mails, unread = read_headers([i for i in order if i not in senders], desk, threads)
    for mail in mails:
        if is_incoming(mail.label_ids) and len(ours_on(mail, desk.mailbox)) == 1:
            senders[mail.id] = sender_of(mail)
    return senders, unread


def _move_on(order: Sequence[str], undone: frozenset[str], desk: Desk) -> None:
    if not undone:
        desk.row = replace(desk.row, calendar=desk.calendar, calendar_before="", confirmed=False)
        return
    first = next(at for at, message_id in enumerate(order) if message_id in undone)
    if first:
        desk.row = replace(desk.row, calendar_before=order[first - 1])
