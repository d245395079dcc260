"""Leaving: stop the watch, take labels off if wished, revoke at Google, erase every row, say what was done.

The first step marks the mailbox as leaving and the last deletes its row, so whoever dies on the way is found again: by
the next call, or by the sweep that runs every ten minutes. Each step may be done twice.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Literal, Protocol

from shared.domain.audit import AuditEntry
from shared.domain.connection import Connection
from shared.domain.mailbox import NEEDS_RECONNECT, Leaving, Mailbox
from shared.errors import AppError, GrantLost, NotFound, Stale, TryAgain
from shared.ports.gmail import Gmail, GmailOpener
from shared.ports.labeling import LabelingStore, LabelRunStore
from shared.ports.mailboxes import MailboxStore
from shared.ports.notices import NoticeStore
from shared.ports.sending import SendStore
from shared.ports.sharing import AuditStore, ShareStore
from shared.ports.sync import SyncStore
from shared.usecases.end_consent import EndServices, end_consent
from shared.usecases.forget_unclaimed import give_back_consent

LIST_PAGE: Final = 500
PAGES_AT_ONCE: Final = 20
"""Pages of labelled mail that one call puts back: 10,000 mails. The next call, or the sweep, goes on."""
PATIENCE: Final = timedelta(hours=24)
"""So long Google is asked again where it does not answer; then what is ours is erased all the same."""
SWEPT_AT_ONCE: Final = 50


class LeaveServices(EndServices, Protocol):
    """What leaving needs: everything that holds a row of a mailbox, and Google."""

    @property
    def syncs(self) -> SyncStore: ...

    @property
    def notices(self) -> NoticeStore: ...

    @property
    def labelings(self) -> LabelingStore: ...

    @property
    def label_runs(self) -> LabelRunStore: ...

    @property
    def sends(self) -> SendStore: ...

    @property
    def shares(self) -> ShareStore: ...

    @property
    def audit(self) -> AuditStore: ...

    @property
    def gmail(self) -> GmailOpener: ...


@dataclass(frozen=True)
class Receipt:
    """What was done. `erased` counts the rows that this call deleted, by collection; `inbox_restored` counts mails."""

    watch_stopped: bool
    revoked: bool
    erased: Mapping[str, int]
    labels: Literal["kept", "removed"]
    inbox_restored: int


def begin_leaving(mailbox: Mailbox, actor: str, remove_labels: bool, services: LeaveServices) -> Mailbox:
    """Marks the mailbox: from now on nothing works on it but leaving. One that has begun stays as it was asked.

    One write. Raises NotFound if the row is gone.
    """
    if mailbox.leaving is not None:
        return mailbox
    leaving = Leaving(services.clock.now(), actor, remove_labels)
    return services.mailboxes.update(replace(mailbox, leaving=leaving), "leaving")


def leave(mailbox: Mailbox, services: LeaveServices, kept: Connection | None = None) -> Receipt:
    """Carries a disconnect that has begun to its end. `kept` is an attempt that outlives it.

    Raises UpstreamDown, Throttled or TryAgain where Google does not let us finish now; the sweep goes on by itself.
    """
    progress = _leave_google(mailbox, _begun(mailbox), services)
    now, erased = progress.now, progress.erased
    erased.update(erase(mailbox, services, kept))
    if erased["mailboxes"]:
        services.log.event("mailbox.disconnected", mailbox=mailbox.id)
    labels: Literal["kept", "removed"] = "removed" if now.labels_removed else "kept"
    return Receipt(now.watch_stopped, now.revoked, dict(erased), labels, now.inbox_restored)


def finish_leaving(services: LeaveServices) -> int:
    """Ends the disconnects that died on the way; answers how many. One query. One that cannot end now stays."""
    finished = 0
    for mailbox in services.mailboxes.leaving(SWEPT_AT_ONCE):
        try:
            finished += leave(mailbox, services).erased.get("mailboxes", 0)
        except AppError as error:
            services.log.event("mailbox.still_leaving", "WARNING", mailbox=mailbox.id, code=error.code)
    return finished


def erase(mailbox: Mailbox, services: LeaveServices, kept: Connection | None = None) -> Mapping[str, int]:
    """Deletes every row of a mailbox, its own and its grant last. Counts by collection.

    Google is asked for nothing, but to take back what the user's attempts to connect were given. `kept` is the attempt
    that is being completed: it stays, and so does the consent of its Google account.
    Where a worker is still at it, the mailbox's own row stays for a sweep that comes when that worker can be at it no
    more, and finds what it wrote. Whoever connects again need not wait: then it belongs to the new mailbox.
    A mailbox that was connected anew meanwhile is another one: nothing of it is erased.
    """
    erased = Counter(grants=0, mailboxes=0)
    while (row := services.mailboxes.get(mailbox.id)) is not None and row.leaving is not None:
        try:
            _erase(row, row.leaving, erased, services, kept)
        except (Stale, NotFound):
            # Somebody else leaves with it, has connected it anew, or began to work on it.
            continue
        break
    return dict(erased)


def _erase(
    mailbox: Mailbox,
    leaving: Leaving,
    erased: Counter[str],
    services: LeaveServices,
    kept: Connection | None,
) -> None:
    """One pass; adds what it has deleted to `erased`, also where it does not come to its end."""
    org, user, identifier = mailbox.org, mailbox.user, mailbox.id
    state, now = services.syncs.get(identifier), services.clock.now()
    busy = state is not None and state.leased(now)
    if state is not None and busy:
        # Noted first, for the row that says so goes next: without it the worker can save no more, and soon ends.
        leaving = replace(leaving, busy_until=state.lease_until)
        mailbox = services.mailboxes.update(replace(mailbox, leaving=leaving), "leaving", if_unchanged=True)
    elif kept is None and leaving.busy_until is not None:
        busy = now < leaving.busy_until
    erased["connections"] += _forget_attempts(mailbox, services, kept)
    # As it was read: whoever has taken it meanwhile is a worker, too. Without it nobody can begin to work.
    erased["syncs"] += services.syncs.delete(identifier, state.version) if state else 0
    erased["notices"] += services.notices.delete_all(identifier)
    erased["labelings"] += services.labelings.delete(identifier)
    erased["label_runs"] += services.label_runs.delete_all(identifier)
    erased["sends"] += services.sends.delete_all(identifier)
    erased["shares"] += services.shares.delete_all(identifier)
    erased["audit"] += services.audit.erase_owner(org, user)
    if busy:
        services.log.event("mailbox.still_leaving", mailbox=identifier, code="mailbox_busy")
        return
    granted = services.grants.get(identifier) is not None
    # The admin keeps the fact that somebody left; it is written with the last row that goes.
    left = AuditEntry(org, leaving.actor, "mailbox.disconnected", services.clock.now(), owner=user)
    gone = services.mailboxes.delete(identifier, left, version=mailbox.version)
    erased["mailboxes"] += gone
    erased["grants"] += gone if granted else 0


def _forget_attempts(mailbox: Mailbox, services: LeaveServices, kept: Connection | None) -> int:
    """Gives back what the user's attempts were given, of whichever Google account, and deletes them; answers how many.

    One that Google does not take back now stays for the sweep that ends unclaimed ones.
    """
    forgotten = 0
    for attempt in services.connections.of_user(mailbox.org, mailbox.user):
        if kept is not None and attempt.id == kept.id:
            continue
        shared = kept is not None and _account_of(attempt) == _account_of(kept)
        try:
            if not shared:
                give_back_consent(attempt, services, lambda other: other.leaving is None)
        except AppError as error:
            services.log.event("connection.not_forgotten", "WARNING", code=error.code)
        else:
            forgotten += services.connections.delete(attempt.id)
    return forgotten


def _account_of(attempt: Connection) -> str | None:
    return attempt.grant.google_sub if attempt.grant else None


def _begun(mailbox: Mailbox) -> Leaving:
    if mailbox.leaving is None:
        raise ValueError("leaving has not begun")
    return mailbox.leaving


def _leave_google(mailbox: Mailbox, begun: Leaving, services: LeaveServices) -> "_Progress":
    """Stops the watch, takes labels off, revokes; answers how far it came, and writes that down once."""
    progress = _Progress(begun)
    try:
        if mailbox.health.code not in NEEDS_RECONNECT and not begun.revoked:
            with _patience(mailbox, begun, services):
                _leave_gmail(mailbox, progress, services)
        # Also where Gmail was given up: the grant is about to be deleted, and nothing could end the consent then.
        with _patience(mailbox, begun, services):
            progress.note(revoked=_revoke(mailbox, services) or begun.revoked)
    except AppError:
        _write_down(mailbox, progress, services)
        raise
    _write_down(mailbox, progress, services)
    return progress


@contextmanager
def _patience(mailbox: Mailbox, begun: Leaving, services: LeaveServices) -> Iterator[None]:
    """Gives a step up where Google's word is final, or has not come within `PATIENCE`; else raises."""
    try:
        yield
    except AppError as error:
        # What may pass, or an operator can mend, is waited for; the rest is Google's last word.
        waiting = error.act in ("retry", "operator") and not isinstance(error, GrantLost)
        if waiting and services.clock.now() < begun.since + PATIENCE:
            raise
        services.log.event("disconnect.refused", "WARNING", mailbox=mailbox.id, code=error.code)


