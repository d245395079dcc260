"""From a mailbox to a Gmail client: sealed grant, refresh at Google, access token in memory only."""

import threading
from collections.abc import Mapping

from shared.adapters.gmail import GmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from shared.domain.mailbox import MAIL_SCOPE, Mailbox
from shared.errors import GrantLost, ScopeMissing
from shared.ports import AccessToken, Clock, Gmail, GoogleConsent, GrantStore, TokenCipher


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
    ) -> None:
        self._pool = pool
        self._root_url = root_url
        self._grants = grants
        self._cipher = cipher
        self._consent = consent
        self._clock = clock
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
        if MAIL_SCOPE not in fresh.scopes:
            raise ScopeMissing("The user did not allow reading and labelling mail.", mailbox=mailbox.id)
        now = self._clock.now()
        with self._lock:
            # Replaced whole, and cleared of expired ones: readers need no lock, and memory stays bounded.
            alive = {key: token for key, token in self._tokens.items() if token.expires_at > now}
            self._tokens = {**alive, mailbox.id: fresh}
        return fresh.token
