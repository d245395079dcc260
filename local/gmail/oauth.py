"""Google's OAuth server as a WSGI application, and the access tokens it gave out.

`OAuthServer` answers the paths of `URL_MAP`; the Gmail API asks `OAuthServer.tokens` whom a token speaks for.
Shapes: https://developers.google.com/identity/protocols/oauth2/web-server
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import jwt
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from local.clock import LocalClock
from local.gmail.errors import unauthenticated
from local.gmail.oauth_authorize import Authorization
from local.gmail.oauth_identity import SigningKey, userinfo
from local.gmail.oauth_model import AccessGrant, Account, OAuthClient, Token, subject, write_scopes
from local.gmail.oauth_request import scope_descriptions
from local.gmail.oauth_store import OAuthStore
from local.gmail.oauth_token import TokenEndpoint, TokenError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

URL_MAP = Map(
    [
        Rule("/o/oauth2/v2/auth", methods=["GET"], endpoint="ask"),
        Rule("/o/oauth2/v2/auth", methods=["POST"], endpoint="decide"),
        Rule("/token", methods=["POST"], endpoint="token"),
        Rule("/revoke", methods=["POST"], endpoint="revoke"),
        Rule("/tokeninfo", methods=["GET", "POST"], endpoint="tokeninfo"),
        Rule("/userinfo", methods=["GET", "POST"], endpoint="userinfo"),
        Rule("/oauth2/v3/userinfo", methods=["GET", "POST"], endpoint="userinfo"),
        Rule("/oauth2/v3/certs", methods=["GET"], endpoint="certs"),
        Rule("/.well-known/openid-configuration", methods=["GET"], endpoint="configuration"),
        Rule("/_emulator/tokens/expire", methods=["POST"], endpoint="expire_tokens"),
        Rule("/_emulator/tokens/revoke", methods=["POST"], endpoint="revoke_tokens"),
    ]
)


class AccessTokens:
    """The access tokens that are alive, and their end on command."""

    def __init__(self, store: OAuthStore, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now

    def authenticate(self, bearer: str | None) -> AccessGrant:
        """The grant behind the token. Raises GoogleError 401 for None, unknown, expired and revoked."""
        token = self.find(bearer or "")
        if token is None:
            raise unauthenticated()
        return AccessGrant(token.email, token.scopes, token.client_id)

    def find(self, bearer: str) -> Token | None:
        """The live access token with this secret value."""
        token = self._store.find_token(bearer)
        if token is None or token.kind != "access" or token.expires_at <= self._now():
            return None
        return token

    def expire_account(self, email: str) -> int:
        """Makes the account's access tokens expired; its refresh tokens work on. How many there were."""
        return self._store.expire_access_tokens(email, self._now())

    def revoke_account(self, email: str) -> int:
        """Ends every access and refresh token of the account, as a password change does. How many."""
        return self._store.revoke_account(email)


