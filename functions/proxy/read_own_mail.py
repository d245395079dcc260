"""The caller's own mailbox: a label's mail, or a search in Gmail's own language."""

from dataclasses import dataclass

from functions.proxy.nothing_new import Known, Listed, check_freshness, looks
from functions.proxy.own_mailbox import find_own, opened
from functions.proxy.services import Services
from shared.domain.caller import Caller
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox
from shared.domain.message import SUMMARY_HEADERS, summarize
from shared.errors import LabelGone, NotFound
from shared.ports.gmail import Gmail, MessagePage


@dataclass(frozen=True)
class ReadOwnMail:
    """What is asked: `label` is a Gmail label id or a category, empty for all mail but spam and trash; `q` is Gmail's
    search.
    """

    caller: Caller
    label: str
    q: str
    limit: int
    cursor: str | None = None
    if_none_match: str | None = None


def read_own_mail(values: ReadOwnMail, services: Services) -> Listed:
    """One page, newest first: 5 units for the list, 20 for each mail alone in its thread, 40 for a thread of several.

    Raises NotFound (codes not_connected, label_not_found), and what Gmail's client raises.
    """
    caller = values.caller
    bound_to = (caller.org, caller.user, "own-mail", values.label, values.q)
    token = services.cursors.open(values.cursor, bound_to)["p"] if values.cursor else None
    mailbox = find_own(caller, services)
    known = Known(
        values.if_none_match,
        (*bound_to, str(values.limit), values.cursor or "", looks(mailbox)),
        services.cursors,
        services.clock.now(),
        searched=bool(values.q),
    )
    with opened(mailbox, services) as gmail:
        fresh = check_freshness(known, gmail)
        if fresh.unchanged:
            return Listed(None, fresh.tag)
        page = _list(values, token, mailbox, gmail)
        ids = [message_id for message_id, _ in page.ids]
        outcomes = gmail.get_listed(page.ids, SUMMARY_HEADERS) if ids else {}
    items = []
    for outcome in (outcomes[message_id] for message_id in ids):
        if isinstance(outcome, MailMetadata):
            items.append(summarize(outcome, mailbox, caller.user))
        elif not isinstance(outcome, NotFound):
            # A row that cannot be read now must not look as if it did not exist.
            raise outcome
    following = page.next_page_token
    cursor = services.cursors.seal({"p": following}, bound_to) if following else None
    return Listed({"items": items, "next_cursor": cursor}, fresh.tag)


def _list(values: ReadOwnMail, token: str | None, mailbox: Mailbox, gmail: Gmail) -> MessagePage:
    label = next((row.id for name, row in mailbox.labels.items() if name == values.label), values.label)
    try:
        return gmail.list_messages(
            query=values.q,
            label_ids=(label,) if label else (),
            limit=values.limit,
            page_token=token,
            include_spam_trash=label in ("SPAM", "TRASH"),
        )
    except LabelGone:
        raise NotFound("There is no such label.", code="label_not_found") from None
