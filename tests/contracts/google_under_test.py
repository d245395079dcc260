"""Google's OAuth server for contracts: the fakes, and our adapters on the emulator over the wire."""

import base64
import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from local.clock import LocalClock
from local.gmail.oauth_model import Account, OAuthClient
from local.gmail.seed import Seed
from shared.adapters.clock import ShiftedClock
from shared.adapters.gmail_opener import GrantedGmail
from shared.adapters.google_consent import GoogleEndpoints, GoogleOAuth
from shared.adapters.http_pool import HttpPool
from shared.adapters.jwks import Jwks
from shared.domain.scopes import IDENTITY, MODIFY
from shared.ports.gmail import GmailOpener
from shared.ports.google_consent import Consent, GoogleConsent
from shared.ports.tokens import TokenCipher
from tests.contracts.gmail_under_test import impatient
from tests.fakes.clock import FakeClock
from tests.fakes.google import FakeGmailOpener, FakeGoogle
from tests.fakes.stores import FakeGrants
from tests.local.gmail.consent_form import HTTP, click_through
from tests.local.gmail.running import Running, running

CALLBACK = "https://mail.crm.example/oauth/callback"
SCOPES = (*IDENTITY, MODIFY)
VERIFIER = "v" * 64
EMAILS = tuple(f"user{number}@own.example" for number in range(120))


@dataclass(frozen=True)
class GoogleUnderTest:
    """Google seen from both sides: the port, and what people and time do. `email` is an account of one's own."""

    consent: GoogleConsent
    allow: Callable[[str, str, Collection[str]], str]
    end_consent: Callable[[str], None]
    advance: Callable[[float], None]
    now: Callable[[], datetime]
    opener: Callable[[FakeGrants, TokenCipher], GmailOpener]
    email: str
    other_email: str
    without_keys: Callable[[], GoogleConsent]
    """The same port where Google's signing keys cannot be read."""

    def url(self, **asked: Any) -> str:
        """A consent page's address."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
        values = {"state": "s", "nonce": "n", "code_challenge": challenge, "scopes": SCOPES, **asked}
        return self.consent.authorization_url(**values)

    def consented(self, email: str | None = None) -> Consent:
        """A person has allowed everything, and the code is redeemed."""
        code = self.allow(self.url(), email or self.email, ())
        return self.consent.exchange(code, code_verifier=VERIFIER, nonce="n")


@dataclass(frozen=True)
class Emulated:
    """The running emulator, its clock, and the file that our own clock reads."""

    server: Running
    clock: LocalClock
    file: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def fault(self, kind: str, **more: Any) -> None:
        """Makes it misbehave until `DELETE /_emulator/faults`."""
        self.server.control("POST", "faults", {"kind": kind, **more})


@contextmanager
def running_google(folder: Path) -> Iterator[Emulated]:
    """An emulator with an account for each of EMAILS, and with its own OAuth server's tokens."""
    accounts = tuple(Account(email, email) for email in EMAILS)
    clients = (OAuthClient("crm.apps.example", "GOCSPX-one", "The CRM", frozenset({CALLBACK})),)
    clock = LocalClock(folder / "clock")
    with running(Seed(Path(), accounts, clients=clients), tokens=None, clock=clock) as server:
        yield Emulated(server, clock, folder / "clock")


def fake_google() -> GoogleUnderTest:
    """The fakes."""
    clock = FakeClock()
    google = FakeGoogle(clock)
    return GoogleUnderTest(
        consent=google,
        allow=google.allow,
        end_consent=google.end_consent,
        advance=lambda seconds: clock.advance(seconds=seconds),
        now=clock.now,
        opener=lambda grants, cipher: FakeGmailOpener(grants, cipher, google),
        email=EMAILS[0],
        other_email=EMAILS[1],
        without_keys=lambda: replace(google, keys_down=True),
    )


def emulated_google(emulated: Emulated, emails: Iterator[str]) -> GoogleUnderTest:
    """The adapters, over accounts that nobody else uses."""
    pool, ours = HttpPool(), ShiftedClock(emulated.file)
    consent = consent_of(emulated, "GOCSPX-one")

    def end_consent(email: str) -> None:
        HTTP.request("POST", f"{emulated.url}/_emulator/tokens/revoke", json={"user": email})

    def opener(grants: FakeGrants, cipher: TokenCipher) -> GmailOpener:
        root = f"{emulated.url}/"
        return GrantedGmail(pool, root, grants, cipher, consent, ours, lambda _mailbox, _scopes: None)

    return GoogleUnderTest(
        consent=consent,
        allow=lambda page, email, unticked: click_through(page, email, unticked)["code"],
        end_consent=end_consent,
        advance=emulated.clock.advance,
        now=ours.now,
        opener=opener,
        email=next(emails),
        other_email=next(emails),
        without_keys=lambda: consent_of(emulated, "GOCSPX-one", keys="/nowhere"),
    )


def consent_of(emulated: Emulated, secret: str, keys: str = "/oauth2/v3/certs") -> GoogleOAuth:
    """The adapter with this client secret, and with the signing keys at this path."""
    url, pool = emulated.url, HttpPool()
    endpoints = GoogleEndpoints(
        authorization_url=f"{url}/o/oauth2/v2/auth",
        token_url=f"{url}/token",
        revoke_url=f"{url}/revoke",
        issuer=url,
        client_id="crm.apps.example",
        redirect_uri=CALLBACK,
    )
    jwks = Jwks(pool, f"{url}{keys}")
    return GoogleOAuth(pool, endpoints, lambda: secret, jwks, ShiftedClock(emulated.file))


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    """One emulator for all tests of a run."""
    with running_google(tmp_path_factory.mktemp("google")) as emulated:
        yield emulated


@pytest.fixture(scope="session")
def unused() -> Iterator[str]:
    """Accounts that no test has met."""
    return iter(EMAILS)


@pytest.fixture
def real_google(emulated: Emulated, unused: Iterator[str]) -> Iterator[GoogleUnderTest]:
    """The adapters, trying again without pauses; no fault outlives the test."""
    with impatient():
        yield emulated_google(emulated, unused)
    emulated.server.control("DELETE", "faults")
