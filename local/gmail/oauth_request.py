"""Reads and checks a request to the authorization endpoint.

Rules: https://developers.google.com/identity/protocols/oauth2/web-server and RFC 7636 (PKCE).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode, urlsplit, urlunsplit

from local.gmail.oauth_model import SIGN_IN_SCOPES, OAuthClient, read_scopes

PARAMETERS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "access_type",
    "prompt",
    "login_hint",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "include_granted_scopes",
)


class RefusedOnPage(Exception):
    """A request that must not be answered by a redirect: its client or redirect URI cannot be trusted."""

    def __init__(self, status: int, error: str, detail: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.detail = detail


class RefusedByRedirect(Exception):
    """A request whose error goes back to the client's redirect URI (RFC 6749 section 4.1.2.1)."""

    def __init__(self, request: "AuthorizationRequest", error: str, detail: str = "") -> None:
        super().__init__(error)
        self.location = request.answer({"error": error, **({"error_description": detail} if detail else {})})


@dataclass(frozen=True)
class AuthorizationRequest:
    """What a client asks of the authorization endpoint. `parameters` are the request's own, by name."""

    client: OAuthClient
    parameters: Mapping[str, str]

    @property
    def redirect_uri(self) -> str:
        return self.parameters["redirect_uri"]

    @property
    def scopes(self) -> frozenset[str]:
        return read_scopes(self.parameters.get("scope", ""))

    @property
    def sensitive_scopes(self) -> list[str]:
        """The scopes that the account may refuse one by one, in a stable order."""
        return sorted(self.scopes - SIGN_IN_SCOPES)

    @property
    def offline(self) -> bool:
        return self.parameters.get("access_type") == "offline"

    @property
    def includes_granted_scopes(self) -> bool:
        return self.parameters.get("include_granted_scopes") == "true"

    @property
    def prompts(self) -> frozenset[str]:
        return frozenset(self.parameters.get("prompt", "").split())

    def text(self, name: str) -> str:
        """A parameter's value, empty if it was not sent."""
        return self.parameters.get(name, "")

    def answer(self, values: Mapping[str, str]) -> str:
        """The redirect URI with these parameters and the state added to its query."""
        parts = urlsplit(self.redirect_uri)
        state = {"state": self.parameters["state"]} if "state" in self.parameters else {}
        added = urlencode({**state, **values})
        return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


@cache
def scope_descriptions() -> Mapping[str, str]:
    """Every scope of the Gmail API with Google's own words for it (from the discovery document)."""
    document = files("googleapiclient").joinpath("discovery_cache/documents/gmail.v1.json")
    scopes = json.loads(document.read_text(encoding="utf-8"))["auth"]["oauth2"]["scopes"]
    return {scope: entry["description"] for scope, entry in scopes.items()}


def read_request(parameters: Mapping[str, str], clients: Mapping[str, OAuthClient]) -> AuthorizationRequest:
    """The checked request. Raises RefusedOnPage or RefusedByRedirect."""
    client = clients.get(parameters.get("client_id", ""))
    if client is None:
        raise RefusedOnPage(401, "invalid_client", "The OAuth client was not found.")
    if parameters.get("redirect_uri", "") not in client.redirect_uris:
        raise RefusedOnPage(
            400, "redirect_uri_mismatch", "The redirect URI is not one that is registered for this client."
        )
    request = AuthorizationRequest(
        client, {name: parameters[name] for name in PARAMETERS if name in parameters}
    )
    _check(request)
    return request


def _check(request: AuthorizationRequest) -> None:
    if request.text("response_type") != "code":
        raise RefusedByRedirect(request, "unsupported_response_type")
    if not request.scopes:
        raise RefusedByRedirect(request, "invalid_request", "Missing required parameter: scope")
    unknown = request.scopes - SIGN_IN_SCOPES - scope_descriptions().keys()
    if unknown:
        raise RefusedByRedirect(request, "invalid_scope", f"Unknown: {' '.join(sorted(unknown))}")
    if request.text("access_type") not in ("", "online", "offline"):
        raise RefusedByRedirect(request, "invalid_request", "Invalid parameter value for access_type")
    if request.prompts - {"none", "consent", "select_account"} or (
        "none" in request.prompts and len(request.prompts) > 1
    ):
        raise RefusedByRedirect(request, "invalid_request", "Invalid parameter value for prompt")
    if request.text("code_challenge_method") not in ("", "S256", "plain"):
        raise RefusedByRedirect(request, "invalid_request", "Invalid code_challenge_method")
    if request.text("code_challenge_method") and not request.text("code_challenge"):
        raise RefusedByRedirect(request, "invalid_request", "Missing required parameter: code_challenge")
