"""One validated call of an API method, and what a method answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.gmail.errors import invalid_argument
from local.gmail.listing import Selection
from local.gmail.mailboxes import Mailboxes
from local.gmail.validation import Value, decode_base64url

METADATA_SCOPE = "https://www.googleapis.com/auth/gmail.metadata"
MAX_IDS = 1000
MAX_LABELS = 100


@dataclass(frozen=True)
class Media:
    """An answer that is a file, not JSON."""

    content: bytes
    mime_type: str


Answer = dict[str, Any] | Media | None


@dataclass(frozen=True)
class Call:
    """One call: who, with which scopes, and its checked parameters. `media` is an uploaded mail.

    `lag_s`: how many seconds the search index lags behind.
    """

    email: str
    scopes: frozenset[str]
    path: Mapping[str, str]
    query: Mapping[str, Value]
    body: Mapping[str, Any]
    media: bytes | None = None
    lag_s: float = 0.0

    @property
    def metadata_only(self) -> bool:
        """Whether the token holds `gmail.metadata`: no search, no bodies, whatever wider scope stands beside it.

        https://github.com/googleapis/google-api-python-client/issues/582
        """
        return METADATA_SCOPE in self.scopes

    def text(self, name: str) -> str:
        """A query parameter, or ""."""
        return str(self.query.get(name, ""))

    def flag(self, name: str) -> bool:
        """A boolean query parameter, false if not given."""
        return self.query.get(name) is True

    def texts(self, name: str) -> list[str]:
        """A repeated query parameter."""
        value = self.query.get(name, [])
        return list(value) if isinstance(value, list) else [str(value)]

    def limit(self, most: int = 500) -> int:
        """`maxResults` within what Gmail allows. Raises GoogleError 400 for 0 and for more than `most`."""
        value = int(str(self.query.get("maxResults", 100)))
        if not 1 <= value <= most:
            raise invalid_argument(f"Invalid maxResults: must be between 1 and {most}")
        return value

    def selection(self) -> Selection:
        """What `messages.list`, `threads.list` and `drafts.list` select."""
        labels, q = tuple(self.texts("labelIds")), self.text("q")
        return Selection(self.email, labels, q, self.flag("includeSpamTrash"), self.lag_s)

    def mail(self, raw: object) -> bytes:
        """The mail of an upload, or of the `raw` field. Raises GoogleError 400 if there is neither."""
        if self.media is not None:
            return self.media
        if not isinstance(raw, str) or not raw:
            raise invalid_argument(
                "'raw' RFC822 payload message string or uploading message via /upload/* URL required"
            )
        return decode_base64url(raw, "raw")


Handler = Callable[[Mailboxes, Call], Answer]
