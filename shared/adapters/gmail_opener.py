"""From a mailbox to a Gmail client: sealed grant, refresh at Google, access token in memory only."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

from shared.adapters.gmail_sending import SendingGmailClient
from shared.adapters.google_consent import EXPIRY_MARGIN
from shared.adapters.http_pool import Bearer, HttpPool
from shared.adapters.in_flight import Gates
from shared.adapters.quota_governor import Governor, Meter
from shared.domain.mailbox import Mailbox
from shared.domain.quota import Urgency
from shared.domain.scopes import FEATURES, allows
from shared.errors import GrantLost, ScopeMissing
from shared.ports.clock import Clock
from shared.ports.google_consent import AccessToken, Consent, GoogleConsent
from shared.ports.mailboxes import GrantStore
from shared.ports.tokens import TokenCipher


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
        refreshed: Callable[[Mailbox, tuple[str, ...]], None],
        testing_life: timedelta | None = None,
        governor: Governor | None = None,
    ) -> None:
        """`refreshed` hears of each new access token and its scopes. `testing_life`: Google ends consents after it.

        `governor` gives out the project's units; without one nothing limits them.
        """
        self._pool = pool
        self._root_url = root_url
        self._grants = grants
        self._cipher = cipher
        self._consent = consent
        self._clock = clock
        self._refreshed = refreshed
        self._testing_life = testing_life
        self._governor = governor
        self._gates = Gates()
        self._lock = threading.Lock()
        # With each token the Google account that it opens: a mailbox may be connected to another one meanwhile.
        self._tokens: Mapping[str, tuple[str, AccessToken]] = {}

    def open(
        self, mailbox: Mailbox, urgency: Urgency = "interactive", most: int | None = None
    ) -> SendingGmailClient:
        bearer = Bearer(lambda rejected: self._token(mailbox, rejected))
        meter = Meter(self._governor, mailbox.org, urgency, most) if self._governor else None
        # Two CRM users may have connected one account: they share its places.
        return SendingGmailClient(
            self._pool, self._root_url, bearer, self._gates.of(mailbox.google_sub), meter
        )

    def _token(self, mailbox: Mailbox, rejected: str | None) -> str:
        account, known = self._tokens.get(mailbox.id, ("", None))
        if (
            known is not None
            and account == mailbox.google_sub
            and self._is_good(known, rejected)
            and _covers(known, mailbox)
        ):
            return known.token
        sealed = self._grants.get(mailbox.id)
        if sealed is None:
            raise GrantLost("There is no consent of Google's for this mailbox.", mailbox=mailbox.id)
        refresh_token = self._cipher.open(sealed, (mailbox.org, mailbox.user, mailbox.id))
        try:
            fresh = self._consent.refresh(refresh_token)
        except GrantLost as lost:
            raise self._by_cause(mailbox, lost) from None
        self._refreshed(mailbox, fresh.scopes)
        if not allows("notices", fresh.scopes):
            raise ScopeMissing("The user does not allow any access to mail.", mailbox=mailbox.id)
        self._remember(mailbox.id, mailbox.google_sub, fresh)
        return fresh.token

    def _by_cause(self, mailbox: Mailbox, lost: GrantLost) -> GrantLost:
        """Google gives one reason for all ends of a consent; while the app is in testing, its age tells another."""
        granted = mailbox.granted_at or mailbox.connected_at
        life = self._testing_life
        if lost.code != "grant_lost" or life is None or self._clock.now() < granted + life:
            return lost
        return GrantLost(
            "Google ends consents after seven days while the app is in testing; connect again.",
            mailbox=mailbox.id,
            code="testing_expired",
        )

    def hold(self, attempt: str, consent: Consent) -> None:
        life = timedelta(seconds=consent.expires_in_s)
        expires_at = self._clock.now() + life - EXPIRY_MARGIN
        token = AccessToken(consent.access_token, expires_at, consent.scopes)
        self._remember(_held(attempt), consent.google_sub, token)

    def hand_over(self, attempt: str, mailbox: str) -> None:
        held = self._tokens.get(_held(attempt))
        if held is not None:
            self._remember(mailbox, *held)

    def _is_good(self, token: AccessToken, rejected: str | None) -> bool:
        return token.token != rejected and token.expires_at > self._clock.now()

    def _remember(self, key: str, account: str, token: AccessToken) -> None:
        now = self._clock.now()
        with self._lock:
            # Replaced whole, and cleared of expired ones: readers need no lock, and memory stays bounded.
            alive = {k: (a, t) for k, (a, t) in self._tokens.items() if t.expires_at > now}
            self._tokens = {**alive, key: (account, token)}


def _covers(token: AccessToken, mailbox: Mailbox) -> bool:
    """Whether the token does all that the user allows: one from before a wider consent keeps its narrower scopes."""
    allowed = (feature for feature in FEATURES if allows(feature, mailbox.scopes))
    return all(allows(feature, token.scopes) for feature in allowed)


def _held(attempt: str) -> str:
    # No mailbox has such an id: an unclaimed consent opens nothing.
    return f"unclaimed:{attempt}"
