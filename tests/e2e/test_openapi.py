"""Generated calls of every documented route against a running stack: no fault of ours, no answer but the documented.

`./dev test --no-check tests/e2e/test_openapi.py -k proxy --generated-calls 210 -rP` makes 5,000 calls of the proxy's;
`-k /oauth/` with 132 as many of a mailbox's life, `-k /notify/` with 500 and `-k /labeler/` with 420 of theirs.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.driver import Driver, Seller
from tests.local.waiting import until
from tests.seeds import drawn_seed

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLS_OF_ONE = 50
"""A Gmail user has 6,000 units a minute; sending a mail is 111 of them."""
SEED = drawn_seed()
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
    yield [_with_mail(stack) for _ in range(3)]
    stack.call("PUT", "/oauth/org", policy, token=stack.token("admin"), expect=200)


@dataclass
class Callers:
    """Who makes an operation's calls: a new seller after so many that a minute's quota could run out."""

    stack: Driver
    sellers: list[Seller]
    admin: bool
    calls: int = 0
    answers: Counter[int] = field(default_factory=Counter)

    def token(self) -> str:
        self.calls += 1
        if self.calls % CALLS_OF_ONE == 0:
            self.sellers = [_with_mail(self.stack), *self.sellers]
        return self.stack.token("admin") if self.admin else self.sellers[0].token

    def known(self) -> Mapping[str, str]:
        """Ids that exist, for the parameters of paths: otherwise every call would end at 404."""
        seller = self.sellers[0]
        listed = self.stack.raw("GET", "/proxy/messages", token=seller.token)
        page = listed.json().get("items", [])
        mail = page[0] if page else {"id": "none", "thread_id": "none"}
        letter = {"to": ["won@customers.example"], "text": "A draft."}
        draft = self.stack.raw("POST", "/proxy/drafts", letter, token=seller.token).json()
        return {
            "contact_id": "won",
            "mailbox": seller.mailbox,
            "mailbox_id": "nobodysmailboxatall",
            "mid": mail["id"],
            "message_id": mail["id"],
            "tid": mail["thread_id"],
            "aid": "1",
            "draft": draft.get("id", "none"),
        }


def _with_mail(stack: Driver) -> Seller:
    """A seller with everything on, and two mails with an attachment."""
    seller = stack.connect_next(mailmagnet=True, labels=True, sharing="custom")
    for number in range(2):
        mail = EmailMessage()
        mail["From"], mail["To"] = "won@customers.example", seller.email
        mail["Message-ID"] = f"<{number}.{seller.mailbox}@customers.example>"
        mail.set_content("See below.")
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="offer.pdf")
        stack.deliver_raw(seller.email, mail.as_bytes())
    return seller


def _sensible(case: Any, known: Mapping[str, str]) -> None:
    """Half of the generated calls are about what exists; always the same half."""
    if random.Random(repr((case.path_parameters, case.body))).random() < 0.5:  # noqa: S311 - a seeded test
        return
    case.path_parameters = {k: known.get(k, v) for k, v in (case.path_parameters or {}).items()}
    if isinstance(case.body, dict) and "text" in case.body:
        left_out = {"from", "cc", "bcc", "mode", "reply_to_message"}
        case.body = {k: v for k, v in case.body.items() if k not in left_out} | {
            "to": ["won@customers.example"]
        }


def _when_free(case: Any, url: str, token: str) -> Any:
    """The answer once no push of the mails just delivered is at work on the mailbox: until then a 503 says so."""
    answers: list[Any] = []

    def is_free() -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        answers.append(case.call(base_url=url, headers=headers, timeout=40, allow_redirects=False))
        busy = answers[-1].status_code == 503 and answers[-1].json().get("code") == "mailbox_busy"
        return not busy

    until(is_free, "the mailbox is free")
    return answers[-1]


@pytest.mark.parametrize("mode", GenerationMode, ids=str)
@pytest.mark.parametrize("name", OPERATIONS)
def test_generated_calls_get_documented_answers(
    stack: Driver, sellers: list[Seller], name: str, mode: GenerationMode, pytestconfig: pytest.Config
) -> None:
    operation = OPERATIONS[name]
    at = list(OPERATIONS).index(name) % len(sellers)
    admin = operation.definition.raw.get("x-permission") == "mail_admin"
    # Leaving is for somebody whom no other call needs.
    leaving = name == "DELETE /oauth/mailbox"
    callers = Callers(stack, [stack.connect_next()] if leaving else [sellers[at]], admin)
    known = callers.known() if "{" in name else {}
    print(f"seed {SEED}")

    @seed(SEED)
    @settings(
        max_examples=pytestconfig.getoption("generated_calls"),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        nonlocal known
        seller, token = callers.sellers[0], callers.token()
        if "{" in name and (callers.sellers[0] != seller or case.method in ("DELETE", "PUT")):
            known = callers.known()
        _sensible(case, known)
        response = _when_free(case, stack.url, token)
        callers.answers[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    check()
    print(f"{name}, {mode.value}: {sum(callers.answers.values())} calls answered {dict(callers.answers)}")


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
