"""What a policy and settings may hold: each value by itself."""

from typing import Any

import pytest

from functions.oauth.bodies import PolicyBody, SettingsBody
from shared.errors import BadInput
from shared.web import parse_fields

GOOD: dict[str, list[str]] = {
    "name": ["Open Deals", "Sales/Open", "Abschlüsse im Mai", "Klanten 👩\u200d💼", " Customers "],
    "zone": ["Europe/Paris", "UTC", "America/Argentina/Buenos_Aires"],
    "origin": [
        "https://crm.example",
        "https://CRM.example:8443",
        "http://localhost:8080",
        "http://127.0.0.1",
    ],
    "return_url": [
        "https://crm.example/settings/connected",
        "http://localhost:8080/back?from=mail",
        "https://crm.example/",
    ],
    "domain": ["client.example", "Bücher.example", "xn--bcher-kva.example", "client.example."],
    "key": ["sales", "__x", "_", "Verkauf & Co"],
}
BAD: dict[str, list[str]] = {
    "name": [
        "   ", "A\u2028B", "A\x00B", "A\tB", "/A", "A/", "A//B", "A /B", "CATEGORY_PROMOTIONS", "category_x", "A  B",
        "A\u202eB", "A\u2066B", "A\xa0B", "inbox", " Sent ", "A\u200bB",
    ],
    "zone": ["localtime", "Factory", "posixrules", "Mars/Olympus", "", "../etc/passwd"],
    "origin": [
        "https://-.", "https://a:99999", "https://a:0", "https://crm.example:443", "http://localhost:80",
        "http://crm.example", "https://crm.example/", "https://", "https://a..b", "https://a.", "https://a-",
        f"https://{'a' * 64}", "https://a:٣",
    ],
    "return_url": [
        "https://crm.example", "https://crm.example/#x", "http://crm.example/back", "https://me@crm.example/back",
        "https://CRM.example/back", "https://crm.example/a b", "javascript:alert(1)", "https://crm.example/\n",
    ],
    "domain": ["-a.example", "a-.example", "example", "a..example", ".example", "a b.example", "x@", "a_b.example"],
    "key": ["__x__", "____", "__", ""],
}  # fmt: skip


def policy_with(kind: str, value: str) -> dict[str, Any]:
    bodies: dict[str, dict[str, Any]] = {
        "name": {"label_names": {"customers": value}},
        "zone": {"time_zone": value},
        "origin": {"origins": [value]},
        "return_url": {"return_urls": [value]},
        "domain": {"excluded_domains": [value]},
        "key": {"sharing": {"roles": {value: "private"}}},
    }
    return bodies[kind]


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind in GOOD for value in GOOD[kind]])
def test_these_values_are_taken(kind: str, value: str) -> None:
    assert parse_fields(PolicyBody, policy_with(kind, value)).policy()


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind in BAD for value in BAD[kind]])
def test_these_values_are_refused(kind: str, value: str) -> None:
    with pytest.raises(BadInput):
        parse_fields(PolicyBody, policy_with(kind, value))


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "http://127.0.0.1/", "https://2130706433/", "https://[::1]/", "https://10.0.0.1/"],
)
def test_a_webhook_at_an_address_that_is_not_public_is_refused(url: str) -> None:
    assert parse_fields(PolicyBody, {"webhook": {"url": "http://localhost:8080/crm/webhook"}}), "the control"
    with pytest.raises(BadInput):
        parse_fields(PolicyBody, {"webhook": {"url": url}})


def test_a_user_that_the_store_could_not_name_is_refused_as_a_role_is() -> None:
    with pytest.raises(BadInput):
        parse_fields(PolicyBody, {"sharing": {"users": {"__x__": "private"}}})


@pytest.mark.parametrize("entry", ["Lea@Bücher.example", "bücher.example", "law.example."])
def test_never_shared_takes_addresses_and_domains_of_any_script(entry: str) -> None:
    taken = parse_fields(SettingsBody, {"never_shared": [entry, entry.lower()]}).change().never_shared
    assert taken == (entry.lower().rstrip("."),)


@pytest.mark.parametrize("entry", BAD["domain"])
def test_never_shared_refuses_what_is_neither(entry: str) -> None:
    with pytest.raises(BadInput):
        parse_fields(SettingsBody, {"never_shared": [entry]})
