"""A pytest plugin: test modules that name it in `pytest_plugins` get these fixtures.

`firestore` runs a test once on each server. Where Google's emulator is not installed, the test's id and a line at
the end of the run say so.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contracts.firestore_servers import (
    EMBEDDED,
    OFFICIAL,
    OFFICIAL_IS_HERE,
    Firestore,
    embedded,
    official,
)

NOT_COMPARED = (
    "Google's Firestore emulator (Java) is not installed: the embedded server was compared with nothing"
)

if OFFICIAL_IS_HERE:
    _PARAMETERS = [pytest.param(EMBEDDED), pytest.param(OFFICIAL)]
else:
    _PARAMETERS = [pytest.param(EMBEDDED, id="embedded, OFFICIAL EMULATOR MISSING")]


@pytest.fixture(scope="session")
def embedded_firestore() -> Iterator[Firestore]:
    """The embedded server, in memory, without a list of indexes."""
    with embedded() as server:
        yield server


@pytest.fixture(scope="session")
def official_firestore() -> Iterator[Firestore]:
    """Google's emulator. A test that needs it is reported as skipped where it is missing."""
    if not OFFICIAL_IS_HERE:
        pytest.skip(NOT_COMPARED)
    with official() as server:
        yield server


@pytest.fixture(scope="session", params=_PARAMETERS)
def firestore(request: pytest.FixtureRequest) -> Firestore:
    """Each of the servers in turn."""
    server: Firestore = request.getfixturevalue(f"{request.param}_firestore")
    return server


@pytest.fixture(scope="session")
def client(firestore: Firestore) -> Any:
    """A client of the server's project."""
    return firestore.client()


@pytest.fixture
def collection(client: Any) -> Any:
    """A collection that nobody else uses."""
    return client.collection(f"c{uuid.uuid4().hex[:10]}")


@pytest.fixture
def document(collection: Any) -> Any:
    """A document that does not exist yet."""
    return collection.document("a")


@pytest.fixture
def letters(collection: Any, client: Any) -> Any:
    """A collection with five documents, a to e."""
    batch = client.batch()
    rows = [
        ("a", 1, "x", ["r"]),
        ("b", 2, "y", ["r", "g"]),
        ("c", 3, "x", ["g"]),
        ("d", 4, "y", []),
        ("e", 5, "x", ["b"]),
    ]
    for id, number, kind, tags in rows:
        fields = {"number": number, "kind": kind, "tags": tags, "nested": {"tenfold": number * 10}}
        batch.set(collection.document(id), fields)
    batch.commit()
    return collection


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says at the end of the run, where nobody overlooks it, that there was nothing to compare with."""
    if not OFFICIAL_IS_HERE:
        terminalreporter.section("FIRESTORE NOT COMPARED", red=True, bold=True)
        terminalreporter.write_line(NOT_COMPARED, red=True)
