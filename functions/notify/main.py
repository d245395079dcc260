"""MailMagnet: notices of contacts' mail, and the private jobs that bring them.

Trigger: `notify` HTTPS behind the load balancer, path /notify/*; `on_gmail_push` Pub/Sub's push of Gmail's topic;
`renew_watches` Cloud Scheduler, hourly, `recount` daily; `deliver_event` Pub/Sub's push of events. Who may call:
anybody reaches `notify`, where each route checks the CRM's token itself; the private four admit only their own
invoker's OIDC token. Needs: Firestore (read, write), the secrets of the OAuth client, the token key and the cursor
key, the CRM's service token, the webhook's signing key; all but `deliver_event` publish events.
"""

import functions_framework
from werkzeug.wrappers import Request, Response

from functions.notify import wiring


@functions_framework.http
def notify(request: Request) -> Response:
    """Answers one request of the CRM's pages."""
    return wiring.app().handle(request)


@functions_framework.http
def on_gmail_push(request: Request) -> Response:
    """Takes one notice of Gmail's that a mailbox changed."""
    return wiring.push(request)


@functions_framework.http
def renew_watches(request: Request) -> Response:
    """Renews the watches of this hour's mailboxes, long before they expire."""
    return wiring.renew(request)


@functions_framework.http
def recount(request: Request) -> Response:
    """Counts Gmail's messages of contacts against the notices, and repairs."""
    return wiring.recount(request)


@functions_framework.http
def deliver_event(request: Request) -> Response:
    """Sends one event to the CRM's webhook."""
    return wiring.deliver(request)
