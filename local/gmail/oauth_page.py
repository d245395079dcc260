"""The pages of the authorization endpoint: plain HTML without scripts, for browsers and for HTTP clients."""

from collections.abc import Iterable
from html import escape

from werkzeug.wrappers import Response

from local.gmail.oauth_model import Account
from local.gmail.oauth_request import AuthorizationRequest, scope_descriptions

# The hidden names that differ from the request's: `scope` is the name of the tick boxes.
REQUESTED_SCOPE = "requested_scope"
# Sent by every browser: without it, no `scope` field means a client that never saw the boxes, not one that
# unticked them all.
BOXES_SHOWN = "scope_boxes"

_STYLE = """
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1f1f1f; background: #f0f4f9; }
main { max-width: 30rem; margin: 3rem auto; padding: 2rem; background: #fff; border-radius: 1rem; }
h1 { font-size: 1.5rem; font-weight: 500; margin: 0 0 1rem; }
fieldset { border: 1px solid #747775; border-radius: .5rem; margin: 0 0 1rem; padding: .5rem 1rem; }
label { display: block; padding: .5rem 0; overflow-wrap: anywhere; }
small { display: block; margin-left: 1.7rem; color: #444746; }
button { font: inherit; padding: .5rem 1.5rem; border-radius: 2rem; border: 1px solid #0b57d0; }
button[value=allow] { color: #fff; background: #0b57d0; }
button[value=deny] { color: #0b57d0; background: #fff; }
:focus-visible { outline: 3px solid #041e49; outline-offset: 2px; }
.note { color: #444746; }
"""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def consent_page(request: AuthorizationRequest, accounts: Iterable[Account]) -> Response:
    """The account chooser and the scopes to allow, as one form that posts to the same path."""
    client = escape(request.client.name)
    return _page(
        200,
        f"Sign in with Google: {client}",
        f"""<h1>{client} wants to access your Google Account</h1>
<form method="post" action="/o/oauth2/v2/auth">
{_hidden_fields(request)}
{_account_chooser(list(accounts), request.text("login_hint"))}
{_scope_boxes(request.sensitive_scopes)}
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Deny</button>
</form>""",
    )


def error_page(status: int, error: str, detail: str) -> Response:
    """A refusal that must not travel to the redirect URI."""
    return _page(
        status,
        "Access blocked",
        f"<h1>Access blocked</h1>\n<p>{escape(detail)}</p>\n"
        f'<p class="note">Error {status}: {escape(error)}</p>',
    )


def _page(status: int, title: str, main: str) -> Response:
    html = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{main}
<p class="note">This page stands for Google's on this machine. No Google account is involved.</p>
</main>
</body>
</html>
"""
    return Response(html, status=status, mimetype="text/html", headers=_HEADERS)


def _hidden_fields(request: AuthorizationRequest) -> str:
    fields = {
        REQUESTED_SCOPE if name == "scope" else name: value for name, value in request.parameters.items()
    }
    fields[BOXES_SHOWN] = "shown"
    return "\n".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items()
    )


def _account_chooser(accounts: list[Account], login_hint: str) -> str:
    chosen = next((account for account in accounts if account.email == login_hint.lower()), accounts[0])
    rows = (
        f'<label><input type="radio" name="email" value="{escape(account.email)}" required'
        f"{' checked' if account is chosen else ''}> {escape(account.name or account.email)}"
        f" <small>{escape(account.email)}</small></label>"
        for account in accounts
    )
    return "<fieldset>\n<legend>Choose an account</legend>\n" + "\n".join(rows) + "\n</fieldset>"


def _scope_boxes(scopes: list[str]) -> str:
    if not scopes:
        return ""
    rows = (
        f'<label><input type="checkbox" name="scope" value="{escape(scope)}" checked>'
        f" {escape(scope_descriptions()[scope])} <small>{escape(scope)}</small></label>"
        for scope in scopes
    )
    return "<fieldset>\n<legend>Select what it can access</legend>\n" + "\n".join(rows) + "\n</fieldset>"
