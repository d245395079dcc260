"""`./dev live-check` asks before it writes, signs in with PKCE, and hears notifications through Google's client."""

import argparse
import dataclasses
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from google.auth.exceptions import RefreshError

from local.cli.fault import Fault
from local.live_check import __main__ as live_check
from local.live_check import sign_in
from local.live_check.mailbox import Mailbox, Patience, Unclear
from local.live_check.notifications import subscription
from local.live_check.options import add_options
from local.live_check.practice import Place, practice
from local.live_check.run import run
from local.live_check.table import CHECKS
from tests.contracts import pubsub_servers
from tests.contracts.gmail_emulators import Emulator, our_emulator
from tests.local.free_port import free_port
from tests.local.gmail.consent_form import read_forms, send

OWNER = "owner@mail.example"
OTHER = "other@mail.example"


@pytest.fixture
def place() -> Iterator[Place]:
    with practice() as place:
        yield place


@pytest.fixture(scope="module")
def port() -> int:
    """Our emulator compares redirect URIs byte for byte; Google takes any port of a desktop app."""
    return free_port()


@pytest.fixture(scope="module")
def google(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    redirect = f"http://127.0.0.1:{port}"
    app = {
        "client_id": "desktop.example",
        "client_secret": "GOCSPX-x",
        "name": "Check",
        "redirect_uris": [redirect],
    }
    seed = {"users": [{"email": OWNER}, {"email": OTHER}], "oauth_clients": [app]}
    with our_emulator(seed, tmp_path_factory.mktemp("google")) as emulator:
        yield emulator


def client_of(google: Emulator) -> sign_in.Client:
    return sign_in.Client(
        "desktop.example",
        "GOCSPX-x",
        google.endpoint("authorization_endpoint"),
        google.endpoint("token_endpoint"),
        google.endpoint("revocation_endpoint"),
    )


class Browser:
    """A person at Google's page; `before` is a call that a stranger makes to the same port first."""

    def __init__(
        self, button: str, before: str = "", who: str = OWNER, unticked: tuple[str, ...] = ()
    ) -> None:
        self.button, self.before, self.who, self.address = button, before, who, ""
        self.unticked = unticked

    def __call__(self, address: str) -> None:
        self.address = address
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.address).query).items()}
        if self.before:
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"{asked['redirect_uri']}/?{self.before}", timeout=60)  # noqa: S310
        forms = read_forms(f"{self.address}&login_hint={self.who}")
        form = next(form for form in forms if form.values("email") == [self.who])
        for scope in self.unticked:
            form.untick("scope", scope)
        told = send(form, *(button for button in form.buttons if button == ("decision", self.button)))
        urllib.request.urlopen(f"{asked['redirect_uri']}/?{urlencode(told)}", timeout=60).close()  # noqa: S310


def is_dead(google: Emulator, token: str) -> bool:
    try:
        google.gmail(token).users().getProfile(userId="me").execute()
    except RefreshError:
        # Google's client was answered 401 and would get another token, if it could.
        return True
    return False


