"""Generated forgeries of the CRM's tokens, by what each of them tries. Two kinds: tokens that the issuer's key has
not signed, and tokens that it has signed although they say what no honest one says.
"""

import base64
import hashlib
import hmac
import json
import random
import string
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.contracts.jwks_server import (
    AUDIENCE,
    Issuer,
    PrivateKey,
    encoded,
    part,
    public_jwk,
    public_pem,
    signature,
)

ALGORITHMS = ("RS256", "ES256", "EdDSA")
FAST = ("ES256", "EdDSA")
"""Signing with RSA takes a hundred times longer; it is drawn only where it matters."""

Forge = Callable[[random.Random, Issuer], str]

_OTHERS: Mapping[str, PrivateKey] = {
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
"""An attacker's own keys."""


def _header(algorithm: str, **changes: object) -> dict[str, object]:
    return {"alg": algorithm, "kid": algorithm, "typ": "JWT", **changes}


def _claims(draw: random.Random, issuer: Issuer) -> dict[str, Any]:
    """Honest claims for somebody else each time, so that no two forgeries are the same."""
    return issuer.claims(sub=f"user-{draw.randrange(10**9)}")


def _honest(draw: random.Random, issuer: Issuer) -> str:
    return issuer.token(draw.choice(FAST), _claims(draw, issuer))


def _own_key(draw: random.Random, issuer: Issuer) -> str:
    algorithm = draw.choice(FAST)
    return _by_attacker(draw, issuer, _header(algorithm))


def _by_attacker(draw: random.Random, issuer: Issuer, header: Mapping[str, object]) -> str:
    text = f"{part(header)}.{part(_claims(draw, issuer))}"
    return f"{text}.{encoded(signature(_OTHERS[str(header['alg'])], text.encode()))}"


def _no_algorithm(draw: random.Random, issuer: Issuer) -> str:
    name: object = draw.choice(
        ["none", "None", "NONE", "nOnE", "", " none", "none\x00", None, 0, [], ["ES256"], {}]
    )
    kid = draw.choice(ALGORITHMS)
    signed = draw.choice(["", "AA", encoded(draw.randbytes(64))])
    return f"{part({'alg': name, 'kid': kid})}.{part(_claims(draw, issuer))}.{signed}"


def _public_key_as_secret(draw: random.Random, issuer: Issuer) -> str:
    kid = draw.choice(ALGORITHMS)
    pem = public_pem(issuer.keys[kid])
    jwk = json.dumps(public_jwk(kid, issuer.keys[kid])).encode()
    secret = draw.choice([pem, pem.strip(), pem.replace(b"\n", b"\r\n"), jwk, b"", b"\0" * 32, kid.encode()])
    name, digest = draw.choice(
        [("HS256", hashlib.sha256), ("HS384", hashlib.sha384), ("HS512", hashlib.sha512)]
    )
    text = f"{part(_header(name, kid=kid))}.{part(_claims(draw, issuer))}"
    return f"{text}.{encoded(hmac.new(secret, text.encode(), digest).digest())}"


def _swapped_algorithm(draw: random.Random, issuer: Issuer) -> str:
    """Honestly signed by one key, under the name of another algorithm or key."""
    signer, other = draw.sample(ALGORITHMS, 2)
    header = draw.choice([_header(other), _header(signer, kid=other), _header(other, kid=signer)])
    wrong = draw.choice(["ES384", "PS256", "RS512", "ES256K", "Ed25519", "es256", "EDDSA"])
    return issuer.signed(signer, draw.choice([header, _header(wrong, kid=signer)]), _claims(draw, issuer))


def _key_in_header(draw: random.Random, issuer: Issuer) -> str:
    algorithm = draw.choice(FAST)
    own = _OTHERS[algorithm]
    url = draw.choice(
        ["https://evil.example/jwks.json", f"{issuer.name}/jwks.json", "file:///dev/null", "//evil"]
    )
    brought: dict[str, object] = draw.choice(
        [
            {"jku": url},
            {"x5u": url},
            {"jwk": public_jwk(algorithm, own)},
            {"x5c": [base64.b64encode(draw.randbytes(200)).decode()]},
            {"crit": ["exp"]},
            {"crit": ["b64"], "b64": True},
            {"zip": "DEF"},
        ]
    )
    if draw.random() < 0.5:
        return issuer.token(algorithm, _claims(draw, issuer), **brought)
    return _by_attacker(draw, issuer, _header(algorithm, **brought))


def _odd_kid(draw: random.Random, issuer: Issuer) -> str:
    algorithm = draw.choice(FAST)
    kid = draw.choice(
        [
            "../../../../dev/null", "/dev/null", "..\\..\\windows", "%2e%2e%2f", "' OR '1'='1", "'; DROP TABLE keys",
            "| sleep 5", "$(id)", "http://evil.example/key", "", " ", "\x00", "ES256\x00", "ES256 ", "es256",
            "\u202eES256", "ＥＳ２５６", "k" * 5000, None, 0, 1, True, 1.5, [], ["ES256"], {}, {"ES256": 1}, [None],
        ]
    )  # fmt: skip
    return _by_attacker(draw, issuer, _header(algorithm, kid=kid))


def _odd_audience(draw: random.Random, issuer: Issuer) -> str:
    audience = draw.choice(
        [
            f"{AUDIENCE}-2", AUDIENCE[:-1], f" {AUDIENCE}", f"{AUDIENCE} ", AUDIENCE.upper(), f"{AUDIENCE}/", "",
            f"{AUDIENCE}\x00", "crm‐gmail", "сrm-gmail", "*", [AUDIENCE], [AUDIENCE, "other"], ["other", AUDIENCE],
            [], [[AUDIENCE]], {AUDIENCE: 1}, 0, True, f"https://{AUDIENCE}", f"{AUDIENCE},other", "crm-gmai\u017f",
        ]
    )  # fmt: skip
    return _said(draw, issuer, aud=audience)


def _odd_issuer(draw: random.Random, issuer: Issuer) -> str:
    iss = issuer.name
    scheme, _, rest = iss.partition("://")
    host, _, path = rest.partition("/")
    other = {"https": "http", "http": "https"}[scheme]
    name = draw.choice(
        [
            f"{iss}/", iss[:-1], iss.upper(), f"{other}://{rest}", f"{iss}.evil.example",
            f"https://evil.example/{iss}", f" {iss}", f"{iss}#", f"{iss}?", f"{iss}\x00", [iss],
            {"iss": iss}, 0, True, "", f"{scheme}://{host}", f"{scheme}://{host}/{path.upper()}",
            f"{scheme}://с{rest[1:]}", f"{scheme}://{host}@evil.example/{path}", f"{scheme}://{host}:443/{path}",
            f"{iss}/../{path}",
        ]
    )  # fmt: skip
    return _said(draw, issuer, iss=name)


def _odd_times(draw: random.Random, issuer: Issuer) -> str:
    now = int(time.time())
    change: dict[str, object] = draw.choice(
        [
            {"exp": now - draw.randrange(120, 10**6)},
            {"exp": now + draw.randrange(3800, 10**9)},
            {"exp": draw.choice([10**30, 1e18, -1, 0, -(10**20), 2**63])},
            {"exp": draw.choice([str(now + 600), True, [], {}, [now + 600], "", "tomorrow", "1e10"])},
            {"nbf": now + draw.randrange(120, 10**6)},
            {"nbf": draw.choice([str(now), True, [], {}, "", 1e308])},
            {"iat": now + draw.randrange(120, 10**6)},
            {"iat": draw.choice([str(now), True, [], {}, "", 1e308])},
        ]
    )
    return _said(draw, issuer, **change)


def _odd_identity(draw: random.Random, issuer: Issuer) -> str:
    odd = draw.choice(
        ["", " ", "a" * 257, 0, 1, True, 1.5, [], ["alice"], {}, {"id": "alice"}, "al\x00ice", "alice\n", " alice",
         "\u202ealice", "al\u200bice", "\u2028alice", "alice\ud800", "\x7f", "a\u00adb", "\ufeffalice"]
    )  # fmt: skip
    return _said(draw, issuer, **{draw.choice(["sub", "org"]): odd})


def _odd_lists(draw: random.Random, issuer: Issuer) -> str:
    odd = draw.choice(["mail_integration", "mail_admin", 0, True, {"mail_admin": True}, [1], [None], [["mail_admin"]],
                       "mail_integration mail_admin", [{}], [True], 1.5, ["mail_admin", 7], ["\udfff"]])  # fmt: skip
    return _said(draw, issuer, **{draw.choice(["permissions", "roles"]): odd})


def _missing_claim(draw: random.Random, issuer: Issuer) -> str:
    name = draw.choice(["iss", "aud", "exp", "sub", "org"])
    claims = {k: v for k, v in _claims(draw, issuer).items() if k != name}
    # Null is as good as missing.
    return issuer.token(draw.choice(FAST), claims if draw.random() < 0.5 else {**claims, name: None})


def _said(draw: random.Random, issuer: Issuer, **changes: object) -> str:
    return issuer.token(draw.choice(FAST), {**_claims(draw, issuer), **changes})


def _said_twice(draw: random.Random, issuer: Issuer) -> str:
    """A claim, or a header, that is there twice: honest in the reading of the one parser or the other."""
    algorithm, claims = draw.choice(FAST), _claims(draw, issuer)
    if draw.random() < 0.2:
        header = json.dumps(_header(algorithm))
        name = draw.choice(["alg", "kid"])
        doubled = f'{{"{name}": "{draw.choice(["none", "HS256", algorithm])}", {header[1:]}'
        return issuer.signed(algorithm, doubled.encode(), claims)
    name = draw.choice(list(claims))
    text = json.dumps(claims)
    again = json.dumps(draw.choice([claims[name], "mallory", 10**12]))
    escaped = f"\\u{ord(name[0]):04x}{name[1:]}" if draw.random() < 0.3 else name
    doubled = draw.choice([f'{{"{escaped}": {again}, {text[1:]}', f'{text[:-1]}, "{escaped}": {again}}}'])
    return issuer.signed(algorithm, _header(algorithm), doubled.encode())


def _no_object(draw: random.Random, issuer: Issuer) -> str:
    algorithm = draw.choice(FAST)
    content = draw.choice(
        [
            b"", b"[]", b"null", b"7", b'"text"', b"{", b"\xff\xfe", b"NaN", b"[" * 4000, b'{"a":' * 2500,
            json.dumps([issuer.claims()]).encode(), honest_bytes(issuer, "exp", b"NaN"),
            honest_bytes(issuer, "exp", b"Infinity"), honest_bytes(issuer, "iat", b"1e999"),
            honest_bytes(issuer, "exp", b"1" * 5000),
            json.dumps(issuer.claims()).encode("utf-16"),
            b"\xef\xbb\xbf" + json.dumps(issuer.claims()).encode(), json.dumps(issuer.claims()).encode() + b"}",
        ]
    )  # fmt: skip
    if draw.random() < 0.3:
        return issuer.signed(algorithm, content, _claims(draw, issuer))
    return issuer.signed(algorithm, _header(algorithm), content)


def honest_bytes(issuer: Issuer, name: str, value: bytes) -> bytes:
    """Honest claims, one value replaced by these bytes."""
    return json.dumps(issuer.claims(**{name: 4_242_424_242})).encode().replace(b"4242424242", value)


def _nested(draw: random.Random, issuer: Issuer) -> str:
    """A token in a token (RFC 7519 section 5.2): by an attacker's hand, or the claims of the inner one only."""
    inner = _honest(draw, issuer)
    header = _header("EdDSA", cty="JWT")
    if draw.random() < 0.5:
        return issuer.signed("EdDSA", header, inner.encode())
    return issuer.signed("EdDSA", header, draw.choice([{"jwt": inner}, [inner], inner]))


def _spoilt_signature(draw: random.Random, issuer: Issuer) -> str:
    head, _, signed = _honest(draw, issuer).rpartition(".")
    raw = base64.urlsafe_b64decode(signed + "==")
    flipped = bytearray(raw)
    flipped[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
    spoilt = draw.choice(
        [raw[: draw.randrange(1, len(raw))], raw + draw.randbytes(draw.randrange(1, 80)), bytes(flipped), raw + raw,
         raw[::-1], b"\0" * len(raw), b"\0", b"\xff" * len(raw), draw.randbytes(len(raw)), b"\0" + raw]
    )  # fmt: skip
    return f"{head}.{encoded(spoilt)}"


def _zero_ecdsa(draw: random.Random, issuer: Issuer) -> str:
    """r and s out of range (CVE-2022-21449): 0, n, and beyond."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    r, s = draw.choice(
        [(0, 0), (0, 1), (1, 0), (order, order), (0, order), (order, 1), (order + 1, 1), (2**256 - 1, 1)]
    )
    text = f"{part(_header('ES256'))}.{part(_claims(draw, issuer))}"
    return f"{text}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _other_content(draw: random.Random, issuer: Issuer) -> str:
    """The signature of one honest token under the content of another."""
    head, _, _signed = _honest(draw, issuer).rpartition(".")
    return f"{head}.{_honest(draw, issuer).rpartition('.')[2]}"


def _odd_base64(draw: random.Random, issuer: Issuer) -> str:
    """The same token, spelt as no encoder spells it."""
    head, body, signed = _honest(draw, issuer).split(".")
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    last = alphabet.index(signed[-1])
    at = draw.randrange(1, len(signed) - 1)
    odd = draw.choice(["=", " ", "\n", "\t", "\r\n", "\x00", "+", "/", "%3D", "é", "\u200b", ",", "A"])
    return draw.choice(
        [
            # The last letter of 64 bytes carries two bits only; another with the same two decodes to the same.
            f"{head}.{body}.{signed[:-1]}{alphabet[(last & ~15) | ((last + draw.randrange(1, 16)) & 15)]}",
            f"{head}.{body}.{signed[:at]}{odd}{signed[at:]}",
            f"{head}.{body}.{signed}{odd}",
            f"{head}.{body}{odd}.{signed}",
            f"{head}{odd}.{body}.{signed}",
            f"{odd}{head}.{body}.{signed}" if odd != " " else f"\u00a0{head}.{body}.{signed}",
            f"{head}. {body}.{signed}",
        ]
    )


def _odd_shape(draw: random.Random, issuer: Issuer) -> str:
    head, body, signed = _honest(draw, issuer).split(".")
    return draw.choice(
        [
            "", ".", "..", "...", head, f"{head}.{body}", f"{head}.{body}.", f".{body}.{signed}", f"{head}..{signed}",
            f"{head}.{body}.{signed}.", f"{head}.{body}.{signed}.{signed}", f".{head}.{body}.{signed}",
            f"{head}.{body}.{signed}.x.y", "a" * 20_000, f"{head}.{'A' * 20_000}.{signed}",
            f"{head}.{body}.{signed}" * 2,
            f'"{head}.{body}.{signed}"', f"{head}.{body}.{signed};{head}", f"Bearer {head}.{body}.{signed}",
            f"{head}\u2024{body}\u2024{signed}", f"{head}．{body}．{signed}", "\ud800", "🔑.🔑.🔑",
        ]
    )  # fmt: skip


def _oversized(draw: random.Random, issuer: Issuer) -> str:
    return _said(draw, issuer, padding="x" * draw.randrange(13_000, 60_000))


UNSIGNED: Mapping[str, Forge] = {
    "signed with another key": _own_key,
    "alg none": _no_algorithm,
    "the public key as a secret": _public_key_as_secret,
    "algorithm and key swapped": _swapped_algorithm,
    "an odd kid": _odd_kid,
    "a spoilt signature": _spoilt_signature,
    "an ECDSA signature out of range": _zero_ecdsa,
    "another token's signature": _other_content,
    "odd base64": _odd_base64,
    "an odd shape": _odd_shape,
}
"""The issuer has not signed these."""

SIGNED: Mapping[str, Forge] = {
    "a key in the header": _key_in_header,
    "an odd audience": _odd_audience,
    "an odd issuer": _odd_issuer,
    "odd times": _odd_times,
    "an odd user or organisation": _odd_identity,
    "odd permissions or roles": _odd_lists,
    "a claim left out": _missing_claim,
    "something said twice": _said_twice,
    "no JSON object": _no_object,
    "a token in a token": _nested,
    "far too long": _oversized,
}
"""The issuer has signed these (most of them): what they say is what is wrong."""


def forgeries(seed: int, of_each: int, issuer: Issuer) -> Iterator[tuple[str, str]]:
    """`of_each` tokens of every kind, with the kind's name."""
    draw = random.Random(seed)  # noqa: S311 - draws tests
    for name, forge in {**UNSIGNED, **SIGNED}.items():
        for _ in range(of_each):
            yield name, forge(draw, issuer)
