"""A contact's page: the card from the CRM, and the mail exchanged with the contact, live from Gmail."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from functions.proxy.nothing_new import Freshness, Known, Listed, check_freshness, looks
from functions.proxy.own_mailbox import opened
from functions.proxy.services import Services
from functions.proxy.side_by_side import side_by_side
from shared.deadline import remaining
from shared.domain.caller import Caller
from shared.domain.contact import Contact
from shared.domain.contact_search import belongs, queries, searchable
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.message import SUMMARY_HEADERS, summarize
from shared.domain.message_facts import SHARED_SUMMARY_HEADERS
from shared.domain.timeline import Listing, Position, mark, merge
from shared.errors import (
    AppError,
    Conflict,
    GrantLost,
    Misconfigured,
    NotAllowed,
    NotFound,
    Throttled,
)
from shared.ports.gmail import LiveGmail
from shared.usecases.shared_mail import ContactPage, mailboxes_shared_with

ROUNDS: Final = 4
"""Searches made for one page of one source, where hits do not match exactly or vanish meanwhile."""
SOURCES: Final = 25
"""Mailboxes asked for one page; further ones are named as left out."""
SOURCES_S: Final = 20.0
"""Seconds after which a mailbox that has not answered is named as late."""


@dataclass(frozen=True)
class ReadContactMail:
    """What is asked: a page of `limit` rows after `cursor`."""

    caller: Caller
    contact_id: str
    limit: int
    cursor: str | None = None
    if_none_match: str | None = None


@dataclass(frozen=True)
class _Source:
    """A mailbox that was asked: what it holds, and how it went."""

    mailbox: Mailbox
    listings: tuple[Listing, ...] = ()
    status: str = "ok"


def _is_own(mail: MailMetadata) -> bool:
    """Of one's own mailbox everything is shown."""
    return True


@dataclass(frozen=True)
class _Asked:
    """A mailbox to be asked, and which of its messages the caller may see."""

    mailbox: Mailbox
    shows: Callable[[MailMetadata], bool] = _is_own
    headers: tuple[str, ...] = SUMMARY_HEADERS


@dataclass(frozen=True)
class _Wanted:
    """What each source is asked for."""

    addresses: tuple[str, ...]
    before: Position | None
    limit: int


def read_contact_mail(values: ReadContactMail, services: Services) -> Listed:
    """The contact with one page of mail (contract, section 3). Raises NotFound for a hidden or unknown contact.

    One CRM call and one read, and those of `mailboxes_shared_with`; per mailbox 5 units for the list, 20 for each
    mail that is alone in its thread and 40 for each thread of several.
    """
    caller = values.caller
    contact = services.contacts.contact(caller.org, values.contact_id, caller.user)
    bound_to = (caller.org, caller.user, "contact-mail", contact.id)
    before = Position.from_json(services.cursors.open(values.cursor, bound_to)) if values.cursor else None
    wanted = _Wanted(searchable(contact.addresses), before, values.limit)
    asked = _mailboxes_to_ask(caller, contact, services)
    fresh = _freshness(values, (*bound_to, repr(contact)), asked, services)
    if fresh.unchanged:
        return Listed(None, fresh.tag)
    sources = _ask_all(asked[:SOURCES], wanted, services)
    sources += [_Source(left.mailbox, status="left_out") for left in asked[SOURCES:]]
    page = merge([listing for source in sources for listing in source.listings], before, values.limit)
    by_id = {source.mailbox.id: source.mailbox for source in sources}
    document = {
        "contact": show_contact(contact),
        "items": [summarize(row.mail, by_id[row.mailbox], caller.user) for row in page.rows],
        "next_cursor": services.cursors.seal(page.position.to_json(), bound_to) if page.position else None,
        "sources": [_show_source(source, caller) for source in sources],
    }
    whole = all(source.status == "ok" for source in sources)
    return Listed(document, fresh.tag if whole else None)


def _freshness(
    values: ReadContactMail, question: Sequence[str], asked: Sequence[_Asked], services: Services
) -> Freshness:
    """Only where the own mailbox is the one source: what colleagues let see may change without any mail."""
    alone = len(asked) == 1 and asked[0].mailbox.user == values.caller.user
    if values.if_none_match is None or not alone:
        return Freshness(False, None)
    mailbox = asked[0].mailbox
    question = (*question, str(values.limit), values.cursor or "", looks(mailbox))
    now = services.clock.now()
    known = Known(values.if_none_match, question, services.cursors, now, searched=True)
    try:
        with opened(mailbox, services) as gmail:
            return check_freshness(known, gmail)
    except AppError:
        return Freshness(False, None)  # the list itself will say what is wrong