def test_signing_in_gives_a_token_that_opens_the_mailbox_until_it_is_revoked(
    google: Emulator, port: int
) -> None:
    browser = Browser("allow", before="code=stolen&state=guessed")
    consent = sign_in.sign_in(client_of(google), sign_in.MAIL, browser, port)
    token = consent.token
    profile = google.gmail(token).users().getProfile(userId="me").execute()
    assert profile["emailAddress"] == OWNER
    asked = parse_qs(urlsplit(browser.address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 40
    assert sign_in.revoke(client_of(google), consent)
    assert is_dead(google, token)
    nowhere = dataclasses.replace(client_of(google), revoke_uri="http://127.0.0.1:1/")
    assert not sign_in.revoke(nowhere, consent)


@pytest.mark.parametrize("second", [OWNER, OTHER])
def test_every_consent_ends_with_the_run_whichever_account_gave_it(
    second: str, google: Emulator, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    people = iter([OWNER, second])
    tokens: list[str] = []

    def ask(scopes: str) -> sign_in.Consent:
        return sign_in.sign_in(client_of(google), scopes, Browser("allow", who=next(people)), port)

    with live_check._consents(client_of(google), ask) as consent:
        tokens += [consent(sign_in.MAIL).token, consent(sign_in.NARROW).token]
        assert not any(is_dead(google, token) for token in tokens)
    assert [is_dead(google, token) for token in tokens] == [True, True]
    assert "could not be ended" not in capsys.readouterr().out


def expire(google: Emulator, who: str) -> None:
    url, body = f"{google.url}/_emulator/tokens/expire", json.dumps({"user": who}).encode()
    urllib.request.urlopen(urllib.request.Request(url, body), timeout=60).close()  # noqa: S310


def allowed(google: Emulator, port: int, scopes: str = sign_in.MAIL, *unticked: str) -> sign_in.Consent:
    return sign_in.sign_in(client_of(google), scopes, Browser("allow", unticked=unticked), port)


def test_a_run_that_outlives_its_access_token_leaves_no_refresh_token_alive(
    google: Emulator, port: int
) -> None:
    with live_check._consents(client_of(google), lambda scopes: allowed(google, port, scopes)) as consent:
        given = consent(sign_in.MAIL)
        expire(google, OWNER)
    with pytest.raises(Fault, match="no token"):
        sign_in.renewed(client_of(google), given)


def test_control_the_access_token_that_has_expired_ends_nothing(google: Emulator, port: int) -> None:
    given = allowed(google, port)
    expire(google, OWNER)
    assert sign_in.revoke(client_of(google), dataclasses.replace(given, refresh=""))
    assert sign_in.renewed(client_of(google), given).token


def test_a_second_consent_without_a_box_ends_the_run_before_it_says_anything_of_gmail(
    google: Emulator, port: int
) -> None:
    with pytest.raises(Fault, match="tick every box"):
        asked_of(
            google, port, "metadata-beside", Browser("allow", unticked=(sign_in.METADATA,)), Browser("allow")
        )
    # The control: with every box ticked the same question is asked.
    assert asked_of(google, port, "metadata-beside", Browser("allow")) == "as built"


def test_a_renewed_token_that_opens_no_mailbox_of_the_account_leaves_one_question_unclear(
    google: Emulator, port: int
) -> None:
    given: list[str] = []

    def consent(scopes: str) -> sign_in.Consent:
        given.append((now := allowed(google, port, scopes)).token)
        return now

    def open_named(token: str) -> None:
        if token not in given:
            raise Fault("it opens nothing")

    second = live_check._second(client_of(google), consent, open_named)
    with pytest.raises(Unclear, match="no token that opens it"):
        second.again()
    assert len(given) == 2


def test_a_later_consent_must_be_of_the_first_ones_account(google: Emulator, port: int) -> None:
    def users(who: str) -> Any:
        consent = sign_in.sign_in(client_of(google), sign_in.MAIL, Browser("allow", who=who), port)
        return google.gmail(consent.token).users()

    box = Mailbox(users(OWNER), live_check.new_token(), Patience(repeats=0))
    same = users(OWNER)
    assert box.beside(same) is same
    with pytest.raises(Fault, match="another account"):
        box.beside(users(OTHER))


@pytest.mark.parametrize(("second", "verdict"), [(OWNER, "as built"), (OTHER, "differs")])
def test_a_consents_end_is_that_of_the_same_accounts_other_token_and_of_no_other_accounts(
    second: str, verdict: str, google: Emulator, port: int
) -> None:
    asked = asked_of(google, port, "revoke-ends-all", Browser("allow", who=second))
    assert asked == verdict


@pytest.mark.parametrize(("unticked", "verdict"), [((sign_in.METADATA,), "as built"), ((), "unclear")])
def test_a_third_consent_without_a_box_shows_what_a_refresh_of_the_second_one_tells(
    unticked: tuple[str, ...], verdict: str, google: Emulator, port: int
) -> None:
    people = (Browser("allow"), Browser("allow", unticked=unticked))
    assert asked_of(google, port, "scope-unticked", *people) == verdict


def asked_of(google: Emulator, port: int, name: str, *people: Browser) -> str:
    """The verdict of a check where the owner consents first, and then these in turn."""
    client, coming = client_of(google), iter([Browser("allow"), *people])

    def consent(scopes: str) -> sign_in.Consent:
        return sign_in.sign_in(client, scopes, next(coming), port)

    users = google.gmail(consent(sign_in.MAIL).token).users()
    second = live_check._second(client, consent, lambda token: google.gmail(token).users())
    box = Mailbox(users, live_check.new_token(), Patience(seconds=0, repeats=0), second=second)
    (row,) = run(box, [check for check in CHECKS if check.id == name], lambda row: None).rows
    return row.verdict


def test_a_person_who_says_no_ends_the_run(google: Emulator, port: int) -> None:
    with pytest.raises(Fault, match="answered with no"):
        sign_in.sign_in(client_of(google), sign_in.MAIL, Browser("deny"), port)


def test_a_code_without_its_verifier_is_worth_nothing(
    google: Emulator, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of PKCE: whoever intercepts the code has another verifier.
    exchange = sign_in._exchange
    monkeypatch.setattr(
        sign_in, "_exchange", lambda client, values: exchange(client, {**values, "code_verifier": "y" * 43})
    )
    with pytest.raises(Fault, match="no token"):
        sign_in.sign_in(client_of(google), sign_in.MAIL, Browser("allow"), port)


def test_a_client_of_another_kind_is_refused_with_the_page_that_helps(tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    file.write_text('{"web": {"client_id": "x"}}', encoding="utf-8")
    with pytest.raises(Fault, match=r"console\.cloud\.google\.com/auth/clients"):
        sign_in.read_client(file)


def test_another_account_than_the_named_one_is_not_written_to(place: Place) -> None:
    mailbox = Mailbox(live_check.users("practice", place.root), live_check.new_token(), Patience(repeats=0))
    with pytest.raises(Fault, match="nothing was written"):
        live_check._open(mailbox, argparse.Namespace(account="somebody@else.example"))
    assert live_check._open(mailbox, argparse.Namespace(account=mailbox.address.upper())) is mailbox


def test_a_gmail_that_does_not_say_whose_mailbox_it_is_ends_the_run(place: Place) -> None:
    place.emulator.faults.add({"kind": "status", "match": "getProfile", "status": 403})
    with pytest.raises(Fault, match=r"refused to say whose mailbox this is \(403\)"):
        Mailbox(live_check.users("practice", place.root), live_check.new_token(), Patience(repeats=0))


@pytest.mark.parametrize("typed", ["", "yes", "other@mail.example"])
def test_nothing_is_written_before_the_address_is_typed(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    options = parser.parse_args(["--account", OWNER, "--client", "x.json", "--topic", "projects/p/topics/t"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: typed)
    with pytest.raises(Fault, match="Nothing was written"):
        live_check._confirm(options)
    assert "replaces the account's watch" in capsys.readouterr().out


def test_where_nobody_can_be_asked_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert live_check.main(["--account", OWNER, "--client", "x.json"]) == 1
    assert "Nobody can be asked here" in capsys.readouterr().err


def test_practice_needs_no_account_and_writes_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.md"
    assert live_check.main(["--practice", "--report", str(file)]) == 0
    assert "| sent-boundary | as built |" in file.read_text(encoding="utf-8")
    assert str(file) in capsys.readouterr().out


@pytest.fixture(scope="module")
def pubsub() -> Iterator[pubsub_servers.PubSub]:
    with pubsub_servers.running("embedded") as server:
        yield pubsub_servers.new_project(server)


def test_notifications_are_taken_once_from_a_subscription(pubsub: pubsub_servers.PubSub) -> None:
    pubsub.topic("gmail")
    name = pubsub.subscription("live-check", "gmail")
    take = subscription(name, pubsub.subscriber)
    pubsub.publish("gmail", b'{"emailAddress": "a@b.test", "historyId": 7}')
    assert pubsub_servers.wait_for(take) == [{"emailAddress": "a@b.test", "historyId": 7}]
    assert pubsub.glance("live-check") == []


def test_a_subscription_that_is_not_there_is_told_with_what_to_look_at(
    pubsub: pubsub_servers.PubSub,
) -> None:
    take = subscription(pubsub.subscription_name("missing"), pubsub.subscriber)
    with pytest.raises(Unclear, match=r"NotFound.*--subscription"):
        take()
