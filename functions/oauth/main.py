"""The life of a mailbox over HTTP: connect, settings, policy, disconnect.

Trigger: HTTPS behind the load balancer, path /oauth/*. Who may call: anybody reaches it; each route checks the
CRM's token itself, but for the popup's own pages. Needs: Firestore (read, write), the secrets of the OAuth client
and the token key, Pub/Sub nothing.
"""

import functions_framework
from werkzeug.wrappers import Request, Response

from functions.oauth.wiring import app


@functions_framework.http
def oauth(request: Request) -> Response:
    """Answers one request."""
    return app().handle(request)
