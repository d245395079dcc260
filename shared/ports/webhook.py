"""The CRM's webhook."""

from typing import Protocol


class Webhook(Protocol):
    """The CRM's endpoint for events."""

    def send(self, url: str, message_id: str, body: str) -> int:
        """Posts once and answers the status, which is 2xx.

        Raises BadInput for a URL that may not be called, NotFound where the receiver wants no more, UpstreamDown
        where it does not take the event now.
        """
        ...
