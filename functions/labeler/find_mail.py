"""Finding the mail of senders and how it stands: by label and search, then by the exact header where that is needed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from functions.labeler.desk import Desk
from shared.domain.categories import Category
from shared.domain.labeling_row import GIVEN_UP
from shared.domain.labels import Deed, Standing, plan_change
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox
from shared.domain.notice import is_incoming, sender_of
from shared.domain.sender_search import newest_first, sender_queries
from shared.errors import Postponed
from shared.ports.gmail import GmailReader
from shared.usecases.look_at_mail import LOOK_UNITS

LIST_PAGE: Final = 500
WRITE_UNITS: Final = 150
"""What is left for the labels that follow from what was read: batchModify of three kinds."""
HEADERS: Final = ("From",)
INBOX: Final = "INBOX"
THROWN: Final = ("TRASH", "SPAM")
READ_ONE_BY_ONE: Final = 20
THREAD_CHECKS: Final = 2
"""A thread costs as much as two messages (40 units), so that it is asked for where two or more of it must be read."""


@dataclass(frozen=True)
class Senders:
    """What mail of each normalised address should have. `certain`: the CRM has said so for these."""

    wanted: Mapping[str, Category | None]
    certain: frozenset[str]

    def groups(self) -> Mapping[Category | None, list[str]]:
        """The addresses by what they want; those of which nothing is certain are left out."""
        found: dict[Category | None, list[str]] = {}
        for address, category in self.wanted.items():
            if address in self.certain:
                found.setdefault(category, []).append(address)
        return found


@dataclass
class Found:
    """Mail that is not where it should be. `unsure` is to be looked at, with its threads as far as they are known, and
    `unchecked` could not be in this turn.
    """

    standings: list[Standing] = field(default_factory=list)
    last: dict[str, Deed] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    threads: dict[str, str] = field(default_factory=dict)
    unchecked: int = 0


def list_ids(
    gmail: GmailReader,
    *,
    label: str | None,
    queries: Iterable[str] = ("",),
    most: int | None = None,
    thrown: str | None = None,
) -> dict[str, str]:
    """Ids of a label's mail (None: of all mail) that any of the searches finds, with their threads: 5 units per 500.

    Without Trash and Spam; `thrown` names one of these two: only what lies there.
    """
    found: dict[str, str] = {}
    label_ids = [name for name in (label, thrown) if name]
    for query in queries:
        token: str | None = None
        while True:
            page = gmail.list_messages(
                query=query,
                label_ids=label_ids,
                limit=LIST_PAGE,
                page_token=token,
                include_spam_trash=thrown is not None,
            )
            found |= dict(page.ids)
            token = page.next_page_token
            if token is None or (most is not None and len(found) >= most):
                break
    return found


def ours_on(mail: MailMetadata, mailbox: Mailbox) -> frozenset[Category]:
    """The categories whose labels a message carries."""
    return frozenset(c for c, label in mailbox.labels.items() if label.id in mail.label_ids)


def read_headers(
    ids: Sequence[str], desk: Desk, threads: Mapping[str, str]
) -> tuple[list[MailMetadata], frozenset[str]]:
    """The first mails as far as the turn may read, and the ids of those that could not be read now.

    20 units each, 40 for two or more in a thread (`threads`, by message id, as far as they are known). Where the quota
    has no units for so many: as many as it has. Raises Postponed where it has none and this turn has read nothing yet.
    What Gmail has refused too often is in neither.
    """
    ids = [message_id for message_id in ids if desk.row.refused.get(message_id, 0) < GIVEN_UP]
    now = _first_within(desk.checks_left, ids, threads)
    now = _first_within(_payable(_checks(now, threads), desk), now, threads)
    desk.checks_left -= _checks(now, threads)
    outcomes = desk.gmail.get_listed([(i, _thread(i, threads)) for i in now], HEADERS) if now else {}
    mails = [mail for mail in outcomes.values() if isinstance(mail, MailMetadata)]
    failed = {i: o for i, o in outcomes.items() if not isinstance(o, MailMetadata) and o.code != "not_found"}
    given_up = desk.note_refused(failed, others_work=bool(mails))
    return mails, frozenset({*ids[len(now) :], *failed}) - given_up


def _thread(message_id: str, threads: Mapping[str, str]) -> str:
    """Where the thread is not known: one that no other message has."""
    return threads.get(message_id, f"of {message_id}")


def _checks(ids: Sequence[str], threads: Mapping[str, str]) -> int:
    """What reading these headers costs, in headers that are read alone: a thread is two, however long it is."""
    return sum(min(count, THREAD_CHECKS) for count in Counter(_thread(i, threads) for i in ids).values())


def _first_within(checks: int, ids: Sequence[str], threads: Mapping[str, str]) -> Sequence[str]:
    """As many from the first on as cost so much."""
    seen = Counter[str]()
    for at, message_id in enumerate(ids):
        thread = _thread(message_id, threads)
        seen[thread] += 1
        checks -= seen[thread] <= THREAD_CHECKS
        if checks < 0:
            return ids[:at]
    return ids


@dataclass(frozen=True)
class How:
    """How a message stands: our labels on it; `in_inbox` None: not looked at. `thrown`: into Trash or Spam."""

    ours: frozenset[Category]
    in_inbox: bool | None = None
    thrown: bool = False


def look_up(ids: Sequence[str], desk: Desk) -> tuple[Mapping[str, How], frozenset[str]]:
    """How these messages stand in Gmail now, and those that cannot be read at this moment; one that is gone is in
    neither. 20 units a message up to twenty; above, 5 per 500 of our labels' mail, and where one is not found as much
    for what of it lies in Trash, and then in Spam.
    """
    ids = list(dict.fromkeys(ids))
    if len(ids) <= READ_ONE_BY_ONE:
        outcomes = desk.gmail.get_metadata(ids, HEADERS) if ids else {}
        stands = {
            i: How(
                ours_on(mail, desk.mailbox),
                INBOX in mail.label_ids,
                thrown=not mail.label_ids.isdisjoint(THROWN),
            )
            for i, mail in outcomes.items()
            if isinstance(mail, MailMetadata)
        }
        failed = {i for i, o in outcomes.items() if not isinstance(o, MailMetadata) and o.act == "retry"}
        return stands, frozenset(failed)
    ours: dict[str, set[Category]] = {message_id: set() for message_id in ids}
    thrown: set[str] = set()
    for place in (None, *THROWN):
        if place is not None and all(ours.values()):
            break
        for category, label in desk.mailbox.labels.items():
            for message_id in list_ids(desk.gmail, label=label.id, thrown=place):
                if message_id in ours:
                    ours[message_id].add(category)
                    thrown |= {message_id} if place else set()
    return {i: How(frozenset(found), thrown=i in thrown) for i, found in ours.items()}, frozenset()


def _payable(count: int, desk: Desk) -> int:
    """Never all or nothing: a user's units are never enough for more than they are, however often it is tried."""
    if count == 0:
        return 0
    payable = max(0, desk.gmail.afford(LOOK_UNITS * count + WRITE_UNITS) - WRITE_UNITS) // LOOK_UNITS
    if payable == 0 and not desk.has_read:
        raise Postponed("There are no units to read these headers now.", retry_after_s=60.0)
    return payable


