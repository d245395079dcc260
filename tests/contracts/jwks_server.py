"""An issuer: keys of each accepted kind, their JWKS over HTTP, and tokens signed as the test likes."""

import base64
import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from werkzeug.wrappers import Request, Response

from local import serve

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ISSUER, AUDIENCE = "https://crm.example/crm", "crm-gmail"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class Issuer:
    """WSGI application that publishes `keys` (kid -> private key) and `others`, JWKs as they are.

    `name` is what its tokens say in `iss`; `ill` makes it fail with that status.
    """

    def __init__(self, name: str = ISSUER) -> None:
        self.name = name
        self.keys: dict[str, PrivateKey] = {
            "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
            "ES256": ec.generate_private_key(ec.SECP256R1()),
            "EdDSA": ed25519.Ed25519PrivateKey.generate(),
        }
        self.others: list[dict[str, str]] = []
        self.ill: int | None = None
        self.calls = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        self.calls += 1
        body = json.dumps({"keys": [*self.public_keys(), *self.others]})
        response = Response(body if self.ill is None else "{}", self.ill or 200)
        return response(Request(environ).environ, start_response)

    def public_keys(self) -> list[dict[str, Any]]:
        """The public halves of `keys` as JWKs."""
        return [public_jwk(kid, key) for kid, key in self.keys.items()]

    def claims(self, **changes: object) -> dict[str, Any]:
        """Honest claims of this issuer's, changed as the test likes."""
        return honest_claims(**{"iss": self.name, **changes})

    def token(self, algorithm: str, claims: object, **header: object) -> str:
        """Signed with this algorithm's own key, whatever the header or the claims say."""
        return self.signed(algorithm, {"alg": algorithm, "kid": algorithm, "typ": "JWT", **header}, claims)

    def signed(self, algorithm: str, header: object, claims: object) -> str:
        """The same with the whole header; bytes go out as they are, all else as JSON."""
        text = f"{part(header)}.{part(claims)}"
        return f"{text}.{encoded(signature(self.keys[algorithm], text.encode()))}"


def honest_claims(**changes: object) -> dict[str, Any]:
    """What a CRM puts into a token; a change to None takes a claim out."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "alice",
        "org": "harbour",
        "iat": now,
        "exp": now + 3000,
        "permissions": ["mail_integration"],
        "roles": ["sales"],
        "name": "Alice",
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def signature(key: PrivateKey, text: bytes) -> bytes:
    """RFC 7518 section 3.3, 3.4 and RFC 8037."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(text, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return key.sign(text)


def part(content: object) -> str:
    """One part of a compact token."""
    return encoded(content if isinstance(content, bytes) else json.dumps(content).encode())


def encoded(content: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def public_jwk(kid: str, key: PrivateKey) -> dict[str, Any]:
    """The public half as a JWK (RFC 7517)."""
    algorithms: Mapping[type, Any] = {
        rsa.RSAPublicKey: RSAAlgorithm,
        ec.EllipticCurvePublicKey: ECAlgorithm,
        ed25519.Ed25519PublicKey: OKPAlgorithm,
    }
    public = key.public_key()
    kind = next(found for known, found in algorithms.items() if isinstance(public, known))
    return {**kind.to_jwk(public, as_dict=True), "kid": kid, "use": "sig"}


def public_pem(key: PrivateKey) -> bytes:
    """The public half as everybody can download it."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@contextmanager
def serving(issuer: Issuer) -> Iterator[str]:
    """The URL of the issuer's JWKS, until the block ends."""
    server = serve.make(issuer, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks.json"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def plain_decode(issuer: Issuer, token: str, *, verify_signature: bool = True) -> Mapping[str, Any]:
    """What the library alone makes of a token: the control of our own checks. Raises jwt.PyJWTError."""
    algorithm = jwt.get_unverified_header(token)["alg"]
    key: Any = issuer.keys[algorithm].public_key() if algorithm in issuer.keys else ""
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=["RS256", "ES256", "EdDSA", "HS256", "none"],
        audience=AUDIENCE,
        issuer=ISSUER,
        options={"verify_signature": verify_signature},
    )
    return claims
