"""The authorization endpoint: shows the consent page, turns the account's decision into a code."""

import secrets
from collections.abc import Callable, Mapping

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request, Response

from local.gmail.oauth_model import (
    SIGN_IN_SCOPES,
    Account,
    Code,
    Consent,
    OAuthClient,
    read_scopes,
    write_scopes,
)
from local.gmail.oauth_page import BOXES_SHOWN, REQUESTED_SCOPE, consent_page, error_page
from local.gmail.oauth_request import (
    AuthorizationRequest,
    RefusedByRedirect,
    RefusedOnPage,
    read_request,
)
from local.gmail.oauth_store import OAuthStore

CODE_LIFE_S = 600

# What Google's redirect adds for the two scopes that have a short name.
_SHORT_FORMS = {"email": "userinfo.email", "profile": "userinfo.profile"}


class Authorization:
    """The authorization endpoint for the seeded accounts and clients. `now`: the local clock in seconds."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        clients: Mapping[str, OAuthClient],
        store: OAuthStore,
        now: Callable[[], float],
    ) -> None:
        self._accounts = accounts
        self._clients = clients
        self._store = store
        self._now = now

    def ask(self, http: Request) -> Response:
        """GET: the consent page, or the answer to `prompt=none`, which shows none."""
        return self._refusing(lambda: self._ask(http))

    def decide(self, http: Request) -> Response:
        """POST: redirects with a code or with `error=access_denied`."""
        return self._refusing(lambda: self._decide(http))

    def _refusing(self, answer: Callable[[], Response]) -> Response:
        try:
            return answer()
        except RefusedOnPage as refusal:
            return error_page(refusal.status, refusal.error, refusal.detail)
        except RefusedByRedirect as refusal:
            return _redirect(refusal.location)

    def _ask(self, http: Request) -> Response:
        request = read_request(_single(http.args), self._clients)
        if not self._accounts:
            raise RefusedOnPage(400, "invalid_request", "The seed has no users.")
        if "none" in request.prompts:
            return self._answer_silently(request)
        return consent_page(request, self._accounts.values())

    def _answer_silently(self, request: AuthorizationRequest) -> Response:
        account = self._accounts.get(request.text("login_hint").lower())
        if account is None:
            raise RefusedByRedirect(request, "login_required")
        if not request.scopes <= self._store.consent(account.email, request.client.client_id).scopes:
            raise RefusedByRedirect(request, "interaction_required")
        return self._give_code(request, account, request.scopes)

    def _decide(self, http: Request) -> Response:
        # The form carries the request in hidden fields; a client that posts to the page's URL has it there.
        parameters = _single(http.args if "client_id" in http.args else http.form)
        if REQUESTED_SCOPE in parameters:
            parameters["scope"] = parameters[REQUESTED_SCOPE]
        request = read_request(parameters, self._clients)
        account = self._accounts.get(http.form.get("email", "").lower())
        decision = http.form.get("decision")
        if decision == "deny":
            raise RefusedByRedirect(request, "access_denied")
        if account is None or decision != "allow":
            raise RefusedOnPage(400, "invalid_request", "Choose an account, and allow or deny.")
        return self._give_code(request, account, _allowed_scopes(request, http.form))

    def _give_code(
        self, request: AuthorizationRequest, account: Account, allowed: frozenset[str]
    ) -> Response:
        if not allowed:
            raise RefusedByRedirect(request, "access_denied")
        client_id = request.client.client_id
        earlier = self._store.consent(account.email, client_id)
        scopes = allowed | earlier.scopes if request.includes_granted_scopes else allowed
        is_new = not allowed <= earlier.scopes or not earlier.offline
        code = self._store.add_code(
            Code(
                authorization_id=secrets.token_hex(16),
                email=account.email,
                client_id=client_id,
                redirect_uri=request.redirect_uri,
                scopes=scopes,
                nonce=request.text("nonce"),
                code_challenge=request.text("code_challenge"),
                code_challenge_method=request.text("code_challenge_method") or "plain",
                gives_refresh_token=request.offline and (is_new or "consent" in request.prompts),
                expires_at=self._now() + CODE_LIFE_S,
            )
        )
        self._store.add_consent(account.email, client_id, Consent(allowed, request.offline))
        return _redirect(
            request.answer(
                {"code": code, "scope": _redirect_scopes(scopes), "authuser": "0", "prompt": "consent"}
            )
        )


def _allowed_scopes(request: AuthorizationRequest, form: MultiDict[str, str]) -> frozenset[str]:
    """What was asked for without the boxes that were unticked; the sign-in scopes have no box."""
    boxes = form.getlist("scope")
    # Without the page's mark, a missing `scope` unticks nothing; beside `client_id` it is the request's own.
    if BOXES_SHOWN not in form and (not boxes or "client_id" in form):
        return request.scopes
    return request.scopes & (read_scopes(" ".join(boxes)) | SIGN_IN_SCOPES)


def _redirect_scopes(scopes: frozenset[str]) -> str:
    short = {name for name, long in _SHORT_FORMS.items() if any(scope.endswith(long) for scope in scopes)}
    return write_scopes(scopes | short)


def _single(values: MultiDict[str, str]) -> dict[str, str]:
    """Each parameter's value. Raises RefusedOnPage for one sent twice (RFC 6749 section 3.1), boxes apart."""
    for name, sent in values.lists():
        if len(sent) > 1 and name != "scope":
            raise RefusedOnPage(400, "invalid_request", f"Parameter sent more than once: {name}")
    return {name: value for name, value in values.items() if value}


def _redirect(location: str) -> Response:
    return Response(
        status=302,
        headers={"Location": location, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )
