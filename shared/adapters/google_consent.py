"""Google's OAuth server (RFC 6749, RFC 7636, RFC 9700; OpenID Connect for who consented)."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

import jwt
import urllib3

from shared.adapters.http_pool import HttpPool
from shared.adapters.jwks import Jwks
from shared.adapters.tokens import verify
from shared.errors import (
    AppError,
    BadInput,
    GrantLost,
    Misconfigured,
    NotAllowed,
    NotAuthenticated,
    Throttled,
    UpstreamDown,
)
from shared.ports.clock import Clock
from shared.ports.google_consent import AccessToken, Consent, UnprovenConsent
from shared.retry import again

ADMIN_REFUSALS: Final = frozenset({"admin_policy_enforced", "org_internal"})
"""https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors"""
EXPIRY_MARGIN: Final = timedelta(seconds=60)
"""A token is given up this long before Google does, so that none expires on its way."""


@dataclass(frozen=True)
class GoogleEndpoints:
    """Where Google's OAuth server listens, and who we are to it."""

    authorization_url: str
    token_url: str
    revoke_url: str
    issuer: str
    client_id: str
    redirect_uri: str


class GoogleOAuth:
    """The authorization code flow with PKCE, refresh and revocation. The secret is read at each use."""

    def __init__(
        self,
        pool: HttpPool,
        endpoints: GoogleEndpoints,
        client_secret: Callable[[], str],
        jwks: Jwks,
        clock: Clock,
    ) -> None:
        self._pool = pool
        self._endpoints = endpoints
        self._client_secret = client_secret
        self._jwks = jwks
        self._clock = clock

    def authorization_url(self, *, state: str, nonce: str, code_challenge: str, scopes: Sequence[str]) -> str:
        parameters = {
            "client_id": self._endpoints.client_id,
            "redirect_uri": self._endpoints.redirect_uri,
            "response_type": "code",
            "scope": " ".join(scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
            "access_type": "offline",
            # Without consent Google gives a refresh token only the first time.
            "prompt": "consent",
            # Without include_granted_scopes: an earlier gmail.metadata in the new token would forbid bodies and search.
        }
        return f"{self._endpoints.authorization_url}?{urlencode(parameters)}"

    def exchange(self, code: str, *, code_verifier: str, nonce: str) -> Consent:
        # A code is good once: a second try after a lost answer would make Google revoke the grant.
        answer = self._ask(
            {
                "grant_type": "authorization_code",
                "code": code,
                "code_verifier": code_verifier,
                "redirect_uri": self._endpoints.redirect_uri,
            }
        )
        try:
            return _consent(answer, self._identity(answer.get("id_token"), nonce))
        except (BadInput, UpstreamDown) as error:
            raise UnprovenConsent(_consent(answer, _told(answer.get("id_token"), error)), error) from None

    def refresh(self, refresh_token: str) -> AccessToken:
        answer = again(lambda: self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token}))
        life = timedelta(seconds=int(answer.get("expires_in", 0)))
        return AccessToken(
            str(answer["access_token"]), self._clock.now() + life - EXPIRY_MARGIN, _scopes(answer)
        )

    def revoke(self, token: str) -> bool:
        return again(lambda: self._revoke(token))

    def _revoke(self, token: str) -> bool:
        answer = self._pool.post_form(self._endpoints.revoke_url, {"token": token})
        if answer.status == 429:
            raise Throttled("Google asks to slow down.", retry_after_s=5.0)
        if answer.status >= 500:
            raise UpstreamDown("Google did not take the revocation.", code="google_down")
        return answer.status in (200, 400)

    def _ask(self, fields: Mapping[str, str]) -> dict[str, Any]:
        who = {"client_id": self._endpoints.client_id, "client_secret": self._client_secret()}
        try:
            answer = self._pool.post_form(self._endpoints.token_url, {**fields, **who})
        except UpstreamDown as fault:
            raise UpstreamDown(fault.detail, code="google_no_answer") from None
        document = _json(answer)
        if answer.status == 200 and "access_token" in document:
            return document
        raise _refusal(answer.status, document, fields["grant_type"])

    def _identity(self, id_token: object, nonce: str) -> Mapping[str, Any]:
        try:
            claims = verify(
                str(id_token),
                self._jwks,
                issuer=self._endpoints.issuer,
                audience=self._endpoints.client_id,
                algorithms=("RS256",),
                required=("sub", "email", "nonce"),
            )
        except NotAuthenticated:
            raise BadInput("Google's answer does not prove who consented.", code="id_token_invalid") from None
        if claims["nonce"] != nonce or claims.get("email_verified") is not True:
            raise BadInput("Google's answer does not prove who consented.", code="id_token_invalid")
        return claims


def _consent(answer: Mapping[str, Any], claims: Mapping[str, Any]) -> Consent:
    return Consent(
        email=str(claims["email"]),
        google_sub=str(claims["sub"]),
        scopes=_scopes(answer),
        refresh_token=answer.get("refresh_token"),
        access_token=str(answer["access_token"]),
        expires_in_s=int(answer.get("expires_in", 0)),
    )


def _told(id_token: object, error: AppError) -> Mapping[str, Any]:
    """Whose consent Google says it is, unproven. Raises `error` where it says nothing that can be read: nobody can
    tell then who lives on that consent, so it is not ended.
    """
    try:
        claims: Mapping[str, Any] = jwt.decode(str(id_token), options={"verify_signature": False})
    except jwt.PyJWTError:
        raise error from None
    if not all(isinstance(claims.get(name), str) and claims[name] for name in ("sub", "email")):
        raise error
    return claims


def _json(answer: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    try:
        document = json.loads(answer.data)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise UpstreamDown("Google's token endpoint answered with something else.", code="google_garbled")
    return document


def _refusal(status: int, document: Mapping[str, Any], grant_type: str) -> Exception:
    """What a refusal means: `invalid_grant` is final, a policy the admin's, `invalid_client` the operator's; the rest
    may pass. Google names one reason for a consent that was taken back, expired, or ended by a new password.
    """
    error, why = str(document.get("error", "")), str(document.get("error_description", "")).lower()
    if error == "invalid_grant":
        if grant_type == "refresh_token":
            subtype = str(document.get("error_subtype", ""))
            return GrantLost("Google has ended this consent; connect again.", code=_end_of(why, subtype))
        return BadInput("This consent was used or is too old; start again.", code="code_invalid")
    if error in ADMIN_REFUSALS:
        return NotAllowed(
            "The Google Workspace administrator has not allowed this app.", code="blocked_by_admin"
        )
    if error in ("invalid_client", "unauthorized_client"):
        return Misconfigured("Google does not accept the OAuth client.", code="oauth_client_invalid")
    if status == 429:
        return Throttled("Google asks to slow down.", retry_after_s=5.0)
    return UpstreamDown("Google's token endpoint had a fault.", code="google_down")


def _end_of(why: str, subtype: str) -> str:
    """Why a consent has ended, as far as Google tells: https://support.google.com/a/answer/9368756 names the second."""
    if "account has been" in why:
        return "account_gone"
    return "reauth_required" if "invalid_rapt" in (subtype, *re.findall(r"\w+", why)) else "grant_lost"


def _scopes(answer: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(str(answer.get("scope", "")).split()))
