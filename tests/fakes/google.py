"""Google's OAuth server in memory, and the accounts behind it."""

import base64
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit

from shared.domain.mailbox import Mailbox
from shared.domain.quota import Urgency
from shared.errors import BadInput, GrantLost, UpstreamDown
from shared.ports.gmail import Gmail
from shared.ports.google_consent import AccessToken, Consent, UnprovenConsent
from shared.ports.mailboxes import GrantStore
from shared.ports.tokens import TokenCipher
from tests.fakes.clock import FakeClock
from tests.fakes.gmail import FakeAccount

LIFE_S = 3599


@dataclass
class _Grant:
    email: str
    scopes: tuple[str, ...]


@dataclass
class FakeGoogle:
    """GoogleConsent. `refreshes` counts the calls for access tokens; ending a consent ends all its tokens.

    `keys_down`: nobody can read Google's signing keys.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    refreshes: int = 0
    keys_down: bool = False
    _codes: dict[str, tuple[_Grant, dict[str, str]]] = field(default_factory=dict)
    _refresh_tokens: dict[str, _Grant] = field(default_factory=dict)
    _access_tokens: dict[str, _Grant] = field(default_factory=dict)
    _numbers: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def authorization_url(self, *, state: str, nonce: str, code_challenge: str, scopes: Sequence[str]) -> str:
        asked = {"state": state, "nonce": nonce, "code_challenge": code_challenge, "scope": " ".join(scopes)}
        return f"https://google.example/auth?{urlencode(asked)}"

    def allow(self, url: str, email: str, unticked: Collection[str] = ()) -> str:
        """A person consents on the page at `url`: the code for the redirect."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        scopes = tuple(scope for scope in sorted(asked["scope"].split()) if scope not in unticked)
        code = f"code-{self._numbers()}"
        self._codes[code] = (_Grant(email, scopes), asked)
        return code

    def exchange(self, code: str, *, code_verifier: str, nonce: str) -> Consent:
        grant, asked = self._codes.pop(code, (None, {}))
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).decode().rstrip("=")
        )
        if grant is None or challenge != asked["code_challenge"]:
            raise BadInput("This consent was used or is too old; start again.", code="code_invalid")
        refresh_token = f"refresh-{self._numbers()}"
        self._refresh_tokens[refresh_token] = grant
        token = self._access(grant)
        consent = Consent(grant.email, f"sub-{grant.email}", grant.scopes, refresh_token, token, LIFE_S)
        if self.keys_down:
            raise UnprovenConsent(
                consent, UpstreamDown("The issuer's signing keys cannot be read.", code="keys_unavailable")
            )
        if nonce != asked["nonce"]:
            raise UnprovenConsent(
                consent, BadInput("Google's answer does not prove who consented.", code="id_token_invalid")
            )
        return consent

    def refresh(self, refresh_token: str) -> AccessToken:
        grant = self._refresh_tokens.get(refresh_token)
        if grant is None:
            raise GrantLost("Google has ended this consent; connect again.")
        self.refreshes += 1
        expires_at = self.clock.now() + timedelta(seconds=LIFE_S - 60)
        return AccessToken(self._access(grant), expires_at, grant.scopes)

    def revoke(self, token: str) -> bool:
        grant = self._refresh_tokens.get(token) or self._access_tokens.get(token)
        if grant is not None:
            self.end_consent(grant.email)
        return True

    def end_consent(self, email: str) -> None:
        """The user removes the app from the Google account."""
        self._refresh_tokens = {k: g for k, g in self._refresh_tokens.items() if g.email != email}
        self._access_tokens = {k: g for k, g in self._access_tokens.items() if g.email != email}

    def consents(self) -> set[str]:
        """Accounts with a live consent."""
        return {grant.email for grant in self._refresh_tokens.values()}

    def account_of(self, access_token: str) -> str:
        """Whom a live access token speaks for. Raises GrantLost, as Gmail's 401 would end."""
        if access_token not in self._access_tokens:
            raise GrantLost("Google no longer accepts this mailbox's access.")
        return self._access_tokens[access_token].email

    def _access(self, grant: _Grant) -> str:
        token = f"access-{self._numbers()}"
        self._access_tokens[token] = grant
        return token


@dataclass
class FakeGmailOpener:
    """GmailOpener: by the stored grant, as the real one; asks Google each time. `metered`: `most` is held to."""

    grants: GrantStore
    cipher: TokenCipher
    google: FakeGoogle
    accounts: dict[str, FakeAccount] = field(default_factory=dict)
    opened: int = 0
    metered: bool = False

    def open(self, mailbox: Mailbox, urgency: Urgency = "interactive", most: int | None = None) -> Gmail:
        self.opened += 1
        sealed = self.grants.get(mailbox.id)
        if sealed is None:
            raise GrantLost("There is no consent of Google's for this mailbox.", mailbox=mailbox.id)
        token = self.google.refresh(self.cipher.open(sealed, (mailbox.org, mailbox.user, mailbox.id)))
        account = self.account(self.google.account_of(token.token))
        account.affords_until = account.units + most if self.metered and most is not None else None
        return account

    def hold(self, attempt: str, consent: Consent) -> None:
        """Nothing to hold: no token is kept."""

    def hand_over(self, attempt: str, mailbox: str) -> None:
        """Nothing to hand over."""

    def account(self, email: str) -> FakeAccount:
        """The account of this address, made when first asked for."""
        return self.accounts.setdefault(email, FakeAccount(address=email, clock=self.google.clock))
