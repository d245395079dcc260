"""Connecting a mailbox: begin, the popup's start, Google's callback, completion by the same CRM user.

A state alone stops neither account-linking attack (RFC 9700 section 4.7): an attacker's code in the victim's
browser, or a victim consenting on the attacker's link. So the popup's browser gets a cookie that the callback must
match, and the grant is kept only when the CRM user who began presents the ticket that the popup handed over.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from functions.oauth.keep_grant import keep_grant
from functions.oauth.services import Services
from shared.domain.caller import Caller
from shared.domain.connection import CONNECT_WITHIN, Connection, PendingGrant
from shared.domain.health import name_features
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.scopes import FEATURES, Feature, allows, scopes_for
from shared.errors import AppError, BadInput, NotAllowed, NotFound, ScopeMissing
from shared.ports.google_consent import Consent, UnprovenConsent
from shared.usecases.end_consent import end_consent


@dataclass(frozen=True)
class BeginConnection:
    """Who presses Authenticate, from which page, and for what. `origin` None: a caller that is not a browser.

    `return_url` is a registered page of that origin. It takes the ticket in its fragment where the popup lost its
    opener.
    """

    caller: Caller
    origin: str | None
    features: tuple[Feature, ...] = FEATURES
    return_url: str | None = None


@dataclass(frozen=True)
class Begun:
    """Where the popup goes, and until when (UTC)."""

    authorization_url: str
    expires_at: datetime


def begin_connection(values: BeginConnection, services: Services) -> Begun:
    """Remembers an attempt. One write; no call to Google. Raises NotAllowed for a page that is not registered."""
    caller = values.caller
    origin = values.origin or _origin_of(services.public_url)
    if not services.origins.allows(origin, caller.org):
        raise NotAllowed(
            "This page's origin is not registered for the organisation.", code="origin_not_registered"
        )
    if values.return_url is not None:
        _check_return_url(values.return_url, origin, caller.org, services)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    connection = Connection(
        id=_hash(state),
        org=caller.org,
        user=caller.user,
        user_name=caller.name,
        origin=origin,
        scopes=scopes_for(values.features),
        return_url=values.return_url,
        nonce=secrets.token_urlsafe(16),
        code_verifier=verifier,
        expires_at=services.clock.now() + CONNECT_WITHIN,
    )
    services.connections.create(connection)
    # The popup starts at our own origin, so that the cookie is a first-party one; the rest is Google's query.
    google = services.consent.authorization_url(
        state=state,
        nonce=connection.nonce,
        code_challenge=_challenge(verifier),
        scopes=connection.scopes,
    )
    return Begun(f"{services.public_url}/oauth/authorize?{urlsplit(google).query}", connection.expires_at)


def _check_return_url(url: str, origin: str, org: str, services: Services) -> None:
    """Exact pages only: a fragment outlives redirects, so any open redirect of the CRM would hand the ticket on."""
    if _origin_of(url) != origin:
        raise BadInput("The return URL is not of this page's origin.", code="return_url_elsewhere")
    if url not in services.return_urls and url not in services.orgs.get(org).return_urls:
        raise BadInput(
            "The return URL is not registered: the organisation's policy names the pages that take a ticket.",
            code="return_url_not_registered",
        )


@dataclass(frozen=True)
class Started:
    """Google's consent page, and the cookie that ties the callback to this browser."""

    location: str
    cookie: str


def start_popup(state: str, services: Services) -> Started:
    """Binds an attempt to the browser that opens its popup, once: one read, one write. Raises NotFound."""
    connection = _alive(state, services)
    if connection.browser is not None:
        raise NotFound("This link was used already; press Authenticate again.", code="connection_not_found")
    cookie = secrets.token_urlsafe(32)
    services.connections.save(replace(connection, browser=_hash(cookie)))
    location = services.consent.authorization_url(
        state=state,
        nonce=connection.nonce,
        code_challenge=_challenge(connection.code_verifier),
        scopes=connection.scopes,
    )
    return Started(location, cookie)


@dataclass(frozen=True)
class ReceiveConsent:
    """What Google's redirect carries, and the cookie of the browser it came through."""

    state: str
    code: str | None
    error: str | None
    cookie: str | None


@dataclass(frozen=True)
class Authorized:
    """The ticket for the opener, the only origin that may receive it, and where it goes without an opener."""

    ticket: str
    origin: str
    return_url: str | None = None