class _Progress:
    """How far a disconnect has come at Google. `erased`: rows that had to go first, by collection."""

    def __init__(self, begun: Leaving) -> None:
        self.begun = self.now = begun
        self.erased: Counter[str] = Counter()

    def note(self, **steps: Any) -> None:
        self.now = replace(self.now, **steps)


def _write_down(mailbox: Mailbox, progress: _Progress, services: LeaveServices) -> None:
    if progress.now != progress.begun:
        # Whoever has written meanwhile may have connected anew; a step that is not noted is done twice.
        with suppress(Stale):
            services.mailboxes.update(replace(mailbox, leaving=progress.now), "leaving", if_unchanged=True)


def _leave_gmail(mailbox: Mailbox, progress: _Progress, services: LeaveServices) -> None:
    try:
        gmail = services.gmail.open(mailbox)
        if mailbox.settings.mailmagnet and not progress.now.watch_stopped:
            progress.note(watch_stopped=stop_watch(mailbox, gmail, services.mailboxes))
        if progress.now.remove_labels and not progress.now.labels_removed:
            _take_labels_off(_left_alone(mailbox, progress, services), gmail, progress)
    except GrantLost:
        # Google has let us out already; there is nothing that we could still do there.
        services.log.event("disconnect.grant_lost", mailbox=mailbox.id)


