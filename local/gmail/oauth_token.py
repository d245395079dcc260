"""The token endpoint: codes and refresh tokens against access tokens (RFC 6749 sections 4.1.3, 5 and 6)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from werkzeug.wrappers import Request

from local.gmail.oauth_identity import SigningKey, id_token_claims
from local.gmail.oauth_model import OPENID, Account, Code, OAuthClient, Token, read_scopes, write_scopes
from local.gmail.oauth_store import OAuthStore

ACCESS_TOKEN_LIFE_S = 3599
# A refresh token that is not used for six months stops working.
# https://developers.google.com/identity/protocols/oauth2#expiration
REFRESH_TOKEN_IDLE_S = 183 * 86400


class TokenError(Exception):
    """A refusal of the token endpoint (RFC 6749 section 5.2). `status` is the HTTP status."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, "error_description": description}


@dataclass(frozen=True)
class TokenEndpoint:
    """Google's token endpoint for the seeded accounts and clients. `now` is the local clock in seconds."""

    accounts: Mapping[str, Account]
    clients: Mapping[str, OAuthClient]
    store: OAuthStore
    key: SigningKey
    now: Callable[[], float]

    def answer(self, http: Request, issuer: str) -> dict[str, object]:
        """The token response. Raises TokenError."""
        grant_type = _required(http, "grant_type")
        if grant_type not in ("authorization_code", "refresh_token"):
            raise TokenError("unsupported_grant_type", f"Invalid grant_type: {grant_type}")
        client = self._client(http)
        if grant_type == "refresh_token":
            return self._refresh(http, client, issuer)
        return self._exchange(http, client, issuer)

    def _client(self, http: Request) -> OAuthClient:
        client_id, secret = _client_credentials(http)
        client = self.clients.get(client_id)
        if client is None:
            raise TokenError("invalid_client", "The OAuth client was not found.", 401)
        if not hmac.compare_digest(client.client_secret.encode(), secret.encode()):
            raise TokenError("invalid_client", "Unauthorized", 401)
        return client

    def _exchange(self, http: Request, client: OAuthClient, issuer: str) -> dict[str, object]:
        value = _required(http, "code")
        code = self.store.find_code(value)
        if code is None or code.client_id != client.client_id:
            raise TokenError("invalid_grant", "Malformed auth code.")
        if code.redirect_uri != http.form.get("redirect_uri"):
            raise TokenError("redirect_uri_mismatch", "Bad Request")
        _check_verifier(code, http.form.get("code_verifier", ""))
        with self.store.transaction():
            if self.store.claim_code(value):
                answer = self._redeem(code, issuer)
            else:
                # A code that comes twice may have been stolen: what came from it ends (RFC 6749 section 4.1.2).
                self.store.revoke_authorization(code.authorization_id)
                answer = None
        if answer is None:
            raise TokenError("invalid_grant", "Bad Request")
        return answer

    def _redeem(self, code: Code, issuer: str) -> dict[str, object] | None:
        """The token response for a code that is used for the first time; None for one that is too old."""
        if code.expires_at <= self.now():
            return None
        answer = self._access(_meaning(code), issuer, code.nonce)
        if code.gives_refresh_token:
            idle_until = self.now() + REFRESH_TOKEN_IDLE_S
            answer["refresh_token"] = self.store.add_token(
                Token("refresh", code.authorization_id, code.email, code.client_id, code.scopes, idle_until)
            )
        return answer

    def _refresh(self, http: Request, client: OAuthClient, issuer: str) -> dict[str, object]:
        value = _required(http, "refresh_token")
        token = self.store.find_token(value)
        if token is None or token.kind != "refresh" or token.client_id != client.client_id:
            raise TokenError("invalid_grant", "Token has been expired or revoked.")
        if token.expires_at <= self.now():
            raise TokenError("invalid_grant", "Token has been expired or revoked.")
        wanted = read_scopes(http.form.get("scope", "")) or token.scopes
        if not wanted <= token.scopes:
            raise TokenError("invalid_scope", "Some requested scopes were invalid.")
        self.store.prolong(value, self.now() + REFRESH_TOKEN_IDLE_S)
        narrowed = Token(
            "refresh", token.authorization_id, token.email, token.client_id, wanted, token.expires_at
        )
        return self._access(narrowed, issuer, nonce="")

    def _access(self, source: Token, issuer: str, nonce: str) -> dict[str, object]:
        account = self.accounts.get(source.email)
        if account is None:
            raise TokenError("invalid_grant", "Account has been deleted")
        expires_at = self.now() + ACCESS_TOKEN_LIFE_S
        access_token = self.store.add_token(
            Token(
                "access", source.authorization_id, source.email, source.client_id, source.scopes, expires_at
            )
        )
        answer: dict[str, object] = {
            "access_token": access_token,
            "expires_in": ACCESS_TOKEN_LIFE_S,
            "scope": write_scopes(source.scopes),
            "token_type": "Bearer",
        }
        if OPENID in source.scopes:
            claims = id_token_claims(account, source, issuer, access_token, nonce)
            answer["id_token"] = self.key.sign(claims)
        return answer


def _meaning(code: Code) -> Token:
    return Token("code", code.authorization_id, code.email, code.client_id, code.scopes, code.expires_at)


def _required(http: Request, name: str) -> str:
    value = http.form.get(name, "")
    if not value:
        raise TokenError("invalid_request", f"Missing required parameter: {name}")
    return value


def _client_credentials(http: Request) -> tuple[str, str]:
    """Client id and secret, from the form or from HTTP Basic (form-encoded there, RFC 6749 section 2.3.1)."""
    scheme, _, encoded = http.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return http.form.get("client_id", ""), http.form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise TokenError("invalid_client", "Unauthorized", 401) from None
    return unquote_plus(client_id), unquote_plus(secret)


def _check_verifier(code: Code, verifier: str) -> None:
    """Proof of possession of the code (RFC 7636 section 4.6). Raises TokenError."""
    if not code.code_challenge:
        if verifier:
            raise TokenError("invalid_grant", "code_verifier or verifier is not needed.")
        return
    if not verifier:
        raise TokenError("invalid_grant", "Missing code verifier.")
    proof = verifier
    if code.code_challenge_method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if not hmac.compare_digest(proof.encode(), code.code_challenge.encode()):
        raise TokenError("invalid_grant", "Invalid code verifier.")
