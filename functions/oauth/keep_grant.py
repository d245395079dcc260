"""Keeping a grant: the mailbox and its consent are written in one commit, whatever else happens meanwhile.

So there is never a grant without a mailbox, nor one account's row with another one's grant, and a setting that is
changed during a reconnect stays changed.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Final

from functions.oauth.services import Services
from functions.oauth.watching import asks_for_work, start_watch, stop_watch
from shared.domain.audit import own_action
from shared.domain.caller import Caller
from shared.domain.connection import Connection, PendingGrant
from shared.domain.mailbox import Health, Mailbox, mailbox_id
from shared.errors import AppError, Conflict, NotFound, Stale, TryAgain
from shared.usecases.end_consent import check_kept_grant
from shared.usecases.forget_unclaimed import give_back_consent
from shared.usecases.leave import erase, leave
from shared.usecases.note_scopes import health_of

ATTEMPTS: Final = 8
"""How often a grant is kept again when others write to the same row; each time somebody else has won."""
RENEWED: Final = ("email", "scopes", "granted_at", "refreshed_at", "health", "roles")
"""What a new consent says of a mailbox that is there already; everything else is the owner's, or work's progress."""


def keep_grant(connection: Connection, grant: PendingGrant, caller: Caller, services: Services) -> Mailbox:
    """Connects the caller's mailbox with this grant, or connects it again: one read, one commit.

    Where MailMagnet is at work, the watch that Google has ended with the old consent starts again: 100 units, one
    write. Raises Conflict for another account than the connected one, TryAgain where others never stop writing.
    """
    identifier = mailbox_id(caller.org, caller.user)
    for _ in range(ATTEMPTS):
        before = services.mailboxes.get(identifier)
        if before is not None and before.leaving is not None:
            _make_room(before, connection, grant, services)
            before = services.mailboxes.get(identifier)
        if before is not None and before.leaving is not None:
            break
        try:
            kept = check_kept_grant(_keep(connection, grant, before, caller, services), services)
            if kept.status == "needs_reconnect":
                return kept
            services.gmail.hand_over(connection.id, identifier)
            return kept if before is None else _watch_again(kept, services)
        except (Stale, NotFound) as other:
            services.log.event("connection.outrun", mailbox=identifier, code=other.code)
        except Conflict as other:
            if other.code != "exists":
                raise
    raise TryAgain("The mailbox is being changed by others; try again.", code="mailbox_busy")


def _make_room(leaving: Mailbox, connection: Connection, grant: PendingGrant, services: Services) -> None:
    """Erases a mailbox that is still leaving. Of the same Google account, its consent is left alone: ending the old
    one would end the new one too. Another account's is ended first, and raises what `leave` raises.
    """
    if leaving.google_sub == grant.google_sub:
        erase(leaving, services, kept=connection)
    else:
        leave(leaving, services, kept=connection)


def _keep(
    connection: Connection, grant: PendingGrant, before: Mailbox | None, caller: Caller, services: Services
) -> Mailbox:
    now = services.clock.now()
    if before is None:
        connected = own_action(caller, "mailbox.connected", now)
        row = _first_row(connection, grant, services).seen_with(caller.roles)
        return services.mailboxes.create(row, connected, grant=grant.sealed_token)
    if before.google_sub != grant.google_sub:
        give_back_consent(connection, services)
        services.connections.delete(connection.id)
        raise Conflict(
            "Another Gmail account is connected; disconnect it first.", code="other_account_connected"
        )
    renewed = replace(before, email=grant.email, scopes=grant.scopes, granted_at=now, refreshed_at=now)
    renewed = replace(renewed, health=Health(health_of(renewed, before.scopes), now)).seen_with(caller.roles)
    entries = [own_action(caller, "mailbox.reconnected", now)]
    return services.mailboxes.update(
        renewed, *RENEWED, if_unchanged=True, audit=entries, grant=grant.sealed_token
    )


def _first_row(connection: Connection, grant: PendingGrant, services: Services) -> Mailbox:
    now = services.clock.now()
    row = Mailbox(
        id=mailbox_id(connection.org, connection.user),
        org=connection.org,
        user=connection.user,
        user_name=connection.user_name,
        email=grant.email,
        google_sub=grant.google_sub,
        connected_at=now,
        scopes=grant.scopes,
        granted_at=now,
        refreshed_at=now,
    )
    return replace(row, health=Health(health_of(row), now))


def _watch_again(mailbox: Mailbox, services: Services) -> Mailbox:
    if not mailbox.settings.mailmagnet or mailbox.settings.paused:
        return mailbox
    gmail = services.gmail.open(mailbox)
    watched = start_watch(mailbox, gmail, services)
    try:
        return services.mailboxes.update(watched, "watch_expires_at", if_unchanged=True)
    except (Stale, NotFound):
        current = services.mailboxes.get(mailbox.id)
        if not asks_for_work(current):
            # Turned off or left while we began: of what is over nothing may stay.
            services.syncs.delete(mailbox.id)
        if current is not None and not (current.settings.mailmagnet and not current.settings.paused):
            # Nor may a push come, also where it is only paused.
            with suppress(AppError):
                stop_watch(current, gmail, services)
        raise
