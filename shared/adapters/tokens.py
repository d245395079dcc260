"""Verifies signed tokens (RFC 7519, RFC 8725): the CRM's for users, Google's for pushes and schedules."""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import jwt

from shared.adapters.jwks import Jwks
from shared.adapters.strict_json import parse_object
from shared.domain.caller import Caller
from shared.errors import NotAuthenticated

CRM_ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")
CRM_AUDIENCE: Final = "crm-gmail"
LEEWAY_S: Final = 60
LONGEST_LIFE_S: Final = 3600
LONGEST_TOKEN: Final = 16 * 1024
LONGEST_KID: Final = 256
LONGEST_NAME: Final = 256

_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
"""RFC 7515 section 7.1: three parts of base64url without padding, and nothing around them."""
_REFUSED_HEADERS: Final = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"})
"""Headers that bring or name a key, or change how the rest is read: keys come from the issuer's own URL only."""
_TIMES: Final = ("exp", "nbf", "iat")


def verify(
    token: str,
    jwks: Jwks,
    *,
    issuer: str,
    audience: str,
    algorithms: tuple[str, ...],
    required: tuple[str, ...],
) -> Mapping[str, Any]:
    """The claims of a token that is signed, in time, from `issuer` and for `audience`.

    Raises NotAuthenticated otherwise, with no word of the token in it.
    """
    try:
        header, claims = _parts(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in algorithms or not _REFUSED_HEADERS.isdisjoint(header):
            raise NotAuthenticated("The token is signed in a way that is not accepted.")
        if not (isinstance(kid, str) and 0 < len(kid) <= LONGEST_KID):
            raise NotAuthenticated("The token does not name its key.")
        jwt.decode(
            token,
            jwks.key(kid),
            # The algorithm is the one the header names, and the key's own type must fit it.
            algorithms=[algorithm],
            audience=audience,
            issuer=issuer,
            leeway=LEEWAY_S,
            options={
                "require": ["iss", "aud", "exp", *required],
                "strict_aud": True,
                "enforce_minimum_key_length": True,
            },
        )
    except jwt.ExpiredSignatureError:
        raise NotAuthenticated("The token has expired.", code="token_expired") from None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError, OverflowError):
        raise NotAuthenticated("The token does not verify.") from None
    return claims


def _parts(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims, each with one meaning only. Nothing is verified yet. Raises ValueError, NotAuthenticated."""
    if len(token) > LONGEST_TOKEN:
        raise NotAuthenticated("The token is too long.")
    if not _COMPACT.fullmatch(token):
        raise NotAuthenticated("The token is not three parts of base64url.")
    header, claims = (parse_object(_decoded(part)) for part in token.split(".")[:2])
    for name in _TIMES:
        # The library would take "1790000000" and true for a time (RFC 7519 section 2: a NumericDate is a number).
        if name in claims and (isinstance(claims[name], bool) or not isinstance(claims[name], int | float)):
            raise NotAuthenticated("The token has a time that is not a number.")
    return header, claims


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class CrmTokens:
    """Lets CRM users in by the CRM's token."""

    def __init__(self, jwks: Jwks, issuer: str) -> None:
        self._jwks = jwks
        self._issuer = issuer

    def __call__(self, authorization: str | None) -> Caller:
        """The caller behind an Authorization header. Raises NotAuthenticated or UpstreamDown."""
        claims = verify(
            _bearer(authorization),
            self._jwks,
            issuer=self._issuer,
            audience=CRM_AUDIENCE,
            algorithms=CRM_ALGORITHMS,
            required=("sub", "org"),
        )
        # Compared and not computed with: a whole number of any length is a time, and may be no float.
        if claims["exp"] > datetime.now(UTC).timestamp() + LONGEST_LIFE_S + LEEWAY_S:
            raise NotAuthenticated("The token lives longer than an hour.")
        org, user, name = claims["org"], claims["sub"], claims.get("name", "")
        if not (_is_id(org) and _is_id(user)):
            raise NotAuthenticated("The token does not name a user and an organisation.")
        if not isinstance(name, str):
            raise NotAuthenticated("The token's name is not a text.")
        permissions, roles = _words(claims.get("permissions", [])), _words(claims.get("roles", []))
        until = datetime.fromtimestamp(claims["exp"], UTC)
        return Caller(org, user, permissions, roles, name[:LONGEST_NAME], until)


class InvokerTokens:
    """Lets one Google service account in: Pub/Sub's push or Cloud Scheduler, by its OIDC token.

    Both `aud` and `email` are checked: a token of Google's for somebody else's endpoint verifies too.
    """

    def __init__(self, jwks: Jwks, issuer: str, audience: str, email: str) -> None:
        self._jwks = jwks
        self._issuer = issuer
        self._audience = audience
        self._email = email

    def __call__(self, authorization: str | None) -> None:
        """Raises NotAuthenticated unless the header carries that account's token for this entry point."""
        claims = verify(
            _bearer(authorization),
            self._jwks,
            issuer=self._issuer,
            audience=self._audience,
            algorithms=("RS256",),
            required=("email",),
        )
        if claims["email"] != self._email or claims.get("email_verified") is not True:
            raise NotAuthenticated("The token is another service account's.")


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthenticated("This call needs a token: Authorization: Bearer …")
    return token.lstrip(" ")


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 256 and value.isprintable() and value == value.strip()


def _words(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise NotAuthenticated("The token's permissions or roles are not a list of texts.")
    return frozenset(value)