class OAuthServer:
    """A WSGI application. `token_calls` counts requests to the token endpoint and may be set to 0.

    `public_url` (no slash at its end) is the issuer of ID tokens; without it, the host a request came to.
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        clients: Iterable[OAuthClient],
        clock: LocalClock,
        store: OAuthStore,
        public_url: str | None = None,
    ) -> None:
        def now() -> float:
            return clock.now().timestamp()

        self._accounts = {account.email: account for account in accounts}
        by_id = {client.client_id: client for client in clients}
        self._store = store
        self._public_url = public_url
        self._key = SigningKey()
        self._now = now
        self._authorization = Authorization(self._accounts, by_id, store, now)
        self._token_endpoint = TokenEndpoint(self._accounts, by_id, store, self._key, now)
        self.tokens = AccessTokens(store, now)
        self.token_calls = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        try:
            endpoint, _ = URL_MAP.bind_to_environ(environ).match()
            response = self._views()[endpoint](request)
        except HTTPException as refusal:
            return refusal(environ, start_response)
        return response(environ, start_response)

    def _views(self) -> Mapping[str, Callable[[Request], Response]]:
        return {
            "ask": self._authorization.ask,
            "decide": self._authorization.decide,
            "token": self._token,
            "revoke": self._revoke,
            "tokeninfo": self._tokeninfo,
            "userinfo": self._userinfo,
            "certs": lambda _: _json(self._key.jwks()),
            "configuration": self._configuration,
            "expire_tokens": lambda request: self._command(request, "expired", self.tokens.expire_account),
            "revoke_tokens": lambda request: self._command(request, "revoked", self.tokens.revoke_account),
        }

    def _issuer(self, request: Request) -> str:
        return self._public_url or request.host_url.rstrip("/")

    def _token(self, request: Request) -> Response:
        self.token_calls += 1
        try:
            return _json(self._token_endpoint.answer(request, self._issuer(request)))
        except TokenError as refusal:
            response = _json(refusal.body, refusal.status)
            if refusal.status == 401:
                response.headers["WWW-Authenticate"] = 'Basic realm="https://accounts.google.com/"'
            return response

    def _revoke(self, request: Request) -> Response:
        token = self._store.find_token(request.values.get("token", ""))
        if token is None or token.expires_at <= self._now():
            return _json({"error": "invalid_token", "error_description": "Token expired or revoked"}, 400)
        # At Google revoking any one token ends the client's access to the account: all its tokens die.
        self._store.revoke_client(token.email, token.client_id)
        return _json({})

    def _userinfo(self, request: Request) -> Response:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            bearer = request.values.get("access_token", "")
        token = self.tokens.find(bearer)
        if token is None:
            response = _json({"error": "invalid_request", "error_description": "Invalid Credentials"}, 401)
            response.headers["WWW-Authenticate"] = (
                'Bearer realm="https://accounts.google.com/", error="invalid_token"'
            )
            return response
        return _json(userinfo(self._accounts[token.email], token.scopes))

    def _tokeninfo(self, request: Request) -> Response:
        try:
            if "id_token" in request.values:
                claims = self._key.read(request.values["id_token"])
                return _json({name: str(value) for name, value in claims.items()})
        except jwt.InvalidTokenError:
            return _json({"error": "invalid_token", "error_description": "Invalid Value"}, 400)
        token = self.tokens.find(request.values.get("access_token", ""))
        if token is None:
            return _json({"error": "invalid_token", "error_description": "Invalid Value"}, 400)
        return _json(self._describe(token))

    def _describe(self, token: Token) -> dict[str, object]:
        claims = userinfo(self._accounts[token.email], token.scopes)
        email = {"email": token.email, "email_verified": "true"} if "email" in claims else {}
        offline = self._store.has_refresh_token(token.authorization_id)
        return {
            "azp": token.client_id,
            "aud": token.client_id,
            "sub": subject(token.email),
            "scope": write_scopes(token.scopes),
            "exp": str(int(token.expires_at)),
            "expires_in": str(int(token.expires_at - self._now())),
            "access_type": "offline" if offline else "online",
            **email,
        }

    def _configuration(self, request: Request) -> Response:
        issuer = self._issuer(request)
        return _json(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/o/oauth2/v2/auth",
                "token_endpoint": f"{issuer}/token",
                "revocation_endpoint": f"{issuer}/revoke",
                "userinfo_endpoint": f"{issuer}/oauth2/v3/userinfo",
                "jwks_uri": f"{issuer}/oauth2/v3/certs",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "code_challenge_methods_supported": ["plain", "S256"],
                "scopes_supported": ["openid", "email", "profile", *scope_descriptions()],
            }
        )

    def _command(self, request: Request, done: str, carry_out: Callable[[str], int]) -> Response:
        try:
            email = str(json.loads(request.get_data())["user"]).lower()
        except (ValueError, KeyError, TypeError):
            return _json({"error": 'expected {"user": "address"}'}, 400)
        if email not in self._accounts:
            return _json({"error": "no such user"}, 404)
        return _json({done: carry_out(email)})


def _json(body: Mapping[str, object], status: int = 200) -> Response:
    return Response(
        json.dumps(body, indent=2),
        status=status,
        mimetype="application/json",
        headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
    )
