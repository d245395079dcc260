"""Forged tokens against the running stack: each of them is refused as the contract says, and nothing is written."""

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.adapters.tokens import LONGEST_TOKEN
from tests.contracts.jwks_server import Issuer
from tests.contracts.token_forgeries import SIGNED, UNSIGNED, forgeries
from tests.e2e.driver import Driver, Seller
from tests.e2e.own_signer import signer_of
from tests.e2e.raw_http import RawAnswer, RawConnection
from tests.e2e.test_bad_input import PROBLEM
from tests.seeds import drawn_seed

THREADS = 4
CALLS = (
    ("GET", "/oauth/mailbox", b""),
    ("PATCH", "/oauth/mailbox", b'{"sharing": "public"}'),
    ("GET", "/proxy/messages?limit=1", b""),
    ("GET", "/notify/notices", b""),
    ("GET", "/labeler/runs", b""),
)
"""Each of the functions, and one call that would change something."""


@pytest.fixture(scope="module")
def seller(stack: Driver) -> Seller:
    return stack.connect_next(mailmagnet=True)


@pytest.fixture(scope="module")
def signer(stack: Driver) -> Issuer:
    return signer_of(stack.url)


class Senders:
    """A connection for each thread that sends."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._mine = threading.local()

    def send(self, number: int, token: str) -> RawAnswer:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = RawConnection(self._port)
        method, path, body = CALLS[number % len(CALLS)]
        # What is no text at all goes out as an attacker would write it.
        authorization = b"Bearer " + token.encode("utf-8", "surrogatepass")
        answer: RawAnswer = self._mine.connection.call(method, path, authorization, body)
        return answer


def is_refused(answer: RawAnswer, token: str) -> bool:
    """401 in the contract's shape. What is no header, or too long for one, the server refuses before us (4xx)."""
    if answer.status == 431:
        return len(token) > LONGEST_TOKEN
    if answer.status == 400:
        return any(character in token for character in "\0\r\n")
    if answer.status != 401 or answer.headers["content-type"] != "application/problem+json":
        return False
    problem = answer.json()
    return set(problem) >= PROBLEM and (problem["status"], problem["act"]) == (401, "user")


def sendable(tokens: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without those that are honest when they arrive: HTTP takes white space off a value's end (RFC 9110, 5.5)."""
    return [(kind, token) for kind, token in tokens if token == token.rstrip(" \t\r\n")]


def send_all(stack: Driver, tokens: Sequence[tuple[str, str]]) -> list[RawAnswer]:
    """The answers, in the order of the tokens."""
    senders = Senders(stack.port)
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(senders.send, range(len(tokens)), [token for _, token in tokens]))


def test_forged_tokens_are_refused_over_http_and_change_nothing(
    stack: Driver, seller: Seller, signer: Issuer, request: pytest.FixtureRequest
) -> None:
    seed = drawn_seed()
    print(f"seed {seed}")
    of_each = request.config.getoption("--forgeries-of-each")
    tokens = sendable(forgeries(seed, of_each, signer))
    # Of 21 kinds; some that are drawn are honest when they arrive.
    assert len(tokens) >= 20 * of_each
    before = stack.stored()

    answers = send_all(stack, tokens)

    wrong = [
        (kind, token[:200], answer.status, answer.content[:300])
        for (kind, token), answer in zip(tokens, answers, strict=True)
        if not is_refused(answer, token)
    ]
    assert wrong == []
    assert stack.stored() == before
    in_our_shape = {kind for (kind, _), answer in zip(tokens, answers, strict=True) if answer.status == 401}
    assert in_our_shape >= {*UNSIGNED, *SIGNED} - {"far too long"}


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_the_control_an_honest_token_by_the_same_keys_and_client_is_let_in(
    stack: Driver, seller: Seller, signer: Issuer, algorithm: str
) -> None:
    user = seller.email.partition("@")[0]
    honest = signer.token(algorithm, signer.claims(sub=user))
    senders, before = Senders(stack.port), stack.stored()

    answers = [senders.send(number, honest) for number in range(len(CALLS))]

    assert [answer.status for answer in answers] == [200] * len(CALLS)
    assert all(not is_refused(answer, honest) for answer in answers)
    assert answers[1].json()["settings"]["sharing"] == "public"
    assert stack.stored() != before, "what a forged token would have changed"
    stack.call("PATCH", "/oauth/mailbox", {"sharing": "private"}, token=seller.token, expect=200)