def find_misplaced(senders: Senders, desk: Desk) -> Found:
    """Mail of these senders within the look-back that does not stand where it should.

    Per group of equal senders: 5 units for each of our labels, the Inbox and all mail, one read a notice, 20 units for
    each message whose sender no notice names or whose labels no deed of ours vouches for, 40 for two or more in a
    thread.
    """
    found = Found()
    for category, addresses in senders.groups().items():
        _find_group(category, addresses, found, desk)
    # After all searches: these would spend the units that are left for the labels.
    unsure = sorted(found.unsure, key=newest_first, reverse=True)
    mails, unread = read_headers(unsure, desk, found.threads)
    found.unchecked += len(unread)
    found.standings += [s for mail in mails if (s := _standing(mail, senders, desk)) is not None]
    return found


def _find_group(wanted: Category | None, addresses: Collection[str], found: Found, desk: Desk) -> None:
    queries = sender_queries(addresses, desk.look_back)
    under = {
        category: list_ids(desk.gmail, label=label.id, queries=queries)
        for category, label in desk.mailbox.labels.items()
    }
    notices = {
        notice.message_id
        for notice in desk.services.sender_notices.from_senders(desk.mailbox.id, addresses, desk.look_back)
    }
    labelled = {message_id: category for category, ids in under.items() for message_id in ids}
    threads = {message_id: thread for ids in under.values() for message_id, thread in ids.items()}
    several = under_several(under.values())
    wrong = {i: category for i, category in labelled.items() if category != wanted and i not in several}
    bare: set[str] = set()
    archived: set[str] = set()
    if wanted is not None:
        in_inbox = list_ids(desk.gmail, label=INBOX, queries=queries)
        everywhere = list_ids(desk.gmail, label=None, queries=queries)
        threads |= in_inbox | everywhere
        bare = {*in_inbox, *notices} - labelled.keys()
        archived = everywhere.keys() - bare - labelled.keys()
    last = desk.services.label_runs.last_deeds(desk.mailbox.id, {*wrong, *bare, *archived})
    # Outside the Inbox only what had a label of ours until its contact lost every category.
    bare |= {i for i in archived if i in last and last[i].after is None}
    found.last |= last
    vouched = {i for i, category in wrong.items() if i in notices and i in last and last[i].after == category}
    found.standings += [Standing(i, frozenset({wrong[i]}), False, wanted) for i in sorted(vouched)]
    # Once placed and bare now: its user took the label off, or Gmail's index lags; both need nothing.
    settled = {i for i in bare if i in last and (last[i].undone or last[i].after is not None)}
    found.unsure |= {*wrong, *bare} - vouched - settled
    found.threads |= threads


