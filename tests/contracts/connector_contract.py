"""What every connector must answer, written against docs/connector.yaml.

To hold another CRM against it: put the records of `RECORDS` into that CRM, make a subclass of `ConnectorContract`
whose name begins with `Test`, and give it a fixture `crm` that answers a `ConnectorUnderTest`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
import pytest
import urllib3
import yaml

_DOCUMENT = yaml.safe_load(
    (Path(__file__).parents[2] / "docs" / "connector.yaml").read_text(encoding="utf-8")
)
_HTTP = urllib3.PoolManager(retries=False, timeout=60)

RECORDS: dict[str, Any] = {
    "org": {"id": "acme", "name": "Acme", "time_zone": "Europe/Paris", "domains": ["acme.example"]},
    "users": [
        {"id": "ann", "name": "Ann", "email": "ann@acme.example", "permissions": ["mail_integration"]},
        {"id": "ben", "name": "Ben", "email": "ben@acme.example", "roles": ["sales"], "superior": "ann"},
    ],
    "contacts": [
        {
            "id": "one",
            "name": "Zoë One",
            "kind": "contact",
            "addresses": ["Zoe@One.example", "desk@shared.example"],
            "deals": [
                {"id": "d1", "name": "Ship", "state": "open", "closing_date": "2026-11-30", "amount": 12.5},
                {"id": "d2", "name": "Boat", "state": "won", "closing_date": None},
            ],
        },
        {"id": "two", "name": "Two", "kind": "lead", "addresses": ["desk@shared.example"], "deals": []},
        {
            "id": "three",
            "name": "Three",
            "kind": "contact",
            "addresses": ["t+crm@three.example"],
            "visible_to": ["ann"],
            "deals": [{"id": "d3", "name": "Net", "state": "lost", "closing_date": "2026-01-01"}],
        },
    ],
}


@dataclass(frozen=True)
class ConnectorUnderTest:
    """Where the connector is, its token, and how a test changes and deletes a contact in that CRM."""

    url: str
    token: str
    set_addresses: Callable[[str, list[str]], None]
    delete: Callable[[str], None]

    def ask(self, method: str, path: str, body: object = None, token: str | None = None) -> tuple[int, Any]:
        """Status and JSON body of a call, checked against the schema that the document gives."""
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        content = None if body is None else json.dumps(body).encode()
        answer = _HTTP.request(method, self.url + path, body=content, headers=headers)
        parsed = json.loads(answer.data)
        _check(method, path.partition("?")[0], answer.status, answer.headers["Content-Type"], parsed)
        return answer.status, parsed

    def lookup(self, *addresses: str) -> dict[str, Any]:
        """Contacts found, by id."""
        status, body = self.ask("POST", "/contacts/lookup", {"org": "acme", "addresses": list(addresses)})
        assert status == 200
        assert len({one["id"] for one in body["contacts"]}) == len(body["contacts"])
        return {one["id"]: one for one in body["contacts"]}

    def changes(self, since: str) -> tuple[dict[str, Any], str]:
        """All pages of changes by contact id, and the `now` of the first."""
        found: dict[str, Any] = {}
        query = {"org": "acme", "since": since}
        first_now = ""
        while True:
            status, body = self.ask("GET", f"/changes?{urlencode(query)}")
            assert status == 200
            first_now = first_now or body["now"]
            found |= {one["id"]: one for one in body["contacts"]}
            if body["next_cursor"] is None:
                return found, first_now
            query["cursor"] = body["next_cursor"]


def _check(method: str, path: str, status: int, content_type: str, body: Any) -> None:
    template = path if path in _DOCUMENT["paths"] else "/contacts/{id}"
    response = _DOCUMENT["paths"][template][method.lower()]["responses"][str(status)]
    if "$ref" in response:
        response = _DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
    ((media, described),) = response["content"].items()
    assert content_type.partition(";")[0] == media
    schema = {**described["schema"], "components": _DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(body)


def _contact_path(contact_id: str, viewer: str, org: str = "acme") -> str:
    return f"/contacts/{contact_id}?{urlencode({'org': org, 'viewer': viewer})}"


class ConnectorContract:
    """The rules. Subclasses give the fixture `crm`."""

    def test_lookup_answers_contacts_with_their_deals(self, crm: ConnectorUnderTest) -> None:
        assert crm.lookup("zoe@one.example") == {
            "one": {
                "id": "one",
                "name": "Zoë One",
                "kind": "contact",
                "addresses": ["Zoe@One.example", "desk@shared.example"],
                "deals": [
                    {
                        "id": "d1",
                        "name": "Ship",
                        "state": "open",
                        "closing_date": "2026-11-30",
                        "amount": 12.5,
                    },
                    {"id": "d2", "name": "Boat", "state": "won", "closing_date": None},
                ],
            }
        }

    @pytest.mark.parametrize("written", ["ZOE@ONE.EXAMPLE", "Zoe@one.example", "zoe@One.Example"])
    def test_lookup_ignores_case(self, crm: ConnectorUnderTest, written: str) -> None:
        assert set(crm.lookup(written)) == {"one"}

    @pytest.mark.parametrize(
        "written", ["t@three.example", "tcrm@three.example", "x@nowhere.example", "three.example"]
    )
    def test_lookup_is_otherwise_exact(self, crm: ConnectorUnderTest, written: str) -> None:
        assert crm.lookup(written) == {}

    def test_a_shared_address_belongs_to_both_contacts(self, crm: ConnectorUnderTest) -> None:
        assert set(crm.lookup("desk@shared.example")) == {"one", "two"}

    def test_a_contact_found_by_two_addresses_is_answered_once(self, crm: ConnectorUnderTest) -> None:
        assert set(crm.lookup("zoe@one.example", "desk@shared.example", "t+crm@three.example")) == {
            "one",
            "two",
            "three",
        }

    def test_no_addresses_are_no_contacts(self, crm: ConnectorUnderTest) -> None:
        assert crm.lookup() == {}

    def test_two_hundred_addresses_are_taken_and_one_more_is_refused(self, crm: ConnectorUnderTest) -> None:
        many = [f"n{number}@nowhere.example" for number in range(199)]
        assert set(crm.lookup(*many, "zoe@one.example")) == {"one"}
        body = {"org": "acme", "addresses": [*many, "a@b.example", "zoe@one.example"]}
        assert crm.ask("POST", "/contacts/lookup", body)[0] == 422

    @pytest.mark.parametrize(
        "body",
        [
            {"org": "acme"},
            {"addresses": []},
            {"org": "acme", "addresses": "zoe@one.example"},
            {"org": "acme", "addresses": [1]},
            {"org": "acme", "addresses": [], "more": 1},
            [],
        ],
    )
    def test_a_malformed_lookup_is_refused(self, crm: ConnectorUnderTest, body: object) -> None:
        assert crm.ask("POST", "/contacts/lookup", body)[0] == 422

    def test_a_contact_is_answered_to_a_viewer_who_may_see_it(self, crm: ConnectorUnderTest) -> None:
        status, contact = crm.ask("GET", _contact_path("three", "ann"))
        assert status == 200
        assert contact["addresses"] == ["t+crm@three.example"]

    def test_a_hidden_contact_looks_like_one_that_does_not_exist(self, crm: ConnectorUnderTest) -> None:
        hidden_status, hidden = crm.ask("GET", _contact_path("three", "ben"))
        missing_status, missing = crm.ask("GET", _contact_path("nobody", "ben"))
        assert hidden_status == missing_status == 404
        for body in (hidden, missing):
            body.pop("request_id", None)
        assert hidden == missing

    def test_an_unknown_viewer_sees_nothing(self, crm: ConnectorUnderTest) -> None:
        assert crm.ask("GET", _contact_path("one", "stranger"))[0] == 404

    def test_the_viewer_must_be_named(self, crm: ConnectorUnderTest) -> None:
        assert crm.ask("GET", "/contacts/one?org=acme")[0] == 422

    def test_a_change_is_told_to_those_who_ask_from_before_it(self, crm: ConnectorUnderTest) -> None:
        _, before = crm.changes("2020-01-01T00:00:00Z")
        crm.set_addresses("two", ["new@two.example"])
        found, after = crm.changes(before)
        assert found["two"]["addresses"] == ["new@two.example"]
        if "former_addresses" in found["two"]:
            assert found["two"]["former_addresses"] == ["desk@shared.example"]
        if "new_addresses" in found["two"]:
            assert found["two"]["new_addresses"] == ["new@two.example"]
        assert datetime.fromisoformat(after) >= datetime.fromisoformat(before)
        assert set(crm.lookup("new@two.example")) == {"two"}
        assert set(crm.lookup("desk@shared.example")) == {"one"}

    def test_a_deleted_contact_is_told_without_addresses_or_deals(self, crm: ConnectorUnderTest) -> None:
        _, before = crm.changes("2020-01-01T00:00:00Z")
        crm.delete("one")
        found, _ = crm.changes(before)
        assert (found["one"]["addresses"], found["one"]["deals"]) == ([], [])
        assert found["one"].get("new_addresses", []) == []
        assert crm.ask("GET", _contact_path("one", "ann"))[0] == 404

    def test_nothing_is_told_of_a_time_in_which_nothing_changed(self, crm: ConnectorUnderTest) -> None:
        assert crm.changes("2999-01-01T00:00:00Z")[0] == {}

    @pytest.mark.parametrize(
        "query", ["", "since=2026-01-01T00:00:00Z", "org=acme", "org=acme&since=yesterday"]
    )
    def test_changes_need_an_organisation_and_a_time(self, crm: ConnectorUnderTest, query: str) -> None:
        assert crm.ask("GET", f"/changes?{query}")[0] == 422

    def test_a_foreign_cursor_is_refused(self, crm: ConnectorUnderTest) -> None:
        query = urlencode({"org": "acme", "since": "2026-01-01T00:00:00Z", "cursor": "%%"})
        assert crm.ask("GET", f"/changes?{query}")[0] == 422

    def test_users_are_told_if_the_crm_has_that_route(self, crm: ConnectorUnderTest) -> None:
        status, body = crm.ask("GET", "/users?org=acme")
        if status == 200:
            assert {one["id"]: one.get("superior") for one in body["users"]} == {"ann": None, "ben": "ann"}
        else:
            assert status == 404

    def audience(self, crm: ConnectorUnderTest, **asked: object) -> dict[str, Any] | None:
        """The answer of the optional route, or None if the CRM has none."""
        body = {"org": "acme", "viewers": ["ann", "ben", "stranger"], "names_for": "ben", **asked}
        status, answer = crm.ask("POST", "/contacts/audience", body)
        assert status in (200, 404)
        return answer if status == 200 else None

    @pytest.mark.parametrize(
        ("asked", "counts", "contacts", "named"),
        [
            ({}, {"ann": 3, "ben": 2}, 3, {"one", "two"}),
            ({"viewers": ["ben"]}, {"ben": 2}, 2, {"one", "two"}),
            ({"only": ["three", "nobody"]}, {"ann": 1}, 1, set()),
            ({"only": ["three"], "names_for": "ann"}, {"ann": 1}, 1, {"three"}),
            ({"without": ["one"]}, {"ann": 2, "ben": 1}, 2, {"two"}),
            ({"only": []}, {}, 0, set()),
            ({"viewers": []}, {}, 0, set()),
        ],
    )
    def test_an_audience_is_counted_if_the_crm_has_that_route(
        self,
        crm: ConnectorUnderTest,
        asked: dict[str, object],
        counts: dict[str, int],
        contacts: int,
        named: set[str],
    ) -> None:
        answer = self.audience(crm, **asked)
        if answer is not None:
            assert {row["viewer"]: row["contacts"] for row in answer["viewers"]} == counts
            assert answer["contacts"] == contacts
            assert {row["id"] for row in answer["sample"]} == named

    @pytest.mark.parametrize("token", ["", "wrong", "Token"])
    def test_a_wrong_token_is_refused_on_every_route(self, crm: ConnectorUnderTest, token: str) -> None:
        lookup = {"org": "acme", "addresses": []}
        since = urlencode({"org": "acme", "since": "2026-01-01T00:00:00Z"})
        assert crm.ask("POST", "/contacts/lookup", lookup, token)[0] == 401
        assert crm.ask("GET", _contact_path("one", "ann"), token=token)[0] == 401
        assert crm.ask("GET", f"/changes?{since}", token=token)[0] == 401
        assert crm.ask("GET", "/users?org=acme", token=token)[0] == 401

    def test_a_foreign_organisation_is_not_found_on_every_route(self, crm: ConnectorUnderTest) -> None:
        lookup = {"org": "other", "addresses": ["zoe@one.example"]}
        since = urlencode({"org": "other", "since": "2026-01-01T00:00:00Z"})
        assert crm.ask("POST", "/contacts/lookup", lookup)[0] == 404
        assert crm.ask("GET", _contact_path("one", "ann", org="other"))[0] == 404
        assert crm.ask("GET", f"/changes?{since}")[0] == 404
        assert crm.ask("GET", "/users?org=other")[0] == 404
