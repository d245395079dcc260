"""A contact's page: the card from the CRM, and the mail exchanged with the contact, live from Gmail."""

import contextvars
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from functions.proxy.own_mailbox import opened
from functions.proxy.services import Services
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
from shared.ports import Gmail
from shared.usecases.shared_mail import ContactPage, mailboxes_shared_with

ROUNDS: Final = 4
"""Searches made for one page of one source, where hits do not match exactly or vanish meanwhile."""
SOURCES: Final = 25
"""Mailboxes asked for one page; further ones are named as left out."""
AT_ONCE: Final = 8
"""Mailboxes asked side by side."""


@dataclass(frozen=True)
class ReadContactMail:
    """What is asked: a page of `limit` rows after `cursor`."""

    caller: Caller
    contact_id: str
    limit: int
    cursor: str | None = None


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


def read_contact_mail(values: ReadContactMail, services: Services) -> dict[str, Any]:
    """The contact with one page of mail (contract, section 3). Raises NotFound for a hidden or unknown contact.

    One CRM call and one read, and those of `mailboxes_shared_with`; per mailbox 5 units for the list and 20 for each
    mail.
    """
    caller = values.caller
    contact = services.contacts.contact(caller.org, checked_contact_id(values.contact_id), caller.user)
    bound_to = (caller.org, caller.user, "contact-mail", contact.id)
    before = Position.from_json(services.cursors.open(values.cursor, bound_to)) if values.cursor else None
    wanted = _Wanted(searchable(contact.addresses), before, values.limit)
    asked = _mailboxes_to_ask(caller, contact, services)
    sources = _ask_all(asked[:SOURCES], wanted, services)
    sources += [_Source(left.mailbox, status="left_out") for left in asked[SOURCES:]]
    page = merge([listing for source in sources for listing in source.listings], before, values.limit)
    by_id = {source.mailbox.id: source.mailbox for source in sources}
    return {
        "contact": show_contact(contact),
        "items": [summarize(row.mail, by_id[row.mailbox], caller.user) for row in page.rows],
        "next_cursor": services.cursors.seal(page.position.to_json(), bound_to) if page.position else None,
        "sources": [_show_source(source, caller) for source in sources],
    }


def _mailboxes_to_ask(caller: Caller, contact: Contact, services: Services) -> Sequence[_Asked]:
    """The caller's own first: of a mail that several hold, that copy is shown."""
    own = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    shared = mailboxes_shared_with(ContactPage(caller, contact), services.sharing)
    colleagues = [_Asked(row.shared.mailbox, row.shows, SHARED_SUMMARY_HEADERS) for row in shared]
    return [*([_Asked(own)] if own is not None else []), *colleagues]


def _ask_all(asked: Sequence[_Asked], wanted: _Wanted, services: Services) -> list[_Source]:
    """Side by side, in the order of `asked`."""
    if len(asked) == 1:
        return [_ask(asked[0], wanted, services)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # The log lines of a thread belong to the same request.
        waiting = [pool.submit(contextvars.copy_context().run, _ask, one, wanted, services) for one in asked]
        return [future.result() for future in waiting]


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
        unread = Listing(mailbox.id, (), frozenset(), more=True)
        return _Source(mailbox, tuple(listings) or (unread,), _status(error))
    return _Source(mailbox, tuple(listings))


def _list(asked: _Asked, gmail: Gmail, query: str, wanted: _Wanted) -> tuple[Listing, AppError | None]:
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
        ids = [message_id for message_id, _ in page.ids if mark(asked.mailbox.id, message_id) not in seen]
        mails, failure = _get(gmail, ids, asked.headers)
        examined += mails
        matching |= {m.id for m in mails if belongs(m, wanted.addresses) and asked.shows(m)}
        if failure is not None or token is None or len(matching) >= wanted.limit:
            break
    more = token is not None or failure is not None
    return Listing(asked.mailbox.id, tuple(examined), frozenset(matching), more), failure


def _get(
    gmail: Gmail, ids: Sequence[str], headers: Sequence[str]
) -> tuple[list[MailMetadata], AppError | None]:
    """The mails of `ids` up to the first that failed; one deleted since it was listed is passed over."""
    outcomes = gmail.get_metadata(ids, headers) if ids else {}
    mails: list[MailMetadata] = []
    for message_id in ids:
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


def checked_contact_id(contact_id: str) -> str:
    """An id that may stand in the CRM's paths. Raises NotFound for one that would leave them."""
    if contact_id in (".", "..") or len(contact_id) > 200:
        raise NotFound("There is no such contact.", code="contact_not_found")
    return contact_id
