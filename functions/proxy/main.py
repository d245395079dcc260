"""Mail over HTTP, live from Gmail: a contact's mail, one's own, single mails, threads, attachments; sending, drafts.

Trigger: HTTPS behind the load balancer, path /proxy/*. Who may call: anybody reaches it; each route checks the
CRM's token itself. Needs: Firestore (read; write to note a lost consent, an entry of the audit, a key of sent mail),
the secrets of the OAuth client, the token key, the cursor key and the CRM's service token.
"""

import functions_framework
from werkzeug.wrappers import Request, Response

from functions.proxy.wiring import app


@functions_framework.http
def proxy(request: Request) -> Response:
    """Answers one request."""
    return app().handle(request)