def stop_watch(mailbox: Mailbox, gmail: Gmail, mailboxes: MailboxStore) -> bool:
    """Ends the pushes, unless another CRM user's MailMagnet lives on the same account: 50 units, one query."""
    others = [m for m in mailboxes.by_email(mailbox.email) if m.id != mailbox.id]
    if any(other.settings.mailmagnet and other.works for other in others):
        return False
    gmail.stop_watch()
    return True


def _left_alone(mailbox: Mailbox, progress: _Progress, services: LeaveServices) -> Mailbox:
    """The row with the labels of the last worker, once that one has ended and no other can begin: two reads, one write.

    A turn that goes on would archive mail behind our back, and make again what we delete. It ends within minutes, and
    gives its lease back. Raises TryAgain (code still_leaving) until then.
    """
    state = services.syncs.get(mailbox.id)
    busy = TryAgain("Labels are being set at this moment; this goes on by itself.", code="still_leaving")
    if state is not None and state.leased(services.clock.now()):
        raise busy
    try:
        progress.erased["syncs"] += services.syncs.delete(mailbox.id, state.version) if state else 0
    except Stale:
        # Whoever has taken it meanwhile is a worker, too.
        raise busy from None
    current = services.mailboxes.get(mailbox.id)
    # One that was connected anew meanwhile has labels of its own.
    return current if current is not None and current.leaving is not None else mailbox


def _take_labels_off(mailbox: Mailbox, gmail: Gmail, progress: _Progress) -> None:
    """Puts every mail under our labels back into the Inbox and deletes them; a label of the user's own making stays."""
    pages = 0
    for label in mailbox.labels.values():
        if label.adopted:
            continue
        try:
            while ids := [i for i, _ in gmail.list_messages(label_ids=[label.id], limit=LIST_PAGE).ids]:
                if pages == PAGES_AT_ONCE:
                    raise TryAgain(
                        "Much mail is to be put back; this goes on by itself.", code="still_leaving"
                    )
                outcome = gmail.modify(ids, add=["INBOX"], remove=[label.id])
                progress.note(inbox_restored=progress.now.inbox_restored + len(ids) - len(outcome))
                if error := next((e for e in outcome.values() if e.code != "not_found"), None):
                    raise error
                pages += 1
            gmail.delete_label(label.id)
        except AppError as error:
            if error.code not in ("label_gone", "not_found"):
                raise
    progress.note(labels_removed=True)


def _revoke(mailbox: Mailbox, services: LeaveServices) -> bool:
    """Revokes the grant at Google, unless a mailbox lives on the same account's consent: another CRM user's, or this
    one, connected anew meanwhile.
    """
    sealed = services.grants.get(mailbox.id)
    if sealed is None:
        return False
    try:
        token = services.cipher.open(sealed, (mailbox.org, mailbox.user, mailbox.id))
    except GrantLost:
        return False
    return end_consent(
        mailbox.email, mailbox.google_sub, token, services, lambda other: other.leaving is None
    )