def under_several(listed: Iterable[Iterable[str]]) -> frozenset[str]:
    """What lies under more than one of our labels: its user has put it there, so it is left alone."""
    counts = Counter(message_id for ids in listed for message_id in ids)
    return frozenset(message_id for message_id, count in counts.items() if count > 1)


def _standing(mail: MailMetadata, senders: Senders, desk: Desk) -> Standing | None:
    sender = sender_of(mail)
    if sender is None or sender not in senders.wanted or not is_incoming(mail.label_ids):
        return None
    return Standing(
        mail.id,
        ours_on(mail, desk.mailbox),
        INBOX in mail.label_ids,
        senders.wanted[sender],
        sender in senders.certain,
    )


def plan(found: Found) -> list[Deed]:
    """What to do with the mail that was found."""
    planned = (plan_change(standing, found.last.get(standing.message_id)) for standing in found.standings)
    return [deed for deed in planned if isinstance(deed, Deed)]


def sort_inbox(mails: Sequence[MailMetadata], desk: Desk, *, remembers: bool = True) -> list[Deed]:
    """What to do with mail of the Inbox whose senders were not known when it came; they are remembered from now on.

    One CRM call per 200 senders; `remembers` False: nothing was done here yet, so nothing is looked up.
    """
    senders = {
        mail.id: sender for mail in mails if (sender := sender_of(mail)) and is_incoming(mail.label_ids)
    }
    contacts = desk.contacts_of(senders.values())
    wanted = desk.wanted(frozenset(senders.values()), contacts)
    standings = [
        Standing(mail.id, ours, True, wanted[senders[mail.id]])
        for mail in mails
        # Under a label of ours and in the Inbox: its user put it back there. Outside the Inbox: not to be sorted.
        if mail.id in senders
        and wanted[senders[mail.id]]
        and INBOX in mail.label_ids
        and not (ours := ours_on(mail, desk.mailbox))
    ]
    ids = [standing.message_id for standing in standings]
    last = desk.services.label_runs.last_deeds(desk.mailbox.id, ids) if remembers else {}
    return plan(Found(standings, dict(last)))
