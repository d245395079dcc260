"""With --indexes the embedded Firestore refuses, as the cloud does, a query whose composite index is missing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud.firestore_v1.base_query import FieldFilter, Or

from local.firestore.terraform import TerraformError, parse_blocks, read_indexes
from tests.contracts.firestore_servers import embedded, ids

pytest_plugins = ["tests.contracts.firestore_fixtures"]

TERRAFORM = """
# A comment { with braces
terraform { required_version = ">= 1.6" }

resource "google_firestore_database" "main" {
  name    = "(default)"
  type    = "FIRESTORE_NATIVE"
  lifecycle { prevent_destroy = true }
  note    = <<-EOT
    resource "google_firestore_index" "not_one" {
  EOT
}

resource "google_firestore_index" "notices_by_mailbox" {
  project     = var.project
  database    = google_firestore_database.main.name
  collection  = "notices"
  query_scope = "COLLECTION"

  fields {
    field_path = "mailbox"
    order      = "ASCENDING" # equality
  }
  fields {
    field_path = "received_at"
    order      = "DESCENDING"
  }
  fields {
    field_path = "__name__"
    order      = "DESCENDING"
  }
}

resource "google_firestore_index" "notices_by_reader" {
  collection = "notices"
  fields { field_path = "read" }
  fields {
    field_path = "received_at"
    order      = "DESCENDING"
  }
}

resource "google_firestore_index" "notices_by_tag" {
  collection = "notices"
  fields {
    field_path   = "tags"
    array_config = "CONTAINS"
  }
  fields {
    field_path = "received_at"
    order      = "ASCENDING"
  }
}

resource "google_firestore_index" "group" {
  collection  = "shares"
  query_scope = "COLLECTION_GROUP"
  fields {
    field_path = "owner"
    order      = "ASCENDING"
  }
  fields {
    field_path = "contact"
    order      = "ASCENDING"
  }
}

resource "google_firestore_field" "owner" {
  collection = "shares"
  field      = "owner"
  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION_GROUP"
    }
  }
}

