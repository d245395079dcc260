"""Sends a webhook: signed as Standard Webhooks says, once, to a public address only.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final

import urllib3
import urllib3.connection
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError
from urllib3.util.ssl_match_hostname import CertificateError

from shared.domain.webhook_target import Target, is_public, parse_target
from shared.errors import Misconfigured, NotFound, UpstreamDown
from shared.tracing import outgoing

CONNECT_S: Final = 5.0
WITHIN_S: Final = 15.0
"""Seconds for one attempt in all: the receiver should take the event and work later. Below the function's time-out."""
MOST_SECRETS: Final = 2

Resolve = Callable[[str, int], Sequence[str]]


class WebhookSender:
    """One POST an attempt; trying again is Pub/Sub's. Safe under threads."""

    def __init__(
        self,
        secret: Callable[[], str],
        private_hosts: Collection[str] = (),
        resolve: Resolve | None = None,
        tls: Mapping[str, Any] | None = None,
        within_s: float = WITHIN_S,
    ) -> None:
        """`secret` answers `whsec_…`, or two of them with white space between while one replaces the other.

        `private_hosts` may lie in our own network. `tls` goes to urllib3's connection. `within_s` bounds an attempt.
        """
        self._secret = secret
        self._private_hosts = frozenset(private_hosts)
        self._resolve = resolve or _addresses
        self._tls = dict(tls or {})
        self._within_s = within_s

    def send(self, url: str, message_id: str, body: str) -> int:
        """Posts one event and answers the receiver's status, which is 2xx.

        Raises BadInput for a URL that may not be called, NotFound where the receiver says 410 Gone, UpstreamDown for
        every other refusal, a redirect included, and for a name that leads into a private network now, and
        Misconfigured where the signing secret is unusable.
        """
        target = parse_target(url, self._private_hosts)
        headers = {**self._signed(message_id, body), **outgoing()}
        status = self._post(target, self._allowed(target), headers, body)
        if status == 410:
            raise NotFound("The receiver wants no more events.", code="webhook_gone")
        if not 200 <= status < 300:
            raise UpstreamDown("The receiver did not take the event.", code="webhook_refused")
        return status

    def _signed(self, message_id: str, body: str) -> dict[str, str]:
        try:
            webhooks = [Webhook(secret) for secret in self._secret().split()]
        except (ValueError, EmptyWebhookSecretError):
            webhooks = []
        if not 0 < len(webhooks) <= MOST_SECRETS:
            raise Misconfigured(
                "The webhook's signing secret is not one or two of whsec_ and base64.", code="webhook_secret"
            )
        # Signatures live in the machine's own time: the receiver compares it with its own.
        now = datetime.now(UTC)
        return {
            "Content-Type": "application/json",
            "User-Agent": "crm-gmail",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            # A receiver takes the event if one of them is good.
            "webhook-signature": " ".join(webhook.sign(message_id, now, body) for webhook in webhooks),
        }

    def _allowed(self, target: Target) -> Sequence[str]:
        """The addresses to try. They are used as they were checked: a second look-up could answer others."""
        addresses = self._resolve(target.host, target.port)
        if not target.may_be_private and not all(is_public(address) for address in addresses):
            # The name may lead elsewhere again in an hour; what a policy may not say is for `parse_target`.
            raise UpstreamDown("The webhook's host lies in a private network.", code="webhook_private")
        return addresses

    def _post(self, target: Target, addresses: Sequence[str], headers: Mapping[str, str], body: str) -> int:
        ends_at = time.monotonic() + self._within_s
        for address in addresses:
            try:
                return self._post_to(address, target, headers, body, ends_at - time.monotonic())
            except urllib3.exceptions.NewConnectionError:
                # Nothing was sent; another address of the same host may take it.
                continue
            except (urllib3.exceptions.HTTPError, http.client.HTTPException, CertificateError, OSError):
                break
        raise UpstreamDown("The receiver did not answer.", code="webhook_no_answer")

    def _post_to(
        self, address: str, target: Target, headers: Mapping[str, str], body: str, within_s: float
    ) -> int:
        default = 443 if target.secure else 80
        host = target.host if target.port == default else f"{target.host}:{target.port}"
        if within_s <= 0:
            raise TimeoutError
        with closing(self._connection(address, target)) as connection, _cut_off(connection.line, within_s):
            connection.connect()
            connection.timeout = within_s
            connection.request(
                "POST",
                target.path,
                body=body.encode(),
                headers={**headers, "Host": host},
                preload_content=False,
            )
            # Whatever the receiver has to say, only its status is of interest.
            return int(connection.getresponse().status)

    def _connection(self, address: str, target: Target) -> "_Http":
        if not target.secure:
            return _Http(address, target.port, timeout=CONNECT_S)
        return _Https(
            address,
            target.port,
            timeout=CONNECT_S,
            server_hostname=target.host,
            assert_hostname=target.host,
            **self._tls,
        )


class _Line:
    """A second hold on a connection's socket: the first one is TLS's own from the handshake on."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []

    def hold(self, connected: socket.socket) -> None:
        self._sockets.append(connected.dup())

    def cut(self) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        for each in self._sockets:
            each.close()


class _Http(urllib3.connection.HTTPConnection):
    """Plain, with a line that can be cut."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.line = _Line()

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        self.line.hold(connected)
        return connected


class _Https(_Http, urllib3.connection.HTTPSConnection):
    """The same with TLS."""


@contextmanager
def _cut_off(line: _Line, within_s: float) -> Iterator[None]:
    """Ends a connection when its time is up. A time-out of the socket's begins anew with each byte that comes.

    Raises TimeoutError where that was so, also if a status had come: what is behind it never did.
    """
    is_cut = threading.Event()

    def cut() -> None:
        is_cut.set()
        line.cut()

    timer = threading.Timer(within_s, cut)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        line.let_go()
    if is_cut.is_set():
        raise TimeoutError


def _addresses(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UpstreamDown("The webhook's host is not known.", code="webhook_no_answer") from None
    # IPv4 first: where only one of them is served, it is that one.
    found.sort(key=lambda row: row[0] != socket.AF_INET)
    return list(dict.fromkeys(str(row[4][0]) for row in found))
