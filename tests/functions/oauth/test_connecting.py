"""Connecting over fakes: who may complete what, once, in time, and what is kept when it fails."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.oauth.connect import (
    BeginConnection,
    CompleteConnection,
    ReceiveConsent,
    begin_connection,
    complete_connection,
    receive_consent,
    start_popup,
)
from functions.oauth.pages import failed_page
from functions.oauth.refusals import explain_refusal
from shared.domain.caller import Caller
from shared.domain.connection import CONNECT_WITHIN
from shared.domain.mailbox import Health
from shared.domain.policy import Policy
from shared.domain.scopes import FEATURES, MODIFY
from shared.errors import (
    AppError,
    BadInput,
    Conflict,
    Misconfigured,
    NotAllowed,
    NotFound,
    ScopeMissing,
    UpstreamDown,
)
from shared.usecases.forget_unclaimed import forget_unclaimed
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import ORIGIN, World

ALICE, BOB = caller("alice"), caller("bob")
EMAIL = "alice@own.example"


@pytest.fixture
def world() -> World:
    return World()


class Popup:
    """One attempt, step by step: the state, the cookie of the popup's browser, Google's page."""

    def __init__(self, world: World, who: Caller = ALICE) -> None:
        self.world = world
        begun = begin_connection(BeginConnection(who, ORIGIN), world.oauth)
        self.state = begun.authorization_url.partition("state=")[2].partition("&")[0]
        started = start_popup(self.state, world.oauth)
        self.cookie, self.page = started.cookie, started.location

    def come_back(self, *, cookie: str | None = None, unticked: tuple[str, ...] = ()) -> str:
        """The person allows, and Google sends the browser back: the ticket."""
        code = self.world.google.allow(self.page, EMAIL, unticked)
        values = ReceiveConsent(self.state, code, None, cookie or self.cookie)
        return receive_consent(values, self.world.oauth).ticket


def _complete(world: World, who: Caller, ticket: str) -> None:
    complete_connection(CompleteConnection(who, ticket), world.oauth)


def test_the_honest_way_connects_and_leaves_no_attempt(world: World) -> None:
    """The control of all that follows."""
    _complete(world, ALICE, Popup(world).come_back())
    mailbox = next(iter(world.mailboxes.rows.values()))
    assert (mailbox.email, mailbox.user, mailbox.status) == (EMAIL, "alice", "connected")
    assert mailbox.settings.sharing == "private"
    assert world.connections.rows == {}
    assert world.google.consents() == {EMAIL}


def test_nothing_is_kept_before_the_ticket_is_presented(world: World) -> None:
    Popup(world).come_back()
    assert (world.mailboxes.rows, world.grants.rows) == ({}, {})


def test_what_is_stored_of_an_attempt_gives_nobody_its_secrets(world: World) -> None:
    popup = Popup(world)
    ticket = popup.come_back()
    stored = repr(world.connections.rows)
    for secret in (popup.state, popup.cookie, ticket.partition(".")[2]):
        assert secret not in stored


def test_a_state_starts_one_popup(world: World) -> None:
    popup = Popup(world)
    with pytest.raises(NotFound):
        start_popup(popup.state, world.oauth)


def test_a_state_comes_back_once(world: World) -> None:
    popup = Popup(world)
    popup.come_back()
    with pytest.raises(NotFound):
        popup.come_back()


def test_a_state_that_we_did_not_give_is_nobodys(world: World) -> None:
    with pytest.raises(NotFound):
        receive_consent(ReceiveConsent("forged", "code", None, "cookie"), world.oauth)


@pytest.mark.parametrize("cookie", [None, "", "another"])
def test_another_browser_cannot_bring_the_consent_back(world: World, cookie: str | None) -> None:
    popup = Popup(world)
    code = world.google.allow(popup.page, EMAIL)
    with pytest.raises(NotAllowed) as raised:
        receive_consent(ReceiveConsent(popup.state, code, None, cookie), world.oauth)
    assert raised.value.code == "browser_mismatch"
    assert world.google.consents() == set()


def test_a_popup_that_was_never_started_has_no_browser(world: World) -> None:
    begun = begin_connection(BeginConnection(ALICE, ORIGIN), world.oauth)
    state = begun.authorization_url.partition("state=")[2].partition("&")[0]
    with pytest.raises(NotAllowed):
        receive_consent(ReceiveConsent(state, "code", None, ""), world.oauth)


@pytest.mark.parametrize(
    "other", [BOB, replace(ALICE, org="other")], ids=["another user", "another organisation's user"]
)
def test_another_crm_user_cannot_complete_it(world: World, other: Caller) -> None:
    ticket = Popup(world).come_back()
    with pytest.raises(NotFound):
        _complete(world, other, ticket)
    assert world.mailboxes.rows == {}
    # The attempt is not spoilt by it.
    _complete(world, ALICE, ticket)


@pytest.mark.parametrize(
    "spoil", [lambda t: t + "x", lambda t: t[:-1], lambda _: "", lambda t: t.split(".")[0]]
)
def test_a_ticket_must_be_whole(world: World, spoil: object) -> None:
    ticket = Popup(world).come_back()
    assert callable(spoil)
    with pytest.raises(NotFound):
        _complete(world, ALICE, spoil(ticket))


def test_a_ticket_is_good_once(world: World) -> None:
    ticket = Popup(world).come_back()
    _complete(world, ALICE, ticket)
    with pytest.raises(NotFound):
        _complete(world, ALICE, ticket)


@pytest.mark.parametrize("step", ["start", "return", "complete"])
def test_after_ten_minutes_no_step_is_taken_any_more(world: World, step: str) -> None:
    if step == "start":
        begun = begin_connection(BeginConnection(ALICE, ORIGIN), world.oauth)
        state = begun.authorization_url.partition("state=")[2].partition("&")[0]
        world.clock.advance(seconds=CONNECT_WITHIN.total_seconds())
        with pytest.raises(NotFound):
            start_popup(state, world.oauth)
        return
    popup = Popup(world)
    ticket = popup.come_back() if step == "complete" else ""
    world.clock.advance(seconds=CONNECT_WITHIN.total_seconds())
    with pytest.raises(NotFound):
        _complete(world, ALICE, ticket) if step == "complete" else popup.come_back()


def test_just_before_ten_minutes_it_is_still_good(world: World) -> None:
    ticket = Popup(world).come_back()
    world.clock.advance(seconds=(CONNECT_WITHIN - timedelta(seconds=1)).total_seconds())
    _complete(world, ALICE, ticket)


def test_a_consent_that_lacks_what_was_asked_for_is_given_back(world: World) -> None:
    with pytest.raises(ScopeMissing):
        Popup(world).come_back(unticked=(MODIFY,))
    assert (world.google.consents(), world.connections.rows) == (set(), {})


def test_what_was_not_allowed_is_named(world: World) -> None:
    with pytest.raises(ScopeMissing) as refused:
        Popup(world).come_back(unticked=(MODIFY,))
    assert refused.value.features == FEATURES
    assert "reading mail, writing mail, labels" in refused.value.detail
    assert "la lecture des messages" in explain_refusal(refused.value, "fr")


@pytest.mark.parametrize(
    "error",
    [
        NotFound("Words.", code="connection_not_found"), NotAllowed("Words.", code="browser_mismatch"),
        NotAllowed("Words.", code="consent_refused"), NotAllowed("Words.", code="blocked_by_admin"),
        ScopeMissing("Words."), BadInput("Words.", code="code_invalid"), BadInput("Words."),
        UpstreamDown("Words."), Misconfigured("Words."), NotAllowed("Words."), AppError("Words."),
    ],
)  # fmt: skip
def test_a_french_page_speaks_french(error: AppError) -> None:
    french = (failed_page(error, 400, "fr").content or b"").decode()  # type: ignore[union-attr]
    assert "Words." not in french
    assert "{features}" not in french
    assert "Words." in (failed_page(error, 400, "en").content or b"").decode()  # type: ignore[union-attr]


def test_who_connects_to_write_is_asked_for_all_that_writing_stands_on(world: World) -> None:
    begun = begin_connection(BeginConnection(ALICE, ORIGIN, ("send",)), world.oauth)
    state = begun.authorization_url.partition("state=")[2].partition("&")[0]
    started = start_popup(state, world.oauth)
    code = world.google.allow(started.location, EMAIL)
    ticket = receive_consent(ReceiveConsent(state, code, None, started.cookie), world.oauth).ticket
    mailbox = complete_connection(CompleteConnection(ALICE, ticket), world.oauth)
    assert (mailbox.health.code, mailbox.stopped) == ("ok", ("labels",))


def test_a_bad_attempt_does_not_end_the_consent_that_a_mailbox_lives_on(world: World) -> None:
    """Google would end all tokens of the account, and with them the mailbox that works."""
    mailbox = world.connect()
    with pytest.raises(ScopeMissing):
        Popup(world).come_back(unticked=(MODIFY,))
    assert world.opener.open(mailbox).address_and_cursor()[0] == EMAIL


def test_a_consent_whose_owner_is_not_proven_is_given_back(world: World) -> None:
    world.google.keys_down = True
    with pytest.raises(UpstreamDown):
        Popup(world).come_back()
    assert (world.google.consents(), world.connections.rows) == (set(), {})


def test_a_consent_that_is_not_proven_does_not_end_the_one_that_a_mailbox_lives_on(world: World) -> None:
    mailbox = world.connect()
    world.google.keys_down = True
    with pytest.raises(UpstreamDown):
        Popup(world).come_back()
    assert world.opener.open(mailbox).address_and_cursor()[0] == EMAIL


def test_a_refusal_on_googles_page_is_said_and_leaves_nothing(world: World) -> None:
    popup = Popup(world)
    with pytest.raises(NotAllowed) as raised:
        receive_consent(ReceiveConsent(popup.state, None, "access_denied", popup.cookie), world.oauth)
    assert raised.value.code == "consent_refused"
    assert world.connections.rows == {}


def test_a_page_that_is_not_registered_cannot_begin(world: World) -> None:
    with pytest.raises(NotAllowed) as raised:
        begin_connection(BeginConnection(ALICE, "https://evil.example"), world.oauth)
    assert raised.value.code == "origin_not_registered"
    assert world.connections.rows == {}


BACK = f"{ORIGIN}/settings/connected"


@pytest.mark.parametrize(
    "url",
    [
        f"{BACK}?next=https://evil.example",
        f"{BACK}/",
        f"{ORIGIN}/redirect",
        f"{ORIGIN}:8443/settings/connected",
    ],
)
def test_a_ticket_goes_to_no_page_that_is_not_registered_by_its_exact_url(world: World, url: str) -> None:
    world.orgs.put("acme", Policy(return_urls=(BACK,)))
    with pytest.raises(BadInput) as raised:
        begin_connection(BeginConnection(ALICE, ORIGIN, return_url=url), world.oauth)
    assert raised.value.code in ("return_url_not_registered", "return_url_elsewhere")
    assert world.connections.rows == {}


def test_a_ticket_goes_to_a_page_of_the_policy_or_of_the_settings(world: World) -> None:
    with pytest.raises(BadInput):
        begin_connection(BeginConnection(ALICE, ORIGIN, return_url=BACK), world.oauth)
    begin_connection(
        BeginConnection(ALICE, ORIGIN, return_url=BACK), replace(world.oauth, return_urls=(BACK,))
    )
    world.orgs.put("acme", Policy(return_urls=(BACK,)))
    begin_connection(BeginConnection(ALICE, ORIGIN, return_url=BACK), world.oauth)
    assert [row.return_url for row in world.connections.rows.values()] == [BACK, BACK]


def test_another_account_does_not_take_the_place_of_the_connected_one(world: World) -> None:
    mailbox = world.connect()
    ticket = world.authorize(ALICE, "private@elsewhere.example")
    with pytest.raises(Conflict) as raised:
        _complete(world, ALICE, ticket)
    assert raised.value.code == "other_account_connected"
    assert world.row(mailbox).email == EMAIL
    assert world.google.consents() == {EMAIL}
    assert world.connections.rows == {}


def test_a_reconnect_keeps_settings_cursor_and_day_and_mends_the_health(world: World) -> None:
    mailbox = world.connect(mailmagnet=True, labels=True)
    cursor = world.state(mailbox).cursor
    world.mailboxes.update(replace(mailbox, health=Health("grant_lost", world.clock.now())), "health")
    world.google.end_consent(EMAIL)
    world.account(mailbox).receive()
    world.clock.advance(days=3)

    again = world.connect()

    assert (again.settings, again.connected_at) == (mailbox.settings, mailbox.connected_at)
    assert (again.status, again.labels) == ("connected", mailbox.labels)
    assert again.granted_at == world.clock.now(), (
        "by this a page that waits sees that another one has completed it"
    )
    assert world.state(mailbox).cursor == cursor


def test_completing_that_is_killed_at_any_step_can_be_done_again() -> None:
    steps = Process()
    first = World()
    complete_connection(CompleteConnection(ALICE, Popup(first).come_back()), first.oauth_of(steps))
    print(steps.steps)
    assert len(steps.steps) > 3
    for at in range(len(steps.steps)):
        world = World()
        ticket = Popup(world).come_back()
        with pytest.raises(Killed):
            complete_connection(CompleteConnection(ALICE, ticket), world.oauth_of(Process(kill_at=at)))
        _complete(world, ALICE, ticket)
        assert world.held().keys() >= {"mailboxes", "grants"}, steps.steps[at]
        assert world.connections.rows == {}, steps.steps[at]


class Failing:
    """A port of which one method fails; `times` it does so."""

    def __init__(self, port: object, method: str, times: int = 1, after: int = 0) -> None:
        self._port, self._method, self._times, self._after = port, method, times, after

    def __getattr__(self, name: str) -> object:
        if name == self._method:
            if self._after:
                self._after -= 1
            elif self._times:
                self._times -= 1
                raise UpstreamDown("No answer.")
        return getattr(self._port, name)


def test_a_consent_that_cannot_be_stored_is_given_back_to_google(world: World) -> None:
    popup = Popup(world)
    # The first save marks the state as used, the second keeps the consent.
    world.oauth = replace(world.oauth, connections=Failing(world.connections, "save", after=1))  # type: ignore[arg-type]
    with pytest.raises(UpstreamDown):
        popup.come_back()
    assert world.google.consents() == set()


@pytest.mark.parametrize("keys_down", [False, True])
def test_a_useless_consent_that_google_does_not_take_back_now_is_taken_back_by_the_sweep(
    world: World, keys_down: bool
) -> None:
    popup = Popup(world)
    world.google.keys_down = keys_down
    world.oauth = replace(world.oauth, consent=Failing(world.google, "revoke"))  # type: ignore[arg-type]
    with pytest.raises(UpstreamDown if keys_down else ScopeMissing):
        popup.come_back(unticked=(MODIFY,))
    assert world.google.consents() == {EMAIL}
    waiting = next(iter(world.connections.rows))
    with pytest.raises(NotFound):
        _complete(world, ALICE, f"{waiting}.")

    world.clock.advance(seconds=CONNECT_WITHIN.total_seconds() + 1)
    forget_unclaimed(world.oauth)

    assert (world.google.consents(), world.connections.rows) == (set(), {})
