"""Who the account is: signed ID tokens, the keys that verify them, userinfo (OpenID Connect Core 1.0)."""

import base64
import hashlib
import secrets
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from local.gmail.oauth_model import EMAIL, PROFILE, Account, Token, subject

ID_TOKEN_LIFE_S = 3600


class SigningKey:
    """An RSA key made anew at each start, as Google's keys also change under a running client."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._kid = secrets.token_hex(20)

    def jwks(self) -> dict[str, Any]:
        """The public half as a JWK set (RFC 7517)."""
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        public = {name: jwk[name] for name in ("kty", "n", "e")}
        return {"keys": [{**public, "alg": "RS256", "use": "sig", "kid": self._kid}]}

    def sign(self, claims: dict[str, Any]) -> str:
        """A compact JWS of the claims, RS256."""
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._kid})

    def read(self, id_token: str) -> dict[str, Any]:
        """The claims of a token signed by this key. Raises jwt.InvalidTokenError."""
        claims: dict[str, Any] = jwt.decode(
            id_token, self._key.public_key(), algorithms=["RS256"], options={"verify_aud": False}
        )
        return claims


def id_token_claims(
    account: Account, source: Token, issuer: str, access_token: str, nonce: str
) -> dict[str, Any]:
    """Claims of an ID token. `iat` and `exp` are the machine's time: verifiers know no local clock."""
    now = int(time.time())
    claims = {
        "iss": issuer,
        "azp": source.client_id,
        "aud": source.client_id,
        "at_hash": access_token_hash(access_token),
        "iat": now,
        "exp": now + ID_TOKEN_LIFE_S,
        **userinfo(account, source.scopes),
    }
    return {**claims, "nonce": nonce} if nonce else claims


def userinfo(account: Account, scopes: frozenset[str]) -> dict[str, Any]:
    """Standard claims about the account, as far as the scopes allow."""
    claims: dict[str, Any] = {"sub": subject(account.email)}
    if account.hd:
        claims["hd"] = account.hd
    if EMAIL in scopes:
        claims |= {"email": account.email, "email_verified": True}
    if PROFILE in scopes:
        names = {
            "name": account.name,
            "given_name": account.given_name,
            "family_name": account.family_name,
            "picture": account.picture,
        }
        claims |= {claim: value for claim, value in names.items() if value}
    return claims


def access_token_hash(access_token: str) -> str:
    """`at_hash`: the left half of the SHA-256 digest (OpenID Connect Core section 3.1.3.6)."""
    digest = hashlib.sha256(access_token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode("ascii").rstrip("=")
