"""What GoogleConsent promises, for the fake and for the adapter on the emulator's OAuth server."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.domain.scopes import IDENTITY, MODIFY
from shared.errors import BadInput, GrantLost, Misconfigured, Throttled, UpstreamDown
from shared.ports.google_consent import UnprovenConsent
from tests.contracts.google_under_test import (
    CALLBACK,
    SCOPES,
    VERIFIER,
    Emulated,
    GoogleUnderTest,
    consent_of,
    fake_google,
)

pytest_plugins = ["tests.contracts.google_under_test"]


class GoogleConsentContract:
    """The rules. Subclasses give the fixture `google`."""

    def test_a_consent_tells_who_allowed_what(self, google: GoogleUnderTest) -> None:
        consent = google.consented()
        assert (consent.email, set(consent.scopes)) == (google.email, set(SCOPES))
        assert consent.refresh_token
        assert consent.access_token
        assert 0 < consent.expires_in_s <= 3600

    def test_the_same_account_has_the_same_subject_and_others_have_others(
        self, google: GoogleUnderTest
    ) -> None:
        subjects = [google.consented(email).google_sub for email in (google.email, google.other_email)]
        assert google.consented().google_sub == subjects[0] != subjects[1]

    def test_an_unticked_scope_is_not_granted(self, google: GoogleUnderTest) -> None:
        code = google.allow(google.url(), google.email, (MODIFY,))
        consent = google.consent.exchange(code, code_verifier=VERIFIER, nonce="n")
        assert set(consent.scopes) == set(IDENTITY)

    def test_only_the_scopes_that_were_asked_for_are_granted(self, google: GoogleUnderTest) -> None:
        code = google.allow(google.url(scopes=IDENTITY), google.email, ())
        consent = google.consent.exchange(code, code_verifier=VERIFIER, nonce="n")
        assert set(consent.scopes) == set(IDENTITY)

    def test_a_code_is_good_once(self, google: GoogleUnderTest) -> None:
        code = google.allow(google.url(), google.email, ())
        google.consent.exchange(code, code_verifier=VERIFIER, nonce="n")
        with pytest.raises(BadInput) as raised:
            google.consent.exchange(code, code_verifier=VERIFIER, nonce="n")
        assert raised.value.code == "code_invalid"

    def test_a_code_that_google_did_not_give_is_not_good(self, google: GoogleUnderTest) -> None:
        with pytest.raises(BadInput) as raised:
            google.consent.exchange("4/forged", code_verifier=VERIFIER, nonce="n")
        assert raised.value.code == "code_invalid"

    def test_a_code_needs_the_verifier_of_its_challenge(self, google: GoogleUnderTest) -> None:
        code = google.allow(google.url(), google.email, ())
        with pytest.raises(BadInput):
            google.consent.exchange(code, code_verifier="w" * 64, nonce="n")

    def test_an_identity_for_another_attempt_is_refused(self, google: GoogleUnderTest) -> None:
        code = google.allow(google.url(nonce="another"), google.email, ())
        with pytest.raises(UnprovenConsent) as raised:
            google.consent.exchange(code, code_verifier=VERIFIER, nonce="n")
        assert isinstance(raised.value.why, BadInput)
        assert raised.value.why.code == "id_token_invalid"

    def test_a_consent_that_is_not_proven_can_be_given_back(self, google: GoogleUnderTest) -> None:
        proven = google.consented()
        code = google.allow(google.url(), google.email, ())
        with pytest.raises(UnprovenConsent) as raised:
            google.without_keys().exchange(code, code_verifier=VERIFIER, nonce="n")
        unproven, why = raised.value.consent, raised.value.why
        assert (why.code, why.act) == ("keys_unavailable", "retry")
        assert (unproven.email, unproven.google_sub) == (proven.email, proven.google_sub)
        assert unproven.access_token not in f"{raised.value!r} {raised.value}"
        assert google.consent.revoke(unproven.refresh_token or "")
        with pytest.raises(GrantLost):
            google.consent.refresh(unproven.refresh_token or "")

    def test_a_refresh_gives_a_token_that_lives_less_than_an_hour(self, google: GoogleUnderTest) -> None:
        token = google.consent.refresh(google.consented().refresh_token or "")
        assert timedelta(minutes=50) < token.expires_at - google.now() < timedelta(hours=1)
        assert set(token.scopes) == set(SCOPES)

    def test_two_instances_may_refresh_at_once(self, google: GoogleUnderTest) -> None:
        refresh_token = google.consented().refresh_token or ""
        tokens = {google.consent.refresh(refresh_token).token for _ in range(2)}
        assert len(tokens) == 2

    def test_an_ended_consent_is_lost_for_good(self, google: GoogleUnderTest) -> None:
        refresh_token = google.consented().refresh_token or ""
        google.end_consent(google.email)
        with pytest.raises(GrantLost):
            google.consent.refresh(refresh_token)

    def test_a_revoked_token_is_lost_and_may_be_revoked_again(self, google: GoogleUnderTest) -> None:
        refresh_token = google.consented().refresh_token or ""
        assert [google.consent.revoke(refresh_token), google.consent.revoke(refresh_token)] == [True, True]
        with pytest.raises(GrantLost):
            google.consent.refresh(refresh_token)

    def test_revoking_one_token_ends_all_of_the_account(self, google: GoogleUnderTest) -> None:
        # Google's own rule: whoever lives on the same account's consent must be asked for before.
        first, second = google.consented().refresh_token or "", google.consented().refresh_token or ""
        google.consent.revoke(second)
        with pytest.raises(GrantLost):
            google.consent.refresh(first)

    def test_tokens_are_not_shown_by_accident(self, google: GoogleUnderTest) -> None:
        consent = google.consented()
        assert consent.access_token not in repr(consent)
        token = google.consent.refresh(consent.refresh_token or "")
        assert token.token not in repr(token)


class TestFakeGoogle(GoogleConsentContract):
    """The fake keeps to it."""

    @pytest.fixture
    def google(self) -> GoogleUnderTest:
        return fake_google()


class TestGoogleOAuth(GoogleConsentContract):
    """So does the adapter."""

    @pytest.fixture
    def google(self, real_google: GoogleUnderTest) -> GoogleUnderTest:
        return real_google

    def test_the_consent_page_is_asked_for_offline_access_and_consent(self, google: GoogleUnderTest) -> None:
        query = parse_qs(urlsplit(google.url()).query)
        expected = {
            "access_type": ["offline"],
            "prompt": ["consent"],
            "code_challenge_method": ["S256"],
            "redirect_uri": [CALLBACK],
        }
        assert query | expected == query

    def test_a_client_that_google_does_not_know_is_the_operators_matter(
        self, google: GoogleUnderTest, emulated: Emulated
    ) -> None:
        wrong = consent_of(emulated, "another")
        with pytest.raises(Misconfigured) as raised:
            wrong.refresh(google.consented().refresh_token or "")
        assert raised.value.code == "oauth_client_invalid"

    @pytest.mark.parametrize("kind", ["status", "truncate", "reset"])
    def test_a_passing_fault_of_a_refresh_is_tried_again(
        self, google: GoogleUnderTest, emulated: Emulated, kind: str
    ) -> None:
        refresh_token = google.consented().refresh_token or ""
        emulated.fault(kind, match="/token", status=503, count=2)
        assert google.consent.refresh(refresh_token).token

    @pytest.mark.parametrize("kind", ["status", "truncate", "reset"])
    def test_a_lasting_fault_is_never_taken_for_a_lost_grant(
        self, google: GoogleUnderTest, emulated: Emulated, kind: str
    ) -> None:
        refresh_token = google.consented().refresh_token or ""
        emulated.fault(kind, match="/token", status=503)
        with pytest.raises(UpstreamDown):
            google.consent.refresh(refresh_token)

    def test_a_throttled_token_endpoint_is_a_throttle(
        self, google: GoogleUnderTest, emulated: Emulated
    ) -> None:
        refresh_token = google.consented().refresh_token or ""
        emulated.fault("status", match="/token", status=429)
        with pytest.raises(Throttled):
            google.consent.refresh(refresh_token)

    def test_a_code_is_not_redeemed_twice_after_a_lost_answer(
        self, google: GoogleUnderTest, emulated: Emulated
    ) -> None:
        # A second try would be a replay, for which Google ends every token of the code.
        code = google.allow(google.url(), google.email, ())
        emulated.fault("reset", match="/token", when="after", count=1)
        with pytest.raises(UpstreamDown):
            google.consent.exchange(code, code_verifier=VERIFIER, nonce="n")

    @pytest.mark.parametrize("kind", ["status", "reset"])
    def test_a_passing_fault_of_a_revocation_is_tried_again(
        self, google: GoogleUnderTest, emulated: Emulated, kind: str
    ) -> None:
        refresh_token = google.consented().refresh_token or ""
        emulated.fault(kind, match="/revoke", status=503, count=2)
        assert google.consent.revoke(refresh_token)
        with pytest.raises(GrantLost):
            google.consent.refresh(refresh_token)

    def test_a_revocation_that_google_does_not_take_is_not_called_done(
        self, google: GoogleUnderTest, emulated: Emulated
    ) -> None:
        refresh_token = google.consented().refresh_token or ""
        emulated.fault("status", match="/revoke", status=503)
        with pytest.raises(UpstreamDown):
            google.consent.revoke(refresh_token)
        assert google.consent.refresh(refresh_token).token
