"""One thread-safe HTTP pool, and the httplib2-shaped face that google-api-python-client wants.

httplib2 is not thread-safe: a Gmail client shared by threads hands callers each other's mail. It also
re-sends a dropped POST by itself. This transport does neither: urllib3's pool gives each request a
connection of its own, and nothing is ever sent twice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import urllib3
from opentelemetry.trace import SpanKind

from shared.deadline import TIME_IS_UP, remaining
from shared.errors import UpstreamDown
from shared.tracing import Span, outgoing, span

if TYPE_CHECKING:
    import httplib2

TIMEOUT: Final = urllib3.Timeout(connect=5.0, read=25.0)
"""Seconds. Below the 30 s that a whole call may take; less where less is left of them."""


class HttpPool:
    """Connections to Google and the CRM, kept alive and shared by all threads of a process."""

    def __init__(self, connections_per_host: int = 64, timeout: urllib3.Timeout = TIMEOUT) -> None:
        self._manager = urllib3.PoolManager(
            num_pools=16, maxsize=connections_per_host, retries=False, timeout=timeout
        )
        self._timeout = timeout

    def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes | str | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """Sends one request, once, without following redirects. Raises UpstreamDown where no answer came."""
        with _no_answer(), _calling(method, url) as call:
            answer = self._manager.request(
                method,
                url,
                body=body,
                headers={**(headers or {}), **outgoing()},
                redirect=False,
                timeout=_within(self._timeout),
            )
            call.note(status=answer.status)
            return answer

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str]) -> Iterator[urllib3.BaseHTTPResponse]:
        """A GET whose body is read in the block, piece by piece (`stream`). Raises UpstreamDown as above."""
        with _no_answer(), _calling("GET", url) as call:
            answer = self._manager.request(
                "GET",
                url,
                headers={**headers, **outgoing()},
                redirect=False,
                preload_content=False,
                timeout=_within(self._timeout),
            )
            call.note(status=answer.status)
        try:
            with _no_answer():
                yield answer
        finally:
            # A body that was not read to its end leaves a connection that nobody can use again.
            answer.close()

    def post_form(self, url: str, fields: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        """Posts an HTML form, as OAuth's endpoints want it (RFC 6749 appendix B)."""
        return self.send(
            "POST", url, body=urlencode(fields), headers={"Content-Type": "application/x-www-form-urlencoded"}
        )


def _calling(method: str, url: str) -> AbstractContextManager[Span]:
    """A span by method and host: a path holds ids and addresses, a query what a user searches for."""
    return span(f"{method} {urlsplit(url).hostname}", SpanKind.CLIENT)


@contextmanager
def _no_answer() -> Iterator[None]:
    try:
        yield
    except (urllib3.exceptions.HTTPError, OSError) as fault:
        # The fault's text may hold the URL, and a URL may hold search words: only its class goes on.
        raise UpstreamDown(f"No answer came back ({type(fault).__name__}).", code="no_answer") from None


def _within(timeout: urllib3.Timeout) -> urllib3.Timeout:
    left = remaining()
    if left is None:
        return timeout
    if left == 0.0:
        raise UpstreamDown("The time for this call is used up.", code=TIME_IS_UP)
    connect, read = timeout.connect_timeout, timeout.read_timeout
    return urllib3.Timeout(
        connect=min(connect, left) if isinstance(connect, float) else left,
        read=min(read, left) if isinstance(read, float) else left,
    )


class Bearer:
    """One user's access token, in the duck-typed shape of credentials that google-api-python-client takes.

    `renew(None)` answers a token; `renew(rejected)` answers another one, or raises GrantLost.
    """

    access_token_expired = False

    def __init__(self, renew: Callable[[str | None], str]) -> None:
        self._renew = renew
        self.access_token = renew(None)

    def refresh(self, _http: object = None) -> None:
        """Replaces a token that Google did not take."""
        self.access_token = self._renew(self.access_token)

    def apply(self, headers: MutableMapping[str, str]) -> None:
        """Signs one request."""
        headers["authorization"] = f"Bearer {self.access_token}"


class BearerHttp:
    """The `http=` of google-api-python-client, for one user's token."""

    def __init__(
        self, pool: HttpPool, credentials: Bearer, gate: AbstractContextManager[None] | None = None
    ) -> None:
        """`gate` is entered for each request; it may wait."""
        self._pool = pool
        self.credentials = credentials
        self._gate: AbstractContextManager[None] = gate if gate is not None else nullcontext()

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: bytes | str | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,
        connection_type: object = None,
    ) -> "tuple[httplib2.Response, bytes]":
        """Sends once and answers as httplib2 does. Raises UpstreamDown where no answer came.

        A 401 means that nothing was done: with a new token the request goes out once more.
        """
        import httplib2  # noqa: PLC0415 - a tenth of a cold start; only a call to Gmail needs it

        answer = self._send(uri, method, body, headers)
        if answer.status == 401:
            self.credentials.refresh()
            answer = self._send(uri, method, body, headers)
        seen = {name.lower(): value for name, value in answer.headers.items()}
        response = httplib2.Response({**seen, "status": str(answer.status)})
        response.reason = answer.reason or ""
        return response, answer.data

    @contextmanager
    def stream(self, uri: str) -> Iterator[urllib3.BaseHTTPResponse]:
        """A GET whose body is read in the block. Raises UpstreamDown; a 401 is met as above."""
        for last in (False, True):
            signed: dict[str, str] = {}
            self.credentials.apply(signed)
            with ExitStack() as stack:
                # Gmail has done its part when it answers; whoever reads slowly keeps no place from others.
                with self._gate:
                    answer = stack.enter_context(self._pool.stream(uri, signed))
                if answer.status != 401 or last:
                    yield answer
                    return
            self.credentials.refresh()

    def close(self) -> None:
        """Nothing to close: the pool outlives the client."""

    def _send(
        self,
        uri: str,
        method: str,
        body: bytes | str | Iterable[bytes] | None,
        headers: Mapping[str, str] | None,
    ) -> urllib3.BaseHTTPResponse:
        signed = dict(headers or {})
        self.credentials.apply(signed)
        try:
            with self._gate:
                return self._pool.send(method, uri, body=body, headers=signed)
        except UpstreamDown as fault:
            code = fault.code if fault.code == TIME_IS_UP else "gmail_no_answer"
            raise UpstreamDown(fault.detail, code=code) from None
