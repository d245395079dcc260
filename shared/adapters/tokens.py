"""Verifies signed tokens (RFC 7519, RFC 8725): the CRM's for users, Google's for pushes and schedules."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import jwt

from shared.adapters.jwks import Jwks
from shared.domain.caller import Caller
from shared.errors import NotAuthenticated

CRM_ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")
CRM_AUDIENCE: Final = "crm-gmail"
LEEWAY_S: Final = 60
LONGEST_LIFE_S: Final = 3600
LONGEST_TOKEN: Final = 16 * 1024


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
        if len(token) > LONGEST_TOKEN:
            raise NotAuthenticated("The token is too long.")
        header = jwt.get_unverified_header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in algorithms or not isinstance(kid, str) or "crit" in header:
            raise NotAuthenticated("The token is signed in a way that is not accepted.")
        claims: dict[str, Any] = jwt.decode(
            token,
            jwks.key(kid),
            # The algorithm is the one the header names, and the key's own type must fit it.
            algorithms=[algorithm],
            audience=audience,
            issuer=issuer,
            leeway=LEEWAY_S,
            options={"require": ["iss", "aud", "exp", *required], "strict_aud": True},
        )
    except jwt.ExpiredSignatureError:
        raise NotAuthenticated("The token has expired.", code="token_expired") from None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError, OverflowError):
        raise NotAuthenticated("The token does not verify.") from None
    return claims


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
        lifetime = float(claims["exp"]) - datetime.now(UTC).timestamp()
        if lifetime > LONGEST_LIFE_S + LEEWAY_S:
            raise NotAuthenticated("The token lives longer than an hour.")
        org, user = claims["org"], claims["sub"]
        if not (_is_id(org) and _is_id(user)):
            raise NotAuthenticated("The token does not name a user and an organisation.")
        name = claims.get("name")
        return Caller(
            org=org,
            user=user,
            permissions=_words(claims.get("permissions")),
            roles=_words(claims.get("roles")),
            name=name if isinstance(name, str) else "",
        )


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
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthenticated("This call needs a token: Authorization: Bearer …")
    return token.strip()


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 256


def _words(value: object) -> frozenset[str]:
    return frozenset(v for v in value if isinstance(v, str)) if isinstance(value, list) else frozenset()
