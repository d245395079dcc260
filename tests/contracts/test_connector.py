"""The demo CRM keeps to the connector's contract, over the wire."""

import json
import threading
from collections.abc import Iterator

import pytest
import urllib3

from local.crm.app import CrmApp
from local.crm.models import Seed
from local.crm.records import Records
from local.crm.tokens import TokenSigner
from local.serve import make
from tests.contracts.connector_contract import RECORDS, ConnectorContract, ConnectorUnderTest
from tests.local.crm.ticking import TickingClock


class TestDemoCrm(ConnectorContract):
    """The demo CRM, with the contract's records."""

    @pytest.fixture
    def crm(self) -> Iterator[ConnectorUnderTest]:
        records = Records(Seed.model_validate(RECORDS), TickingClock().now)
        server = make(CrmApp(records, TokenSigner("http://crm.example/crm", "acme"), lambda: "token"), 0)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/crm"

        def set_addresses(contact_id: str, addresses: list[str]) -> None:
            body = json.dumps({"name": contact_id, "kind": "contact", "addresses": addresses})
            answer = urllib3.request("PUT", f"{url}/contacts/{contact_id}", body=body.encode())
            assert answer.status == 200

        def delete(contact_id: str) -> None:
            assert urllib3.request("DELETE", f"{url}/contacts/{contact_id}").status == 204

        yield ConnectorUnderTest(f"{url}/connector", "token", set_addresses, delete)
        server.shutdown()
        thread.join()
        server.server_close()
