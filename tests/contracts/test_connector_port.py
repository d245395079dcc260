"""What a Connector promises, for the fake CRM and for the HTTP connector on the demo CRM."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.wrappers import Response

from local import serve
from local.crm.app import CrmApp
from local.crm.models import Seed
from local.crm.records import Records
from local.crm.tokens import TokenSigner
from shared import errors
from shared.adapters.crm.http import HttpConnector
from shared.adapters.http_pool import HttpPool
from shared.domain.contact import Contact, Deal
from shared.ports.connector import Connector
from tests.contracts.connector_contract import RECORDS
from tests.contracts.gmail_under_test import impatient
from tests.fakes.crm import FakeCrm
from tests.local.crm.ticking import TickingClock

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ONE = Contact(
    "one",
    "Zoë One",
    "contact",
    ("Zoe@One.example", "desk@shared.example"),
    (Deal("d1", "Ship", "open", date(2026, 11, 30), 12.5), Deal("d2", "Boat", "won")),
)
TWO = Contact("two", "Two", "lead", ("desk@shared.example",))
THREE = Contact(
    "three", "Three", "contact", ("t+crm@three.example",), (Deal("d3", "Net", "lost", date(2026, 1, 1)),)
)


class ConnectorContract:
    """The rules. Subclasses give the fixture `crm`, with the records of RECORDS."""

    def test_contacts_come_with_addresses_and_deals(self, crm: Connector) -> None:
        assert list(crm.lookup("acme", ["zoe@one.example"])) == [ONE]

    def test_case_does_not_matter_and_all_else_does(self, crm: Connector) -> None:
        assert list(crm.lookup("acme", ["ZOE@ONE.example"])) == [ONE]
        assert list(crm.lookup("acme", ["t@three.example", "one.example"])) == []

    def test_a_shared_address_belongs_to_both(self, crm: Connector) -> None:
        found = crm.lookup("acme", ["desk@shared.example"])
        assert sorted(contact.id for contact in found) == ["one", "two"]

    def test_a_contact_found_twice_is_answered_once(self, crm: Connector) -> None:
        found = crm.lookup("acme", ["zoe@one.example", "desk@shared.example"])
        assert sorted(contact.id for contact in found) == ["one", "two"]

    def test_no_addresses_find_nobody(self, crm: Connector) -> None:
        assert list(crm.lookup("acme", [])) == []

    def test_more_addresses_than_one_call_takes_are_all_asked_for(self, crm: Connector) -> None:
        strangers = [f"s{number:03}@nowhere.example" for number in range(250)]
        found = crm.lookup("acme", ["a@nowhere.example", *strangers, "zoe@one.example"])
        assert [contact.id for contact in found] == ["one"]

    def test_an_organisation_that_the_crm_does_not_know_is_the_operators_matter(self, crm: Connector) -> None:
        # Not NotFound: a push whose mailbox is gone is dropped, and this one must be delivered again.
        with pytest.raises(errors.Misconfigured) as raised:
            crm.lookup("elsewhere", ["zoe@one.example"])
        assert raised.value.code == "crm_not_found"

    def test_a_contact_is_read_by_its_id(self, crm: Connector) -> None:
        assert crm.contact("acme", "three", "ann") == THREE

    @pytest.mark.parametrize(
        ("org", "contact", "viewer"),
        [
            ("acme", "none", "ann"),
            ("acme", "three", "ben"),
            ("elsewhere", "one", "ann"),
            ("acme", ".", "ann"),
            ("acme", "..", "ann"),
            ("acme", "x" * 201, "ann"),
        ],
        ids=[
            "missing",
            "hidden",
            "another organisation's",
            "the folder",
            "the folder above",
            "too long for an id",
        ],
    )
    def test_missing_hidden_and_foreign_contacts_look_the_same(
        self, crm: Connector, org: str, contact: str, viewer: str
    ) -> None:
        with pytest.raises(errors.NotFound) as raised:
            crm.contact(org, contact, viewer)
        assert (raised.value.code, raised.value.detail) == ("contact_not_found", "There is no such contact.")


class TestFakeCrm(ConnectorContract):
    """The fake keeps to it."""

    @pytest.fixture
    def crm(self) -> Connector:
        return FakeCrm(contacts={c.id: c for c in (ONE, TWO, THREE)}, hidden_from={"three": {"ben"}})


class TestHttpConnector(ConnectorContract):
    """So does the adapter over the wire."""

    @pytest.fixture
    def crm(self) -> Iterator[Connector]:
        records = Records(Seed.model_validate(RECORDS), TickingClock().now)
        app = CrmApp(records, TokenSigner("http://crm.example/crm", "acme"), lambda: "service-token")
        with _connected_to(app, "/crm/connector") as crm:
            yield crm


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (401, errors.Misconfigured, "crm_refused"),
        (403, errors.Misconfigured, "crm_refused"),
        (404, errors.NotFound, "contact_not_found"),
        (429, errors.Throttled, "crm_throttled"),
        (500, errors.UpstreamDown, "crm_down"),
        (302, errors.UpstreamDown, "crm_down"),
    ],
)
def test_a_refusal_of_the_crm_becomes_our_error(status: int, kind: type[errors.AppError], code: str) -> None:
    with impatient(), _connected_to(Response("{}", status)) as crm, pytest.raises(kind) as raised:
        crm.contact("acme", "one", "ann")
    assert raised.value.code == code


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[]",
        "{}",
        '{"contacts": null}',
        '{"contacts": [{"id": "a"}]}',
        '{"contacts": [{"id": "a", "name": "A", "kind": "stranger"}]}',
        '{"contacts": [{"id":"a","name":"A","kind":"lead","deals":[{"id":"d","name":"D","state":"half"}]}]}',
    ],
)
def test_an_answer_that_does_not_keep_to_the_contract_is_no_empty_answer(body: str) -> None:
    """An empty list would take labels off: only a well-formed one may say that nobody is known."""
    with impatient(), _connected_to(Response(body)) as crm, pytest.raises(errors.UpstreamDown):
        crm.lookup("acme", ["zoe@one.example"])


def test_a_well_formed_empty_answer_is_one() -> None:
    with _connected_to(Response('{"contacts": [], "more": "than asked"}')) as crm:
        assert list(crm.lookup("acme", ["zoe@one.example"])) == []


@contextmanager
def _connected_to(app: "WSGIApplication", path: str = "") -> Iterator[Connector]:
    def reading(environ: Any, start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        return app(environ, start_response)

    server = serve.make(reading, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}{path}"
        yield HttpConnector(HttpPool(), url, lambda: "service-token")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
