"""Sends a webhook: signed as Standard Webhooks says, once, to a public address only.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import contextlib
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import urllib3
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from shared.domain.webhook_target import Target, is_public, parse_target
from shared.errors import BadInput, Misconfigured, NotFound, UpstreamDown

TIMEOUT: Final = urllib3.Timeout(connect=5.0, read=10.0)
"""Seconds: the receiver should take the event and work later."""

Resolve = Callable[[str, int], Sequence[str]]


class WebhookSender:
    """One POST an attempt; trying again is Pub/Sub's. Safe under threads."""

    def __init__(
        self,
        secret: Callable[[], str],
        private_hosts: Collection[str] = (),
        resolve: Resolve | None = None,
        tls: Mapping[str, Any] | None = None,
    ) -> None:
        """`secret` answers `whsec_…`. `private_hosts` may lie in our own network. `tls` goes to urllib3's pool."""
        self._secret = secret
        self._private_hosts = frozenset(private_hosts)
        self._resolve = resolve or _addresses
        self._tls = dict(tls or {})

    def send(self, url: str, message_id: str, body: str) -> int:
        """Posts one event and answers the receiver's status, which is 2xx.

        Raises BadInput for a URL that may not be called, NotFound where the receiver says 410 Gone, UpstreamDown for
        every other refusal, a redirect included, and Misconfigured where the signing secret is unusable.
        """
        target = parse_target(url, self._private_hosts)
        headers = self._signed(message_id, body)
        status = self._post(target, self._allowed(target), headers, body)
        if status == 410:
            raise NotFound("The receiver wants no more events.", code="webhook_gone")
        if not 200 <= status < 300:
            raise UpstreamDown("The receiver did not take the event.", code="webhook_refused")
        return status

    def _signed(self, message_id: str, body: str) -> dict[str, str]:
        try:
            webhook = Webhook(self._secret().strip())
        except (ValueError, EmptyWebhookSecretError):
            raise Misconfigured(
                "The webhook's signing secret is not whsec_ and base64.", code="webhook_secret"
            ) from None
        # Signatures live in the machine's own time: the receiver compares it with its own.
        now = datetime.now(UTC)
        return {
            "Content-Type": "application/json",
            "User-Agent": "crm-gmail",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": webhook.sign(message_id, now, body),
        }

    def _allowed(self, target: Target) -> Sequence[str]:
        """The addresses to try. They are used as they were checked: a second look-up could answer others."""
        addresses = self._resolve(target.host, target.port)
        if not target.may_be_private and not all(is_public(address) for address in addresses):
            raise BadInput("The webhook's host lies in a private network.", code="webhook_url_invalid")
        return addresses

    def _post(self, target: Target, addresses: Sequence[str], headers: Mapping[str, str], body: str) -> int:
        for address in addresses:
            try:
                return self._post_to(address, target, headers, body)
            except urllib3.exceptions.NewConnectionError:
                # Nothing was sent; another address of the same host may take it.
                continue
            except (urllib3.exceptions.HTTPError, OSError):
                break
        raise UpstreamDown("The receiver did not answer.", code="webhook_no_answer")

    def _post_to(self, address: str, target: Target, headers: Mapping[str, str], body: str) -> int:
        default = 443 if target.secure else 80
        host = target.host if target.port == default else f"{target.host}:{target.port}"
        kind: Any = urllib3.HTTPSConnectionPool if target.secure else urllib3.HTTPConnectionPool
        names = {"server_hostname": target.host, "assert_hostname": target.host} if target.secure else {}
        options = {
            "timeout": TIMEOUT,
            "retries": False,
            "maxsize": 1,
            **names,
            **(self._tls if target.secure else {}),
        }
        with kind(address, target.port, **options) as pool:
            answer = pool.request(
                "POST",
                target.path,
                body=body.encode(),
                headers={**headers, "Host": host},
                redirect=False,
                preload_content=False,
            )
            # Whatever the receiver has to say, only its status is of interest.
            with contextlib.closing(answer):
                return int(answer.status)


def _addresses(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UpstreamDown("The webhook's host is not known.", code="webhook_no_answer") from None
    # IPv4 first: where only one of them is served, it is that one.
    found.sort(key=lambda row: row[0] != socket.AF_INET)
    return list(dict.fromkeys(str(row[4][0]) for row in found))
