"""Every query of the stores runs with the indexes that Terraform makes, and no others."""

import contextlib

import pytest
from google.api_core.exceptions import FailedPrecondition

from local.firestore.terraform import parse_blocks
from shared.adapters.firestore.documents import ALLOWED, field_filter
from shared.errors import AppError
from tests.contracts.firestore_servers import embedded
from tests.deploy.repository import TERRAFORM
from tests.deploy.store_queries import ListeningDocuments, asking_functions, calls


def test_no_query_of_a_store_needs_an_index_that_terraform_does_not_make() -> None:
    with embedded("--indexes", str(TERRAFORM / "firestore.tf")) as server:
        client = server.client()
        documents = ListeningDocuments(lambda: client)
        missing: list[str] = []
        for what, call in calls(documents):
            try:
                # Nothing is stored: what a method wants to find there may well not be.
                with contextlib.suppress(AppError):
                    call()
            except FailedPrecondition as error:
                missing.append(f"{what}: {error}")
        assert not missing, "write these into infra/terraform/firestore.tf"
        assert documents.asked == asking_functions(), "some query was not tried"


def test_a_query_over_two_fields_would_be_noticed() -> None:
    with embedded("--indexes", str(TERRAFORM / "firestore.tf")) as server:
        client = server.client()
        documents = ListeningDocuments(lambda: client)
        with pytest.raises(FailedPrecondition, match="requires an index"):
            documents.query(
                "mailboxes",
                lambda q: q.where(filter=field_filter("org", "==", "x")).order_by("connected_at"),
            )


def test_a_query_on_a_field_without_index_would_be_noticed() -> None:
    with embedded("--indexes", str(TERRAFORM / "firestore.tf")) as server:
        client = server.client()
        documents = ListeningDocuments(lambda: client)
        with pytest.raises(FailedPrecondition, match="requires an index"):
            documents.query("syncs", lambda q: q.order_by("handled_at"))


def test_every_collection_whose_documents_have_an_end_is_cleaned_by_it() -> None:
    ending = {collection for collection, fields in ALLOWED.items() if "expires_at" in fields}
    blocks = parse_blocks((TERRAFORM / "firestore.tf").read_text(encoding="utf-8"))
    cleaned = {
        block.text("collection")
        for block in blocks
        if block.labels[:1] == ["google_firestore_field"] and block.children("ttl_config")
    }
    assert cleaned == ending


def test_every_field_that_terraform_speaks_of_is_one_that_may_be_stored() -> None:
    for block in parse_blocks((TERRAFORM / "firestore.tf").read_text(encoding="utf-8")):
        if block.labels[:1] == ["google_firestore_field"]:
            assert block.text("field") in ALLOWED[block.text("collection")], str(block)
