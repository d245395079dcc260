"""Labels in Gmail by deals.

Trigger: `labeler` HTTPS behind the load balancer, path /labeler/*; `tick` Cloud Scheduler, every ten minutes;
`label_mailbox` Pub/Sub's push, one mailbox a message. Who may call: anybody reaches `labeler`, where each route checks
the CRM's token itself; the private two admit only their own invoker's OIDC token. Needs: Firestore (read, write), the
secrets of the OAuth client and the token key; `labeler` the cursor key, it and `label_mailbox` the CRM's service token.
All publish events; `tick` and `label_mailbox` publish to the label topic.
"""

import functions_framework
from werkzeug.wrappers import Request, Response

from functions.labeler import wiring


@functions_framework.http
def labeler(request: Request) -> Response:
    """Answers one request of the CRM's pages."""
    return wiring.app().handle(request)


@functions_framework.http
def tick(request: Request) -> Response:
    """Finds the mailboxes that have work and publishes one message for each."""
    return wiring.tick(request)


@functions_framework.http
def label_mailbox(request: Request) -> Response:
    """Sorts one mailbox."""
    return wiring.label(request)
