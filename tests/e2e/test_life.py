"""A mailbox's life over the real adapters: what it costs, what it says when it is ill, what tampering leads to."""

import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3

from functions.labeler.start_run import start_run
from functions.notify.renew_watches import renew_watches
from local.crm.models import Seed
from shared.domain.audit import departed
from shared.domain.event import parse_event, webhook_body
from shared.domain.mailbox import mailbox_id
from shared.wiring import Common
from tests.e2e.in_process import PUBLIC_URL, Cost, House, running_house
from tests.local.gmail.consent_form import click_through

CRM = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [
            {
                "id": name,
                "name": name.title(),
                "email": f"{name}@acme.example",
                "permissions": ["mail_integration", *(["mail_admin"] if name == "ada" else [])],
            }
            for name in ("ana", "bob", "ada")
        ],
        "contacts": [{"id": "won", "name": "Won", "addresses": ["won@client.example"], "deals": []}],
    }
)
WON = "won@client.example"
EVENTS = "projects/crm-gmail-test/topics/events"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(CRM, tmp_path) as house:
        house.common.settings = replace(house.common.settings, events_topic=EVENTS)
        house.common.publisher = house.publisher  # type: ignore[assignment]
        yield house


def hook(house: House) -> None:
    """The organisation wants events."""
    policy = house.call(house.oauth, "GET", "/oauth/org", "ada")
    house.call(
        house.oauth, "PUT", "/oauth/org", "ada", {**policy, "webhook": {"url": "https://crm.example/hook"}}
    )


def events(house: House) -> list[tuple[str, str | None]]:
    told = [parse_event(message) for topic, message in house.publisher.published if topic == EVENTS]
    return [(event.type, event.cause or event.message) for event in told]


def fault(house: House, **order: object) -> None:
    body = json.dumps(order).encode()
    assert urllib3.request("POST", f"{house.servers.gmail}/_emulator/faults", body=body).status < 300


def mend(house: House) -> None:
    urllib3.request("DELETE", f"{house.servers.gmail}/_emulator/faults")


