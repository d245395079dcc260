"""Generated calls of every documented route against a running stack: no fault of ours, no answer but the documented."""

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.driver import Driver, Seller

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8
SEED = random.SystemRandom().randrange(2**32)
SCHEMA = schemathesis.openapi.from_path(Path(__file__).parents[2] / "docs" / "openapi.yaml")
# An event stream does not end by itself; tests of its own read it.
ENDLESS = {"/notify/stream"}
OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation
    for operation in (result.ok() for result in SCHEMA.get_all_operations() if isinstance(result, Ok))
    if operation.path not in ENDLESS
}


@pytest.fixture(scope="module")
def sellers(stack: Driver) -> Iterator[list[Seller]]:
    """Several, so that no Gmail user's minute runs out; the policy is afterwards what it was before."""
    policy = stack.call("GET", "/oauth/org", token=stack.token("admin"), expect=200)
    found = [stack.connect_next(mailmagnet=True, labels=True, sharing="custom") for _ in range(3)]
    for seller in found:
        for _ in range(2):
            stack.deliver(seller.email, "won@customers.example")
    yield found
    stack.call("PUT", "/oauth/org", policy, token=stack.token("admin"), expect=200)


def known_values(stack: Driver, seller: Seller) -> Mapping[str, str]:
    """Ids that exist, for the parameters of paths: otherwise every call would end at 404."""
    page = stack.call("GET", "/proxy/messages", token=seller.token, expect=200)["items"]
    mail = page[0] if page else {"id": "none", "thread_id": "none"}
    return {
        "contact_id": "won",
        "mailbox": seller.mailbox,
        "mailbox_id": "nobodysmailboxatall",
        "mid": mail["id"],
        "message_id": mail["id"],
        "tid": mail["thread_id"],
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_generated_calls_get_documented_answers(stack: Driver, sellers: list[Seller], name: str) -> None:
    operation = OPERATIONS[name]
    seller = sellers[list(OPERATIONS).index(name) % len(sellers)]
    # Leaving is for somebody whom no other call needs.
    if name == "DELETE /oauth/mailbox":
        seller = stack.connect_next()
    admin = operation.definition.raw.get("x-permission") == "mail_admin"
    token = stack.token("admin") if admin else seller.token
    known = known_values(stack, sellers[0]) if "{" in name else {}
    print(f"seed {SEED}")

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        if random.Random(repr(case.path_parameters)).random() < 0.5:  # noqa: S311 - half of them, always the same
            case.path_parameters = {k: known.get(k, v) for k, v in (case.path_parameters or {}).items()}
        headers = {"Authorization": f"Bearer {token}"}
        response = case.call(base_url=stack.url, headers=headers, timeout=40, allow_redirects=False)
        case.validate_response(response, checks=CHECKS)

    check()


def test_an_answer_that_is_not_documented_is_found(stack: Driver, sellers: list[Seller]) -> None:
    """The control: the same checks over a document that promises another answer."""
    document = json.loads(json.dumps(SCHEMA.raw_schema))
    document["components"]["schemas"]["Mailbox"]["properties"]["email"]["type"] = "integer"
    wrong = schemathesis.openapi.from_dict(document)
    operation = wrong["/oauth/mailbox"]["GET"]
    case = operation.Case()
    response = case.call(base_url=stack.url, headers={"Authorization": f"Bearer {sellers[0].token}"})
    with pytest.raises(FailureGroup):
        case.validate_response(response, checks=CHECKS)
