"""What GmailOpener promises, for the fake and for the adapter on the Gmail emulator and its OAuth server."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.domain.mailbox import Mailbox
from shared.domain.scopes import IDENTITY, READONLY
from shared.errors import GrantLost, ScopeMissing
from tests.contracts.google_under_test import VERIFIER, Emulated, GoogleUnderTest, fake_google
from tests.fakes.cipher import FakeCipher
from tests.fakes.stores import FakeGrants

pytest_plugins = ["tests.contracts.google_under_test"]


class OpenedHouse:
    """Grants of one CRM user, and the opener over them."""

    def __init__(self, google: GoogleUnderTest) -> None:
        self.google = google
        self.grants = FakeGrants()
        self._cipher = FakeCipher()
        self.opener = google.opener(self.grants, self._cipher)

    def connected(self, email: str) -> Mailbox:
        """The user's mailbox on this account."""
        consent = self.google.consented(email)
        at = datetime(2026, 11, 24, tzinfo=UTC)
        mailbox = Mailbox(
            "m1", "acme", "alice", "Alice", email, consent.google_sub, at, scopes=consent.scopes
        )
        sealed = self._cipher.seal(consent.refresh_token or "", ("acme", "alice", "m1"))
        self.grants.put("m1", sealed)
        return mailbox


class GmailOpenerContract:
    """The rules for opening a mailbox by its stored grant. Subclasses give the fixture `google`."""

    @pytest.fixture
    def house(self, google: GoogleUnderTest) -> OpenedHouse:
        return OpenedHouse(google)

    def test_a_mailbox_is_opened_by_its_grant(self, house: OpenedHouse) -> None:
        mailbox = house.connected(house.google.email)
        assert house.opener.open(mailbox).address_and_cursor()[0] == house.google.email

    def test_without_a_grant_nothing_is_opened(self, house: OpenedHouse) -> None:
        mailbox = house.connected(house.google.email)
        house.grants.delete(mailbox.id)
        with pytest.raises(GrantLost):
            house.opener.open(mailbox)

    def test_a_grant_that_google_ended_opens_nothing(self, house: OpenedHouse) -> None:
        mailbox = house.connected(house.google.email)
        house.google.end_consent(house.google.email)
        with pytest.raises(GrantLost):
            house.opener.open(mailbox)

    def test_another_mailboxs_grant_opens_nothing(self, house: OpenedHouse) -> None:
        mine = house.connected(house.google.email)
        theirs = replace(mine, id="m2", user="bob")
        house.grants.put(theirs.id, house.grants.rows[mine.id])
        with pytest.raises(GrantLost) as raised:
            house.opener.open(theirs)
        assert raised.value.code == "token_unreadable"

    def test_a_mailbox_that_another_account_took_shows_that_accounts_mail(self, house: OpenedHouse) -> None:
        # The first consent lives on, since somebody else has connected the same account.
        before = house.connected(house.google.email)
        assert house.opener.open(before).address_and_cursor()[0] == house.google.email
        after = house.connected(house.google.other_email)
        assert after.id == before.id
        assert house.opener.open(after).address_and_cursor()[0] == house.google.other_email

    def test_an_expired_access_token_is_replaced(self, house: OpenedHouse) -> None:
        mailbox = house.connected(house.google.email)
        house.opener.open(mailbox)
        house.google.advance(3600)
        assert house.opener.open(mailbox).address_and_cursor()[0] == house.google.email

    def test_an_unclaimed_consent_opens_no_mailbox(self, house: OpenedHouse) -> None:
        mailbox = house.connected(house.google.email)
        house.opener.hold("attempt", house.google.consented(house.google.other_email))
        assert house.opener.open(mailbox).address_and_cursor()[0] == house.google.email


class TestFakeGmailOpener(GmailOpenerContract):
    """The fake keeps to it."""

    @pytest.fixture
    def google(self) -> GoogleUnderTest:
        return fake_google()


class TestGrantedGmail(GmailOpenerContract):
    """So does the adapter."""

    @pytest.fixture
    def google(self, real_google: GoogleUnderTest) -> GoogleUnderTest:
        return real_google

    def test_a_grant_without_any_mail_scope_opens_nothing(self, google: GoogleUnderTest) -> None:
        house = OpenedHouse(google)
        mailbox = house.connected(google.email)
        code = google.allow(google.url(scopes=IDENTITY), google.other_email, ())
        bare = google.consent.exchange(code, code_verifier=VERIFIER, nonce="n")
        sealed = FakeCipher().seal(bare.refresh_token or "", ("acme", "alice", "m1"))
        house.grants.put("m1", sealed)
        with pytest.raises(ScopeMissing):
            house.opener.open(mailbox)

    def test_a_token_in_memory_is_used_again(self, google: GoogleUnderTest, emulated: Emulated) -> None:
        house = OpenedHouse(google)
        mailbox = house.connected(google.email)
        house.opener.open(mailbox)
        calls = emulated.server.control("GET", "quota")["token_calls"]
        for _ in range(3):
            house.opener.open(mailbox)
        assert emulated.server.control("GET", "quota")["token_calls"] == calls

    def test_a_token_from_before_a_wider_consent_is_replaced(
        self, google: GoogleUnderTest, emulated: Emulated
    ) -> None:
        house = OpenedHouse(google)
        code = google.allow(google.url(scopes=(*IDENTITY, READONLY)), google.email, ())
        narrow = google.consent.exchange(code, code_verifier=VERIFIER, nonce="n")
        house.opener.hold("first", narrow)
        house.opener.hand_over("first", "m1")
        wide = house.connected(google.email)
        house.opener.open(replace(wide, scopes=narrow.scopes))
        calls = emulated.server.control("GET", "quota")["token_calls"]
        house.opener.open(wide)
        house.opener.open(wide)
        assert emulated.server.control("GET", "quota")["token_calls"] == calls + 1
