"""From a mailbox to a Gmail client: sealed grant, refresh at Google, access token in memory only."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

from shared.adapters.gmail import GmailClient
from shared.adapters.google_consent import EXPIRY_MARGIN
from shared.adapters.http_pool import Bearer, HttpPool
from shared.domain.mailbox import Mailbox
from shared.domain.scopes import allows
from shared.errors import GrantLost, ScopeMissing
from shared.ports import AccessToken, Clock, Consent, Gmail, GoogleConsent, GrantStore, TokenCipher


class GrantedGmail:
    """Opens mailboxes by their stored grants. Two instances may refresh at once: both tokens live."""

    def __init__(
        self,
        pool: HttpPool,
        root_url: str,
        grants: GrantStore,
        cipher: TokenCipher,
        consent: GoogleConsent,
        clock: Clock,
        scopes_changed: Callable[[Mailbox, tuple[str, ...]], None],
    ) -> None:
        self._pool = pool
        self._root_url = root_url
        self._grants = grants
        self._cipher = cipher
        self._consent = consent
        self._clock = clock
        self._scopes_changed = scopes_changed
        self._lock = threading.Lock()
        self._tokens: Mapping[str, AccessToken] = {}

    def open(self, mailbox: Mailbox) -> Gmail:
        return GmailClient(
            self._pool, self._root_url, Bearer(lambda rejected: self._token(mailbox, rejected))
        )

    def _token(self, mailbox: Mailbox, rejected: str | None) -> str:
        known = self._tokens.get(mailbox.id)
        if known is not None and known.token != rejected and known.expires_at > self._clock.now():
            return known.token
        sealed = self._grants.get(mailbox.id)
        if sealed is None:
            raise GrantLost("There is no consent of Google's for this mailbox.", mailbox=mailbox.id)
        fresh = self._consent.refresh(self._cipher.open(sealed, (mailbox.org, mailbox.user, mailbox.id)))
        if set(fresh.scopes) != set(mailbox.scopes):
            self._scopes_changed(mailbox, fresh.scopes)
        if not allows("notices", fresh.scopes):
            raise ScopeMissing("The user does not allow any access to mail.", mailbox=mailbox.id)
        self._remember(mailbox.id, fresh)
        return fresh.token

    def hold(self, attempt: str, consent: Consent) -> None:
        life = timedelta(seconds=consent.expires_in_s)
        expires_at = self._clock.now() + life - EXPIRY_MARGIN
        self._remember(_held(attempt), AccessToken(consent.access_token, expires_at, consent.scopes))

    def hand_over(self, attempt: str, mailbox: str) -> None:
        token = self._tokens.get(_held(attempt))
        if token is not None:
            self._remember(mailbox, token)

    def _remember(self, key: str, token: AccessToken) -> None:
        now = self._clock.now()
        with self._lock:
            # Replaced whole, and cleared of expired ones: readers need no lock, and memory stays bounded.
            alive = {k: t for k, t in self._tokens.items() if t.expires_at > now}
            self._tokens = {**alive, key: token}


def _held(attempt: str) -> str:
    # No mailbox has such an id: an unclaimed consent opens nothing.
    return f"unclaimed:{attempt}"
