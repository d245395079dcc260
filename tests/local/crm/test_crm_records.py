"""The demo CRM's tokens and records, through its WSGI application."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from werkzeug.test import Client

from local.crm.app import CrmApp
from local.crm.connector import PAGE_SIZE
from local.crm.models import ContactFields, Seed
from local.crm.records import Records
from local.crm.tokens import TokenSigner
from tests.contracts.connector_contract import RECORDS
from tests.local.crm.ticking import TickingClock

ISSUER = "http://localhost:8080/crm"
DEAL = {"name": "Raft", "state": "open", "closing_date": "2026-12-31", "amount": 7.0}


@pytest.fixture
def records() -> Records:
    return Records(Seed.model_validate(RECORDS), TickingClock().now)


@pytest.fixture
def client(records: Records) -> Client:
    return Client(CrmApp(records, TokenSigner(ISSUER, "acme"), lambda: "service"))


def _token(client: Client, user: str) -> str:
    answer = client.post("/crm/token", json={"user": user})
    assert answer.status_code == 200
    return str(answer.get_json()["token"])


def _ids(client: Client, **headers: str) -> set[str]:
    answer = client.get("/crm/contacts", headers=headers)
    assert answer.get_json()["next_cursor"] is None
    return {one["id"] for one in answer.get_json()["items"]}


def _deals(client: Client) -> dict[str, str]:
    return {one["id"]: one["state"] for one in client.get("/crm/contacts/one").get_json()["deals"]}


def test_a_token_carries_the_contracts_claims_and_verifies_with_the_published_key(client: Client) -> None:
    token = _token(client, "ben")
    (key,) = jwt.PyJWKSet.from_dict(client.get("/crm/jwks.json").get_json()).keys
    assert jwt.get_unverified_header(token)["kid"] == key.key_id
    claims = jwt.decode(token, key, algorithms=["EdDSA"], audience="crm-gmail", issuer=ISSUER)
    issued, expires = claims.pop("iat"), claims.pop("exp")
    assert claims == {
        "iss": ISSUER,
        "aud": "crm-gmail",
        "sub": "ben",
        "org": "acme",
        "name": "Ben",
        "roles": ["sales"],
        "permissions": [],
    }
    assert abs(issued - time.time()) < 60
    assert 0 < expires - issued <= 3600


def test_an_unknown_user_gets_no_token(client: Client) -> None:
    answer = client.post("/crm/token", json={"user": "nobody"})
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    problem = answer.get_json()
    assert problem["code"] == "not_found"
    assert set(problem) == {"type", "title", "status", "detail", "code", "act", "request_id"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b'{"user":1}', b'{"user":"ann","x":1}', b"[" * 5000]
)
def test_a_malformed_token_request_is_refused(client: Client, body: bytes) -> None:
    answer = client.post("/crm/token", data=body)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    problem = answer.get_json()
    assert (problem["type"], problem["act"]) == ("urn:crm-gmail:problem:bad_input", "user")


def test_a_body_over_the_limit_is_too_large(client: Client) -> None:
    assert client.post("/crm/token", data=b" " * 65_537).status_code == 413


def test_users_are_listed_with_their_permissions(client: Client) -> None:
    users = client.get("/crm/users").get_json()["items"]
    assert [(one["id"], one["permissions"]) for one in users] == [("ann", ["mail_integration"]), ("ben", [])]


def test_without_a_token_all_contacts_are_shown(client: Client) -> None:
    assert _ids(client) == {"one", "two", "three"}


def test_with_a_token_only_visible_contacts_are_shown(client: Client) -> None:
    ben = {"Authorization": f"Bearer {_token(client, 'ben')}"}
    assert _ids(client, **ben) == {"one", "two"}
    assert client.get("/crm/contacts/three", headers=ben).status_code == 404
    ann = {"Authorization": f"Bearer {_token(client, 'ann')}"}
    assert client.get("/crm/contacts/three", headers=ann).status_code == 200


def test_a_token_of_another_key_is_refused(client: Client) -> None:
    other = TokenSigner(ISSUER, "acme").token_for(Seed.model_validate(RECORDS).users[0])
    for token in (other, "garbage"):
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/crm/contacts", headers=headers).status_code == 401


def test_a_contact_read_can_be_put_back_unchanged(client: Client) -> None:
    read = client.get("/crm/contacts/one").get_json()
    written = client.put("/crm/contacts/one", json=read)
    assert (written.status_code, written.get_json()) == (200, read)


def test_a_contact_put_without_deals_keeps_those_it_has(client: Client) -> None:
    client.put("/crm/contacts/one", json={"name": "Other", "addresses": ["a@b.example"]})
    contact = client.get("/crm/contacts/one").get_json()
    assert (contact["name"], contact["addresses"]) == ("Other", ["a@b.example"])
    assert _deals(client) == {"d1": "open", "d2": "won"}


def test_a_new_contact_is_created_and_deleted(client: Client) -> None:
    assert client.put("/crm/contacts/four", json={"name": "Four"}).status_code == 201
    assert "four" in _ids(client)
    assert client.delete("/crm/contacts/four").status_code == 204
    assert client.delete("/crm/contacts/four").status_code == 404
    assert "four" not in _ids(client)


def test_a_deal_is_created_replaced_and_deleted(client: Client) -> None:
    assert client.put("/crm/contacts/one/deals/d9", json=DEAL).status_code == 201
    assert client.put("/crm/contacts/one/deals/d9", json={**DEAL, "state": "won"}).status_code == 200
    assert _deals(client) == {"d1": "open", "d2": "won", "d9": "won"}
    assert client.delete("/crm/contacts/one/deals/d9").status_code == 204
    assert client.delete("/crm/contacts/one/deals/d9").status_code == 404
    assert _deals(client) == {"d1": "open", "d2": "won"}


def test_a_deal_needs_its_contact(client: Client) -> None:
    assert client.put("/crm/contacts/nobody/deals/d9", json=DEAL).status_code == 404
    assert client.delete("/crm/contacts/nobody/deals/d9").status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/crm/contacts/one", {"name": "One", "unknown": 1}),
        ("/crm/contacts/one", {"name": "One", "kind": "friend"}),
        ("/crm/contacts/one", {"name": "One", "addresses": ["no address"]}),
        ("/crm/contacts/one", {"name": "One", "id": "two"}),
        ("/crm/contacts/one", {"name": "One", "deals": [{"id": "x", "name": "X"}]}),
        ("/crm/contacts/a b", {"name": "Blank in the id"}),
        ("/crm/contacts/one", {}),
        ("/crm/contacts/one/deals/d1", {**DEAL, "state": "maybe"}),
        ("/crm/contacts/one/deals/d1", {**DEAL, "closing_date": "soon"}),
        ("/crm/contacts/one/deals/d1", {**DEAL, "stage": 3}),
        ("/crm/contacts/one/deals/d1", {**DEAL, "id": "d2"}),
    ],
)
def test_a_faulty_record_is_refused_and_changes_nothing(
    client: Client, path: str, body: dict[str, Any]
) -> None:
    before = client.get("/crm/contacts").get_json()
    answer = client.put(path, json=body)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert client.get("/crm/contacts").get_json() == before


def test_changes_come_in_pages_that_leave_none_out(client: Client, records: Records) -> None:
    many = {f"n{number:03}" for number in range(PAGE_SIZE + 7)}
    for contact_id in sorted(many):
        records.put_contact(contact_id, ContactFields(name=contact_id), None)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"org": "acme", "since": "2020-01-01T00:00:00Z", "cursor": cursor}
        headers = {"Authorization": "Bearer service"}
        page = client.get("/crm/connector/changes", query_string=query, headers=headers).get_json()
        assert len(page["contacts"]) <= PAGE_SIZE
        seen += [one["id"] for one in page["contacts"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen))
    assert set(seen) == many | {"one", "two", "three"}


def test_a_clock_that_is_set_back_hides_no_change() -> None:
    clock = [datetime(2026, 11, 24, 12, tzinfo=UTC)]
    records = Records(Seed.model_validate(RECORDS), lambda: clock[0])
    clock[0] += timedelta(minutes=1)
    since = records.changes(clock[0], after=0, limit=10).now
    clock[0] -= timedelta(seconds=30)
    records.put_contact("one", ContactFields(name="Renamed"), None)
    assert [change.id for change in records.changes(since, after=0, limit=10).changed] == ["one"]


def test_a_wrong_method_names_the_right_ones(client: Client) -> None:
    answer = client.post("/crm/users")
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


def test_an_unknown_path_is_a_problem_too(client: Client) -> None:
    answer = client.get("/crm/nothing")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