def shown(house: House, language: str = "en", user: str = "ana") -> Mapping[str, Any]:
    headers = {
        "Authorization": f"Bearer {house.servers.signer.token_for(house._users[user])}",
        "Accept-Language": language,
    }
    answer = house.oauth.get("/oauth/mailbox", headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def refused_connect(house: House, user: str, email: str) -> Mapping[str, Any]:
    """The CRM user consents with this Google account; the problem that completing it meets."""
    begun = house.call(house.oauth, "POST", "/oauth/connections", user, {})
    started = house.oauth.get(begun["authorization_url"].removeprefix(PUBLIC_URL))
    consent = click_through(started.headers["Location"], email)
    page = house.oauth.get("/oauth/callback", query_string={k: consent[k] for k in ("code", "state")})
    ticket = re.search(r'"ticket": ?"([^"]+)"', page.text)
    assert ticket is not None, page.text
    assert ended_tokens(house, "expire", email) == 1, "the control: the consent was given"
    headers = {"Authorization": f"Bearer {house.servers.signer.token_for(house._users[user])}"}
    answer = house.oauth.post("/oauth/connections/complete", json={"ticket": ticket[1]}, headers=headers)
    assert answer.status_code == 409, answer.text
    return dict(answer.get_json())


def ended_tokens(house: House, command: str, email: str) -> int:
    """How many of the account's tokens are alive at Google; `expire` ends access tokens, `revoke` all of them."""
    body = json.dumps({"user": email}).encode()
    answer = urllib3.request("POST", f"{house.servers.gmail}/_emulator/tokens/{command}", body=body).json()
    return sum(answer.values())


def read_mail(house: House, user: str = "ana") -> int:
    headers = {"Authorization": f"Bearer {house.servers.signer.token_for(house._users[user])}"}
    return int(house.proxy.get("/proxy/messages?limit=1", headers=headers).status_code)


def test_connecting_is_one_token_call_and_a_reconnect_with_mailmagnet_a_watch_more(house: House) -> None:
    first = house.cost_of(lambda: house.connect("ana"))
    house.change("ana", mailmagnet=True)
    again = house.cost_of(lambda: house.connect("ana"))

    assert (first.token_calls, first.units) == (1, 0)
    assert (again.token_calls, again.units) == (1, 100)


def test_a_reconnect_with_another_account_is_refused_and_google_holds_nothing_of_it(house: House) -> None:
    house.connect("ana")

    problem = refused_connect(house, "ana", "bob@acme.example")

    assert (problem["code"], problem["act"]) == ("other_account_connected", "user")
    assert ended_tokens(house, "revoke", "bob@acme.example") == 0, "its refresh token is gone too"
    house.servers.clock.advance(3600)
    assert house.cost_of(lambda: read_mail(house)).token_calls == 1, "the first grant is asked again"
    assert read_mail(house) == 200
    assert shown(house)["email"] == "ana@acme.example"
    assert ended_tokens(house, "revoke", "ana@acme.example") > 0, "the control: a live grant is counted"


def test_reading_the_own_mailbox_is_one_read_and_nothing_else(house: House) -> None:
    house.connect("ana")
    shown(house)
    assert house.cost_of(lambda: shown(house)) == Cost(reads=1)


def test_a_push_that_a_webhook_hears_of_is_three_reads_and_three_writes(house: House) -> None:
    hook(house)
    house.connect("ana")
    house.change("ana", mailmagnet=True)
    (message_id,) = house.deliver("ana", WON)
    before = len(house.publisher.published)

    cost = house.cost_of(lambda: house.hand_on(house.servers.pushes[-1]))

    assert (cost.reads, cost.writes, cost.published, cost.units) == (3, 3, 1, 22)
    assert len(house.publisher.published) == before + 1
    assert events(house)[-1] == ("notice.created", message_id)


def test_without_a_webhook_a_push_publishes_nothing(house: House) -> None:
    house.connect("ana")
    house.change("ana", mailmagnet=True)
    house.deliver("ana", WON)
    cost = house.cost_of(lambda: house.hand_on(house.servers.pushes[-1]))
    assert (cost.writes, cost.published) == (3, 0)


def test_the_turns_of_a_mailbox_are_announced_by_ids(house: House) -> None:
    hook(house)
    house.connect("ana")
    fault(house, kind="revoke", match="*", count=1)
    assert read_mail(house) == 409
    house.connect("ana")
    house.call(house.oauth, "DELETE", "/oauth/mailbox", "ana")

    assert events(house) == [
        ("mailbox.connected", None),
        ("mailbox.needs_reconnect", "grant_lost"),
        ("mailbox.connected", None),
        ("mailbox.disconnected", None),
    ]
    assert "acme.example" not in str(house.publisher.published)


@pytest.mark.parametrize(
    ("order", "code", "act", "french"),
    [
        ({"status": 403, "reason": "domainPolicy"}, "blocked_by_admin", "admin", "administrateur Google"),
        ({"status": 403, "reason": "dailyLimitExceeded"}, "quota", "operator", "quota quotidien"),
        ({"status": 403, "reason": "accessNotConfigured"}, "gmail_api_disabled", "operator", "API Gmail"),
        ({"status": 500}, "google_down", "retry", "Google ne répond pas"),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)
def test_each_cause_is_told_in_both_languages_and_ends_when_it_works_again(
    house: House, order: dict[str, object], code: str, act: str, french: str
) -> None:
    house.connect("ana")
    fault(house, kind="status", match="*", **order)
    assert read_mail(house) >= 400

    ill = shown(house)["health"]
    assert (ill["code"], ill["act"]) == (code, act)
    assert french in shown(house, "fr-FR,fr;q=0.9")["health"]["detail"]
    assert french not in ill["detail"]
    assert shown(house, "fr")["health"]["code"] == code, "codes never change"

    mend(house)
    assert read_mail(house) == 200
    assert shown(house)["health"]["code"] == "ok"
    assert shown(house)["status"] == "connected"


def test_while_google_is_ill_its_health_is_written_once(house: House) -> None:
    house.connect("ana")
    fault(house, kind="status", match="*", status=500)
    assert house.cost_of(lambda: read_mail(house)).writes == 1
    assert house.cost_of(lambda: read_mail(house)).writes == 0


def test_a_throttle_is_nobodys_illness(house: House) -> None:
    house.connect("ana")
    fault(house, kind="status", match="*", status=429, retry_after=60)
    assert read_mail(house) == 429
    assert shown(house)["health"]["code"] == "ok"


@pytest.mark.parametrize("tampered", ["swapped", "cut", "foreign"])
def test_a_grant_that_was_tampered_with_is_refused_before_any_call_to_google(
    house: House, tampered: str
) -> None:
    ana, bob = house.connect("ana"), house.connect("bob")
    sealed, other = house.common.grants.get(ana), house.common.grants.get(bob)
    assert sealed is not None
    assert other is not None
    spoilt = {
        "swapped": other,
        "cut": replace(sealed, ciphertext=sealed.ciphertext[:-1]),
        "foreign": replace(sealed, key_version="9"),
    }
    house.common.grants.put(ana, spoilt[tampered])
    # The access tokens of the connect have expired.
    house.servers.clock.advance(3600)

    cost = house.cost_of(lambda: read_mail(house))

    assert (cost.token_calls, cost.requests, cost.units) == (0, 0, 0)
    assert (shown(house)["health"]["code"], shown(house)["status"]) == ("token_unreadable", "needs_reconnect")
    assert house.cost_of(lambda: read_mail(house, "bob")).token_calls == 1, "the control"


def test_two_instances_that_refresh_at_once_do_each_other_no_harm(house: House) -> None:
    identifier = house.connect("ana")
    house.servers.clock.advance(3600)
    instances = [Common(house.common.settings) for _ in range(2)]
    mailbox = house.common.mailboxes.get(identifier)
    assert mailbox is not None

    for _ in range(3):
        with ThreadPoolExecutor(2) as pool:
            clients = list(pool.map(lambda instance: instance.gmail.open(mailbox), instances))
        addresses = [client.address_and_cursor()[0] for client in clients]
        assert addresses == ["ana@acme.example"] * 2
        house.servers.clock.advance(3600)
    assert shown(house)["health"]["code"] == "ok"


def test_a_consent_that_ends_after_seven_days_of_testing_says_so(house: House) -> None:
    published = Common(house.common.settings)
    testing = Common(replace(house.common.settings, oauth_testing_mode=True))
    identifier = house.connect("ana")
    mailbox = house.common.mailboxes.get(identifier)
    assert mailbox is not None
    house.servers.clock.advance(7 * 86400 + 1)
    fault(house, kind="revoke", match="*", count=1)
    read_mail(house, "ana")

    codes = []
    for common in (published, testing):
        try:
            common.gmail.open(mailbox)
        except Exception as lost:
            codes.append(lost.code)  # type: ignore[attr-defined]

    assert codes == ["grant_lost", "testing_expired"], "the first is the control: not said to be in testing"


def warnings(house: House) -> list[tuple[str | None, str | None, str | None]]:
    """What the webhook was warned of: cause, end, who must act."""
    bodies = [json.loads(webhook_body(parse_event(each))) for topic, each in house.publisher.published]
    told = [body["data"] for body in bodies if body["type"] == "mailbox.warning"]
    return [(data["cause"], data["ends_at"], data["act"]) for data in told]


def renewed(house: House, *, testing: bool = False, **after: float) -> Mapping[str, int]:
    """The scheduler's call, after so long."""
    house.servers.clock.advance(timedelta(**after).total_seconds())
    return renew_watches(replace(house.notify, testing=testing))


def test_a_consent_that_nobody_uses_is_warned_of_once_before_google_ends_it(house: House) -> None:
    hook(house)
    house.connect("ana")
    assert renewed(house, days=149)["warned"] == 0
    assert renewed(house, days=2)["warned"] == 1
    assert [renewed(house, hours=1)["warned"] for _ in range(3)] == [0, 0, 0]

    ((cause, ends_at, act),) = warnings(house)
    assert (cause, act) == ("consent_unused", "user")
    assert [(w["code"], w["at"], w["act"]) for w in shown(house)["warnings"]] == [(cause, ends_at, act)]
    # Connected again, it has another six months, and another end.
    house.connect("ana")
    assert shown(house)["warnings"] == []
    assert renewed(house, days=151)["warned"] == 1
    assert len({ends_at for _, ends_at, _ in warnings(house)}) == 2


def test_a_watch_that_cannot_be_renewed_is_warned_of_once_before_it_ends(house: House) -> None:
    hook(house)
    house.connect("ana")
    house.change("ana", mailmagnet=True)
    fault(house, kind="status", match="watch", status=500)

    told = [renewed(house, days=1)["warned"] for _ in range(6)]

    assert told == [0, 0, 0, 0, 1, 0], "48 hours before, and once"
    ((cause, ends_at, act),) = warnings(house)
    assert (cause, act) == ("watch_ending", "operator")
    assert (cause, ends_at) in [(w["code"], w["at"]) for w in shown(house)["warnings"]]
    assert read_mail(house) == 200, "only this one call of Gmail's fails"
    assert renewed(house, hours=25)["warned"] == 0
    assert shown(house)["health"]["code"] == "watch_lapsed"


def test_in_testing_the_end_of_each_consent_is_told_once(house: House) -> None:
    hook(house)
    house.connect("ana")
    assert renewed(house, hours=1)["warned"] == 0, "the control: not in testing"
    assert [renewed(house, testing=True, hours=1)["warned"] for _ in range(3)] == [1, 0, 0]
    assert [(cause, act) for cause, _, act in warnings(house)] == [("testing_ends", "operator")]


def test_a_warning_that_could_not_be_published_is_told_the_next_hour(house: House) -> None:
    hook(house)
    house.connect("ana")
    with_topic = house.common.settings
    house.common.settings = replace(with_topic, events_topic=None)
    assert renewed(house, days=151)["warned"] == 0
    house.common.settings = with_topic
    assert renewed(house, hours=1)["warned"] == 1


def test_a_lost_consent_and_one_that_is_leaving_are_warned_of_nothing(house: House) -> None:
    hook(house)
    house.connect("ana")
    fault(house, kind="revoke", match="*", count=1)
    assert read_mail(house) == 409
    assert renewed(house, days=151)["warned"] == 0


def test_a_disconnect_that_died_is_finished_by_the_tick(house: House) -> None:
    identifier = house.connect("ana")
    house.change("ana", mailmagnet=True)
    fault(house, kind="status", match="stop", status=503)
    headers = {"Authorization": f"Bearer {house.servers.signer.token_for(house._users['ana'])}"}
    assert house.oauth.delete("/oauth/mailbox", headers=headers).status_code == 503
    assert house.oauth.get("/oauth/mailbox", headers=headers).status_code == 404, "gone for its owner at once"
    held = house.call(house.oauth, "GET", "/oauth/mailbox/data", "ana")
    assert (held["mailbox"]["status"], held["consent_held"]) == ("leaving", True)

    start_run(house.labeler)
    assert house.common.mailboxes.get(identifier) is not None, "the control: Google is still down"
    mend(house)
    start_run(house.labeler)

    held = house.call(house.oauth, "GET", "/oauth/mailbox/data", "ana")
    assert held["mailbox"] is None
    assert not held["consent_held"]


def test_the_organisation_exports_and_removes_a_mailbox_of_its_own_only(house: House) -> None:
    identifier = house.connect("ana")
    house.call(house.oauth, "PATCH", "/oauth/mailbox", "ana", {"never_shared": ["secret@client.example"]})
    own = house.call(house.oauth, "GET", "/oauth/mailbox/data", "ana")

    exported = house.call(house.oauth, "GET", f"/oauth/org/mailboxes/{identifier}/data", "ada")
    receipt = house.call(house.oauth, "DELETE", f"/oauth/org/mailboxes/{identifier}", "ada")

    assert exported.keys() == own.keys()
    assert exported["mailbox"]["settings"]["never_shared"] == []
    assert exported["mailbox"]["email"] == own["mailbox"]["email"]
    assert (receipt["revoked"], receipt["erased"]["mailboxes"]) == (True, 1)
    audit = house.call(house.oauth, "GET", "/oauth/org/audit", "ada")["items"]
    told = [(e["actor"], e["action"], e["owner"]) for e in audit]
    assert ("ada", "mailbox.disconnected", departed("acme", "ana")) in told
    assert "ana" not in [owner for _, _, owner in told]
    headers = {"Authorization": f"Bearer {house.servers.signer.token_for(house._users['ada'])}"}
    for path in (identifier, mailbox_id("other", "ana"), "x.y"):
        assert house.oauth.delete(f"/oauth/org/mailboxes/{path}", headers=headers).status_code == 404
        assert house.oauth.get(f"/oauth/org/mailboxes/{path}/data", headers=headers).status_code == 404