def _mailboxes_to_ask(caller: Caller, contact: Contact, services: Services) -> Sequence[_Asked]:
    """The caller's own first: of a mail that several hold, that copy is shown."""
    own = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    shared = mailboxes_shared_with(ContactPage(caller, contact), services.sharing)
    colleagues = [_Asked(row.shared.mailbox, row.shows, SHARED_SUMMARY_HEADERS) for row in shared]
    return [*([_Asked(own)] if own is not None and own.leaving is None else []), *colleagues]


def _ask_all(asked: Sequence[_Asked], wanted: _Wanted, services: Services) -> list[_Source]:
    """Side by side, in the order of `asked`. Each is asked by one thread of its own: none waits for a slow one."""
    tasks = [partial(_ask, one, wanted, services) for one in asked]
    answers = side_by_side(tasks, SOURCES_S)
    return [
        answer or _Source(one.mailbox, (_unread(one.mailbox),), "late")
        for one, answer in zip(asked, answers, strict=True)
    ]


def _ask(asked: _Asked, wanted: _Wanted, services: Services) -> _Source:
    """Never fails for a reason of the mailbox's: it becomes the source's status, and the rest is shown."""
    mailbox = asked.mailbox
    until = wanted.before.second if wanted.before else None
    listings: list[Listing] = []
    try:
        with opened(mailbox, services) as gmail:
            for query in queries(wanted.addresses, until):
                listing, failure = _list(asked, gmail, query, wanted)
                listings.append(listing)
                if failure is not None:
                    raise failure
    except AppError as error:
        services.log.event("source.failed", "WARNING", mailbox=mailbox.id, code=error.code)
        return _Source(mailbox, tuple(listings) or (_unread(mailbox),), _status(error))
    return _Source(mailbox, tuple(listings))


def _unread(mailbox: Mailbox) -> Listing:
    """A mailbox of which nothing was had."""
    return Listing(mailbox.id, (), frozenset(), more=True)


def _list(asked: _Asked, gmail: LiveGmail, query: str, wanted: _Wanted) -> tuple[Listing, AppError | None]:
    """Searches until the page is full. A mail that cannot be had now ends the listing before it: none is hidden."""
    seen = wanted.before.seen if wanted.before else frozenset()
    examined: list[MailMetadata] = []
    matching: set[str] = set()
    failure: AppError | None = None
    token: str | None = None
    for _ in range(ROUNDS):
        room = wanted.limit - len(matching) + (len(seen) if token is None else 0)
        page = gmail.list_messages(query=query, limit=room, page_token=token)
        token = page.next_page_token
        ids = [row for row in page.ids if mark(asked.mailbox.id, row[0]) not in seen]
        mails, failure = _get(gmail, ids, asked.headers)
        examined += mails
        matching |= {m.id for m in mails if belongs(m, wanted.addresses) and asked.shows(m)}
        if failure is not None or token is None or len(matching) >= wanted.limit:
            break
    more = token is not None or failure is not None
    return Listing(asked.mailbox.id, tuple(examined), frozenset(matching), more), failure


def _get(
    gmail: LiveGmail, ids: Sequence[tuple[str, str]], headers: Sequence[str]
) -> tuple[list[MailMetadata], AppError | None]:
    """The mails of `ids` up to the first that failed; one deleted since it was listed is passed over."""
    outcomes = gmail.get_listed(ids, headers) if ids else {}
    mails: list[MailMetadata] = []
    for message_id, _ in ids:
        outcome = outcomes[message_id]
        if isinstance(outcome, MailMetadata):
            mails.append(outcome)
        elif not isinstance(outcome, NotFound):
            return mails, outcome
    return mails, None


_STATUS: Final[Collection[tuple[type[AppError], str]]] = (
    (GrantLost, "needs_reconnect"),
    (Throttled, "throttled"),
    (Conflict, "paused"),
    (NotAllowed, "blocked"),
    (Misconfigured, "down"),
)


def _status(error: AppError) -> str:
    if remaining() == 0.0:
        return "late"
    return next((status for kind, status in _STATUS if isinstance(error, kind)), "down")


def _show_source(source: _Source, caller: Caller) -> dict[str, Any]:
    mailbox = source.mailbox
    owner = {"id": mailbox.user, "name": mailbox.user_name, "you": mailbox.user == caller.user}
    return {"mailbox": mailbox.id, "owner": owner, "status": source.status}


def show_contact(contact: Contact) -> dict[str, Any]:
    """The contact's card as the contract names its fields."""
    return {
        "id": contact.id,
        "name": contact.name,
        "kind": contact.kind,
        "addresses": list(contact.addresses),
        "deals": [
            {
                "id": deal.id,
                "name": deal.name,
                "state": deal.state,
                "closing_date": deal.closing_date.isoformat() if deal.closing_date else None,
                "amount": deal.amount,
            }
            for deal in contact.deals
        ],
    }