resource "google_firestore_field" "expires_at" {
  collection = "states"
  field      = "expires_at"
  ttl_config {}
  index_config {}
}
"""

Build = Callable[[Any], Any]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    file = tmp_path_factory.mktemp("terraform") / "firestore.tf"
    file.write_text(TERRAFORM)
    with embedded("--indexes", str(file)) as server:
        yield server.client()


def notices(*filters: tuple[str, str, Any], order: tuple[str, str] | None = None) -> Build:
    return lambda client: _narrowed(client.collection("notices"), filters, order)


def shares(*filters: tuple[str, str, Any], order: tuple[str, str] | None = None) -> Build:
    return lambda client: _narrowed(client.collection_group("shares"), filters, order)


def states(*filters: tuple[str, str, Any]) -> Build:
    return lambda client: _narrowed(client.collection("states"), filters, None)


def _narrowed(query: Any, filters: tuple[tuple[str, str, Any], ...], order: tuple[str, str] | None) -> Any:
    for each in filters:
        query = query.where(filter=FieldFilter(*each))
    return query.order_by(order[0], direction=order[1]) if order else query


def either(client: Any) -> Any:
    one, other = FieldFilter("mailbox", "==", "m"), FieldFilter("subject", "==", "s")
    return (
        client.collection("notices")
        .where(filter=Or([one, other]))
        .order_by("received_at", direction="DESCENDING")
    )


NEWEST, OLDEST = ("received_at", "DESCENDING"), ("received_at", "ASCENDING")


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(notices(), id="everything"),
        pytest.param(notices(("mailbox", "==", "m")), id="one equality"),
        pytest.param(notices(("mailbox", "==", "m"), ("from", "==", "f")), id="two equalities are merged"),
        pytest.param(notices(("received_at", ">", 1)), id="one range"),
        pytest.param(notices(order=NEWEST), id="one order"),
        pytest.param(notices(("tags", "array_contains", "t")), id="an array"),
        pytest.param(notices(("mailbox", "==", "m"), order=NEWEST), id="the composite index"),
        pytest.param(notices(("mailbox", "in", ["m"]), order=NEWEST), id="a list on the composite index"),
        pytest.param(
            notices(("mailbox", "==", "m"), ("read", "==", False), order=NEWEST), id="two composites merged"
        ),
        pytest.param(notices(("tags", "array_contains", "t"), order=OLDEST), id="an array composite"),
        pytest.param(shares(), id="a whole group"),
        pytest.param(shares(("owner", "==", "o")), id="a group field with an index"),
        pytest.param(shares(("owner", "==", "o"), ("contact", ">", "c")), id="a group composite"),
    ],
)
def test_a_query_with_its_index_is_answered(client: Any, build: Build) -> None:
    assert ids(build(client)) == []


@pytest.mark.parametrize(
    ("build", "fields"),
    [
        pytest.param(
            notices(("mailbox", "==", "m"), order=OLDEST),
            "mailbox ASCENDING, received_at ASCENDING",
            id="the other direction",
        ),
        pytest.param(
            notices(("from", "==", "f"), order=NEWEST),
            "from ASCENDING, received_at DESCENDING",
            id="another field",
        ),
        pytest.param(
            notices(("mailbox", "==", "m"), ("from", "==", "f"), order=NEWEST),
            "from ASCENDING, mailbox ASCENDING, received_at DESCENDING",
            id="a field that no merged index has",
        ),
        pytest.param(
            notices(("mailbox", ">", "m"), ("from", ">", "f")),
            "from ASCENDING, mailbox ASCENDING",
            id="two ranges",
        ),
        pytest.param(
            notices(("tags", "array_contains", "t"), order=NEWEST),
            "tags CONTAINS, received_at DESCENDING",
            id="an array in the other direction",
        ),
        pytest.param(either, "subject ASCENDING, received_at DESCENDING", id="one side of an or"),
        pytest.param(
            shares(("contact", "==", "c")), "contact ASCENDING", id="a group field without an index"
        ),
        pytest.param(
            states(("expires_at", "<", 1)), "expires_at ASCENDING", id="a field without its indexes"
        ),
    ],
)
def test_a_query_without_its_index_fails_and_says_which(client: Any, build: Build, fields: str) -> None:
    with pytest.raises(exceptions.FailedPrecondition, match="The query requires an index") as refused:
        ids(build(client))
    assert str(refused.value).endswith(f"fields {fields}")


def test_counts_and_sums_need_the_index_too(client: Any) -> None:
    by_mailbox = notices(("mailbox", "==", "m"))(client)
    assert int(by_mailbox.count(alias="n").get()[0][0].value) == 0
    with pytest.raises(exceptions.FailedPrecondition, match="mailbox ASCENDING, size ASCENDING"):
        by_mailbox.sum("size", alias="s").get()


def test_without_a_list_of_indexes_every_query_is_answered(embedded_firestore: Any) -> None:
    assert ids(notices(("mailbox", "==", "m"), order=OLDEST)(embedded_firestore.client())) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('resource "google_firestore_index" "a" {\n for_each = local.x\n}', "written out"),
        ('resource "google_firestore_index" "a" {\n dynamic "fields" {\n }\n}', "written out"),
        ('resource "google_firestore_index" "a" {\n collection = "c"\n}', "two fields"),
        (
            'resource "google_firestore_index" "a" {\n collection = var.c\n'
            ' fields { field_path = "a" }\n fields { field_path = "b" }\n}',
            "collection is not a plain string: var.c",
        ),
        ('resource "google_firestore_index" "a" {\n', "closing brace"),
        ("}", "line 1"),
    ],
)
def test_what_cannot_be_read_is_said_rather_than_guessed(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "firestore.tf"
    file.write_text(text)
    with pytest.raises(TerraformError, match=complaint):
        read_indexes(file)


def test_expressions_over_several_lines_are_one_attribute() -> None:
    text = 'locals {\n  a = {\n    b = [1, 2] // c\n  }\n  d = "}"\n}\n/* e { */\nvariable "f" {}\n'
    blocks = parse_blocks(text)
    assert [str(each) for each in blocks] == ["locals", "variable f"]
    assert blocks[0].attributes["d"] == '"}"'
    assert blocks[0].attributes["a"].endswith("}")
