"""The CRM's tokens: honest ones let a caller in, forged ones do not, and the issuer's keys are asked for sparingly."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from shared.adapters.http_pool import HttpPool
from shared.adapters.jwks import FRESH_S, REFETCH_S, Jwks
from shared.adapters.tokens import CrmTokens
from shared.domain.caller import Caller
from shared.errors import NotAuthenticated, UpstreamDown
from tests.contracts.jwks_server import (
    AUDIENCE,
    ISSUER,
    Issuer,
    encoded,
    honest_claims,
    part,
    plain_decode,
    serving,
    signature,
)
from tests.contracts.token_forgeries import SIGNED, UNSIGNED, forgeries
from tests.seeds import drawn_seed

OF_EACH = 260
KINDS = ("RS256", "ES256", "EdDSA")


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="module")
def url(issuer: Issuer) -> Iterator[str]:
    with serving(issuer) as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(url: str, clock: Clock) -> CrmTokens:
    return CrmTokens(Jwks(HttpPool(), url, clock), ISSUER)


def is_refused(tokens: CrmTokens, token: str) -> bool:
    try:
        tokens(f"Bearer {token}")
    except NotAuthenticated:
        return True
    return False


@pytest.mark.parametrize("algorithm", KINDS)
def test_an_honest_token_lets_its_user_in(tokens: CrmTokens, issuer: Issuer, algorithm: str) -> None:
    caller = tokens(f"Bearer {issuer.token(algorithm, honest_claims())}")

    assert caller == Caller(
        "harbour", "alice", frozenset({"mail_integration"}), frozenset({"sales"}), "Alice"
    )


def test_a_caller_is_known_until_the_token_ends(tokens: CrmTokens, issuer: Issuer) -> None:
    claims = honest_claims()
    caller = tokens(f"Bearer {issuer.token('RS256', claims)}")
    assert caller.until == datetime.fromtimestamp(claims["exp"], UTC)


@pytest.mark.parametrize(
    "changes",
    [
        # Functions of now: the list is made long before the test runs.
        lambda now: {"exp": int(now) - 30},
        lambda now: {"nbf": int(now) + 30},
        lambda now: {"exp": now + 600.5},
        lambda _now: {"iat": None, "roles": None, "name": None},
        lambda _now: {"name": "Zoë 張偉"},
        lambda _now: {"something": "else"},
    ],
    ids=[
        "expired by half a minute",
        "early by half a minute",
        "a broken second",
        "absent",
        "names",
        "others",
    ],
)
def test_clocks_may_differ_by_a_minute_and_optional_claims_may_be_absent(
    tokens: CrmTokens, issuer: Issuer, changes: Callable[[float], dict[str, object]]
) -> None:
    claims = honest_claims(**changes(time.time()))
    assert tokens(f"Bearer {issuer.token('ES256', claims)}").user == "alice"


def test_more_than_5000_forgeries_are_refused(tokens: CrmTokens, issuer: Issuer) -> None:
    seed = drawn_seed()
    print(f"seed {seed}")
    let_in: list[tuple[str, str]] = []
    seen: Counter[str] = Counter()
    for kind, token in forgeries(seed, OF_EACH, issuer):
        seen[kind] += 1
        # Any exception but NotAuthenticated ends the test here.
        if not is_refused(tokens, token):
            let_in.append((kind, token))

    assert let_in == []
    assert sum(seen.values()) >= 5000
    assert set(seen) == {*UNSIGNED, *SIGNED}


def test_without_the_signature_check_forged_tokens_would_be_let_in(issuer: Issuer) -> None:
    """The control: these fail for their signature alone, all else about them is right."""
    draw = random.Random(1)  # noqa: S311 - draws tests
    for kind in ("signed with another key", "an ECDSA signature out of range", "another token's signature"):
        token = UNSIGNED[kind](draw, issuer)
        assert plain_decode(issuer, token, verify_signature=False)["aud"] == AUDIENCE
        with pytest.raises(jwt.PyJWTError):
            plain_decode(issuer, token)


@pytest.mark.parametrize(
    "kind",
    ["a key in the header", "odd times", "odd permissions or roles", "something said twice", "far too long"],
)
def test_the_library_alone_would_let_some_in(tokens: CrmTokens, issuer: Issuer, kind: str) -> None:
    """The control of our own checks: without them these are good tokens."""
    draw = random.Random(2)  # noqa: S311 - draws tests
    made = [SIGNED[kind](draw, issuer) for _ in range(60)]
    taken = []
    for token in made:
        try:
            plain_decode(issuer, token)
        except (jwt.PyJWTError, TypeError, OverflowError):
            continue
        taken.append(token)

    assert taken
    assert all(is_refused(tokens, token) for token in taken)


def test_a_key_that_is_too_short_is_not_trusted(url: str, issuer: Issuer) -> None:
    issuer.keys["short"] = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - on purpose
    tokens = CrmTokens(Jwks(HttpPool(), url), ISSUER)
    text = f"{part({'alg': 'RS256', 'kid': 'short'})}.{part(honest_claims())}"
    token = f"{text}.{encoded(signature(issuer.keys.pop('short'), text.encode()))}"

    assert is_refused(tokens, token)


def test_a_time_too_large_for_a_float_is_refused_as_any_other_forgery(
    tokens: CrmTokens, issuer: Issuer
) -> None:
    claims = json.dumps(honest_claims(exp=0)).replace('"exp": 0', f'"exp": 1{"0" * 400}')
    assert is_refused(tokens, issuer.token("RS256", claims.encode()))


def test_a_symmetric_key_that_an_issuer_publishes_is_not_one_of_its_keys(url: str, issuer: Issuer) -> None:
    issuer.others.append({"kty": "oct", "kid": "shared", "k": encoded(b"k" * 32)})
    keys = Jwks(HttpPool(), url)

    assert keys.key("RS256").key_type == "RSA"
    with pytest.raises(NotAuthenticated):
        keys.key("shared")
    issuer.others.clear()


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "bearer\ttoken", "token"])
def test_a_header_without_a_token_is_refused(tokens: CrmTokens, header: str | None) -> None:
    with pytest.raises(NotAuthenticated):
        tokens(header)


def test_an_unknown_kid_causes_at_most_one_fetch_a_minute(
    url: str, issuer: Issuer, clock: Clock, tokens: CrmTokens
) -> None:
    tokens(f"Bearer {issuer.token('EdDSA', honest_claims())}")
    clock.now += REFETCH_S + 1
    before = issuer.calls
    for number in range(50):
        assert is_refused(tokens, issuer.token("EdDSA", honest_claims(), kid=f"made-up-{number}"))
    assert issuer.calls == before + 1

    clock.now += REFETCH_S + 1
    assert is_refused(tokens, issuer.token("EdDSA", honest_claims(), kid="made-up"))
    assert issuer.calls == before + 2, "the control: after a minute it is asked again"


def test_a_new_key_is_picked_up_and_a_withdrawn_one_stops_counting(clock: Clock) -> None:
    issuer = Issuer()
    with serving(issuer) as url:
        tokens = CrmTokens(Jwks(HttpPool(), url, clock), ISSUER)
        old = issuer.token("EdDSA", honest_claims())
        assert tokens(f"Bearer {old}").user == "alice"

        issuer.keys["EdDSA"], issuer.keys["new"] = ed25519.Ed25519PrivateKey.generate(), issuer.keys["ES256"]
        issuer.keys["ES256"] = ec.generate_private_key(ec.SECP256R1())
        clock.now += REFETCH_S + 1
        new = issuer.signed("new", {"alg": "ES256", "kid": "new"}, honest_claims(sub="bob"))

        assert tokens(f"Bearer {new}").user == "bob"
        assert is_refused(tokens, old)


def test_known_keys_are_fetched_anew_after_an_hour(
    url: str, issuer: Issuer, clock: Clock, tokens: CrmTokens
) -> None:
    honest = f"Bearer {issuer.token('EdDSA', honest_claims())}"
    tokens(honest)
    before = issuer.calls
    clock.now += FRESH_S - 1
    tokens(honest)
    assert issuer.calls == before
    clock.now += 2
    tokens(honest)
    assert issuer.calls == before + 1


@pytest.mark.parametrize("illness", ["down", "500", "an empty answer"])
def test_an_issuer_that_is_ill_does_not_lock_out_those_with_known_keys(clock: Clock, illness: str) -> None:
    issuer = Issuer()
    with serving(issuer) as url:
        tokens = CrmTokens(Jwks(HttpPool(), url, clock), ISSUER)
        honest = f"Bearer {issuer.token('EdDSA', honest_claims())}"
        tokens(honest)
        clock.now += FRESH_S + 1
        if illness != "down":
            issuer.ill = 500 if illness == "500" else 200
            assert tokens(honest).user == "alice"
            assert is_refused(tokens, issuer.token("EdDSA", honest_claims(), kid="made-up"))
    clock.now += FRESH_S + 1
    assert tokens(honest).user == "alice"
    assert is_refused(tokens, issuer.token("EdDSA", honest_claims(), kid="made-up"))


def test_without_any_key_the_caller_is_told_to_come_again(clock: Clock) -> None:
    issuer = Issuer()
    issuer.ill = 503
    with serving(issuer) as url:
        tokens = CrmTokens(Jwks(HttpPool(), url, clock), ISSUER)
        honest = f"Bearer {issuer.token('EdDSA', honest_claims())}"
        with pytest.raises(UpstreamDown):
            tokens(honest)
        issuer.ill = None
        clock.now += 2
        assert tokens(honest).user == "alice"


def test_many_threads_cause_one_fetch(issuer: Issuer, url: str) -> None:
    tokens = CrmTokens(Jwks(HttpPool(), url), ISSUER)
    honest = f"Bearer {issuer.token('EdDSA', honest_claims())}"
    before = issuer.calls
    with ThreadPoolExecutor(8) as pool:
        users = {caller.user for caller in pool.map(tokens, [honest] * 64)}

    assert users == {"alice"}
    assert issuer.calls == before + 1


def test_a_refusal_says_nothing_of_the_token(tokens: CrmTokens, issuer: Issuer) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        tokens(f"Bearer {issuer.token('EdDSA', honest_claims(sub=['canary-7181'], aud='canary-7181'))}")
    assert "canary" not in json.dumps([refused.value.detail, refused.value.code])