def receive_consent(values: ReceiveConsent, services: Services) -> Authorized:
    """Redeems the code and keeps the grant as pending: one token call, one read, two writes.

    Raises NotFound for an unknown, used or old state, NotAllowed for another browser or a refusal, ScopeMissing
    where the user unticked what is needed, and BadInput or UpstreamDown where Google did not prove who consented (the
    grant is revoked again).
    """
    connection = _alive(values.state, services)
    if connection.browser is None or not hmac.compare_digest(connection.browser, _hash(values.cookie or "")):
        raise NotAllowed("This consent was begun in another browser.", code="browser_mismatch")
    if connection.used:
        raise NotFound(
            "This consent was used already; press Authenticate again.", code="connection_not_found"
        )
    # Marked first: of two callbacks with the same state only one redeems the code.
    connection = services.connections.save(replace(connection, used=True))
    if values.error is not None or not values.code:
        services.connections.delete(connection.id)
        raise _refused(values.error)
    consent = _redeemed(values.code, connection, services)
    if not set(connection.scopes) <= set(consent.scopes) or consent.refresh_token is None:
        _give_up(consent, connection, services)
        raise _unticked(connection.scopes, consent.scopes)
    secret = secrets.token_urlsafe(32)
    try:
        grant = _pending(consent, connection, services)
        services.connections.save(replace(connection, grant=grant, ticket=_hash(secret)))
    except AppError:
        # Nobody could claim it any more, and nothing would remember to revoke it.
        with suppress(AppError):
            _revoke(consent, services)
        raise
    services.gmail.hold(connection.id, consent)
    return Authorized(f"{connection.id}.{secret}", connection.origin, connection.return_url)


def _redeemed(code: str, connection: Connection, services: Services) -> Consent:
    try:
        return services.consent.exchange(code, code_verifier=connection.code_verifier, nonce=connection.nonce)
    except UnprovenConsent as unproven:
        # Google holds the consent all the same, and nobody will ever claim it.
        _give_up(unproven.consent, connection, services)
        raise unproven.why from None


@dataclass(frozen=True)
class CompleteConnection:
    """The CRM user and the ticket that the popup handed to the page."""

    caller: Caller
    ticket: str


def complete_connection(values: CompleteConnection, services: Services) -> Mailbox:
    """Keeps the grant: only now is there a mailbox. Three reads, one commit and one write; no call to Google
    but for the watch of a reconnected MailMagnet.

    Settings and the cursor of an earlier connection stay. Raises NotFound unless the ticket is alive and the
    caller is the CRM user who began.
    """
    caller = values.caller
    connection_id, _, secret = values.ticket.partition(".")
    connection = services.connections.get(connection_id) if _is_hash(connection_id) else None
    if (
        connection is None
        or connection.grant is None
        or connection.expires_at <= services.clock.now()
        or (connection.org, connection.user) != (caller.org, caller.user)
        or not hmac.compare_digest(connection.ticket or "", _hash(secret))
    ):
        raise NotFound("This ticket is not good any more; press Authenticate again.", code="ticket_not_found")
    mailbox = keep_grant(connection, connection.grant, caller, services)
    # Last: a call that dies before this can be made again, and keeps the same.
    services.connections.delete(connection.id)
    services.log.event("mailbox.connected", mailbox=mailbox.id)
    return mailbox


def _unticked(asked: Sequence[str], granted: Sequence[str]) -> ScopeMissing:
    features = tuple(each for each in FEATURES if allows(each, asked) and not allows(each, granted))
    return ScopeMissing(
        f"You did not allow {name_features(features, 'en')}, so nothing was connected. Press Authenticate again and "
        "leave the boxes for Gmail ticked.",
        features=features,
    )


def _refused(error: str | None) -> NotAllowed:
    """https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors"""
    if error in ("admin_policy_enforced", "org_internal"):
        return NotAllowed(
            "Your Google Workspace administrator has not allowed this app, so nothing was connected.",
            code="blocked_by_admin",
        )
    return NotAllowed("You did not allow it, so nothing was connected.", code="consent_refused")


def _pending(consent: Consent, connection: Connection, services: Services) -> PendingGrant:
    bound_to = (connection.org, connection.user, mailbox_id(connection.org, connection.user))
    return PendingGrant(
        email=consent.email.lower(),
        google_sub=consent.google_sub,
        scopes=consent.scopes,
        sealed_token=services.cipher.seal(consent.refresh_token or consent.access_token, bound_to),
    )


def _give_up(consent: Consent, connection: Connection, services: Services) -> None:
    """Revokes a consent that is of no use, and forgets the attempt.

    Where Google does not take it back now, it stays pending without a ticket: nobody can claim it, and the sweep
    revokes it within ten minutes.
    """
    try:
        _revoke(consent, services)
        services.connections.delete(connection.id)
    except AppError as error:
        services.log.event("connection.not_forgotten", "WARNING", code=error.code)
        with suppress(AppError):
            services.connections.save(replace(connection, grant=_pending(consent, connection, services)))


def _revoke(consent: Consent, services: Services) -> None:
    """Google ends every token of that account and client, so not where a mailbox lives on the same consent."""
    token = consent.refresh_token or consent.access_token
    end_consent(consent.email.lower(), consent.google_sub, token, services)


def _alive(state: str, services: Services) -> Connection:
    connection = services.connections.get(_hash(state)) if state else None
    if connection is None or connection.expires_at <= services.clock.now():
        raise NotFound(
            "This attempt to connect is too old; press Authenticate again.", code="connection_not_found"
        )
    return connection


def _challenge(verifier: str) -> str:
    """S256 of RFC 7636 section 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _hash(secret: str) -> str:
    # 256 random bits need no salt and no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
