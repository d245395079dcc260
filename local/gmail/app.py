"""The whole emulator as one WSGI application: Gmail API, OAuth server, control calls."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from local.gmail.batch import PATHS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OAUTH_PREFIXES = ("/o/oauth2/", "/oauth2/", "/.well-known/", "/_emulator/tokens/")
OAUTH_PATHS = frozenset({"/token", "/tokeninfo", "/revoke", "/userinfo"})


def is_oauth(path: str) -> bool:
    """Whether a path belongs to Google's OAuth server rather than to the Gmail API."""
    return path in OAUTH_PATHS or path.startswith(OAUTH_PREFIXES)


class EmulatorApp:
    """Sends each path to the part that answers it; `/healthz` is answered here."""

    def __init__(
        self,
        gmail: "WSGIApplication",
        batch: "WSGIApplication",
        oauth: "WSGIApplication",
        control: "WSGIApplication",
    ) -> None:
        self._gmail = gmail
        self._batch = batch
        self._oauth = oauth
        self._control = control

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", "/"))
        if path == "/healthz":
            return Response('{"status":"ok"}', mimetype="application/json")(environ, start_response)
        if is_oauth(path):
            return self._oauth(environ, start_response)
        if path.startswith("/_emulator/"):
            return self._control(environ, start_response)
        if path in PATHS:
            return self._batch(environ, start_response)
        return self._gmail(environ, start_response)
