"""What a person is shown of one mail, from its raw bytes, in a form that is easily written beside them."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, Final

from functions.proxy.show_mail import Showing, show_mail
from local.gmail.payload import parse
from shared.adapters.gmail_answers import metadata_of, part_of
from shared.adapters.safe_html import clean_html
from shared.domain.mail import Mail
from tests.domain.html_oracle import dangers
from tests.fakes.gmail import FakeAccount
from tests.fakes.proxy_fakes import caller, mailbox_of

FALLBACK_MS: Final = 1_795_500_000_000
"""When Gmail got a mail that has no readable date: 2026-11-24T06:00:00Z in milliseconds."""
USUAL: Final[Mapping[str, Any]] = {
    "cc": [],
    "html": None,
    "pictures": [],
    "quoted": "",
    "attachments": [],
    "notes": [],
    "quote_line": None,
    "remote_images": 0,
    "trackers": [],
}
"""What an expectation need not say."""
_ALICE: Final = caller()
_MAILBOX: Final = mailbox_of(_ALICE)
_BLOCKS: Final = frozenset(
    {"blockquote", "br", "center", "div", "hr", "li", "p", "pre", "table", "td", "th", "tr", "ul"}
)
_EMPTY: Final = frozenset({"br", "hr", "img", "wbr", "col"})
_PATH: Final = re.compile(r"/proxy/mailboxes/[^/]+/messages/m1/attachments/")


class _Eyes(HTMLParser):
    """Reads the safe HTML with the standard library's tokenizer, which is not the sanitiser's."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.quoted: list[str] = []
        self.pictures: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            self.pictures.append(_PATH.sub("attachment:", given.get("src") or given.get("alt") or ""))
        self._break(tag)
        if tag not in _EMPTY:
            self._open.append((tag, "data-quoted" in given))

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)
        while any(name == tag for name, _ in self._open) and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if any(quoted for _, quoted in self._open):
            self.quoted.append(data)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.words.append(" ")
            self.quoted.append(" ")


def seen(raw: bytes) -> dict[str, Any]:
    """The proxy's Message of `raw`: names and addresses as a header writes them, HTML as its visible text.

    `html` and `quoted` (the text inside `data-quoted`) have single spaces; `pictures` holds the `src` of each
    `<img>`, with `attachment:` for our own path, or its `alt` where it has none; attachments are `id name type`,
    with ` inline` where the HTML shows them.
    """
    mail, bodies = _as_gmail_answers(raw)
    message = show_mail(mail, Showing(_MAILBOX, "alice", "block", FakeAccount(bodies=bodies), clean_html))
    eyes = _Eyes()
    eyes.feed(message["html"] or "")
    eyes.close()
    assert dangers(message["html"] or "") == []
    return {
        "subject": message["subject"],
        "from": _written(message["from"]),
        "to": [_written(row) for row in message["to"]],
        "cc": [_written(row) for row in message["cc"]],
        "date": message["date"],
        "text": message["text"].split("\n"),
        "html": None if message["html"] is None else _one_line(eyes.words),
        "pictures": eyes.pictures,
        "quoted": _one_line(eyes.quoted),
        "attachments": [_attachment(row) for row in message["attachments"]],
        "notes": message["notes"],
        "quote_line": message["quote_line"],
        "remote_images": message["remote_images"],
        "trackers": message["trackers"],
    }


def _as_gmail_answers(raw: bytes) -> tuple[Mail, dict[str, bytes]]:
    parsed = parse(raw, FALLBACK_MS)
    answer = {
        "id": "m1",
        "threadId": "t1",
        "labelIds": ["INBOX"],
        "internalDate": str(parsed.internal_date),
        "snippet": parsed.snippet,
        "payload": parsed.payload,
    }
    return Mail(metadata_of(answer), part_of(parsed.payload)), parsed.attachments


def _written(row: Mapping[str, str]) -> str:
    return f"{row['name']} <{row['address']}>" if row["name"] else row["address"]


def _attachment(row: Mapping[str, Any]) -> str:
    return f"{row['id']} {row['name']} {row['type']}{' inline' if row['inline'] else ''}"


def _one_line(pieces: list[str]) -> str:
    return re.sub(r"[ \t\r\n]+", " ", "".join(pieces)).strip()
