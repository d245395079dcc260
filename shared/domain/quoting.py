"""The old mail inside the new one: quoted under an answer, or carried whole in a forward."""

import html
import re
from dataclasses import dataclass
from typing import Final

from shared.domain.addresses import Address, parse_addresses, single_from
from shared.domain.header_text import decode_header
from shared.domain.html_text import text_of
from shared.domain.mail import MailMetadata
from shared.domain.outgoing import SUBJECT_LIMIT

QUOTE_LIMIT: Final = 200_000
"""Characters of quoted text."""
_BLOCK: Final = "margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex"


_RULE: Final = "---------- Forwarded message ---------"
_QUOTED: Final = re.compile(
    r"^On \d{4}-\d\d-\d\d \d\d:\d\d UTC, .* wrote:\n(?:>.*(?:\n|\Z))*\Z", re.MULTILINE
)


@dataclass(frozen=True)
class OldMail:
    """What is quoted: headers, plain text, and HTML that has been made safe (None where there is none)."""

    metadata: MailMetadata
    text: str
    html: str | None


@dataclass(frozen=True)
class Bodies:
    """Text and HTML of a mail; `html` None for a mail of plain text."""

    text: str
    html: str | None


def with_quote(bodies: Bodies, old: OldMail) -> Bodies:
    """The answer with the old mail quoted under it, as text and, where the answer has HTML, as HTML."""
    sender = single_from(old.metadata.values("From"))
    who = _shown(sender) if sender else "the sender"
    intro = f"On {old.metadata.received_at:%Y-%m-%d %H:%M} UTC, {who} wrote:"
    quoted = "\n".join(f">{' ' if line else ''}{line}" for line in old.text[:QUOTE_LIMIT].split("\n"))
    page = (
        f'<br><div class="gmail_quote"><div dir="ltr">{html.escape(intro)}<br></div>'
        f'<blockquote class="gmail_quote" type="cite" style="{_BLOCK}">{_page(old)}</blockquote></div>'
    )
    return _joined(bodies, f"{intro}\n{quoted}", page)


def with_forwarded(bodies: Bodies, old: OldMail) -> Bodies:
    """The old mail with its headers under the new text, as Gmail forwards."""
    rows = [("From", _list(old, "From")), ("Date", f"{old.metadata.received_at:%Y-%m-%d %H:%M} UTC")]
    rows += [("Subject", decode_header(old.metadata.first("Subject"), SUBJECT_LIMIT))]
    rows += [(name, _list(old, name)) for name in ("To", "Cc")]
    told = [(name, value) for name, value in rows if value]
    text = "\n".join([_RULE, *(f"{name}: {value}" for name, value in told), "", old.text[:QUOTE_LIMIT]])
    lines = "<br>".join([_RULE, *(f"{name}: {html.escape(value)}" for name, value in told)])
    return _joined(
        bodies, text, f'<br><div class="gmail_quote"><div dir="ltr">{lines}<br><br></div>{_page(old)}</div>'
    )


def without_old_mail(text: str, *, forward: bool) -> str:
    """What was written above the old mail, which `with_quote` and `with_forwarded` put under it."""
    if forward:
        above, rule, _ = text.partition(f"{_RULE}\nFrom: ")
        return above.rstrip() if rule else text
    found = _QUOTED.search(text)
    return text[: found.start()].rstrip() if found else text


def with_signature(bodies: Bodies, signature: str) -> Bodies:
    """The signature of an alias under the text, after the line that marks one (RFC 3676 section 4.3)."""
    if not signature.strip():
        return bodies
    return _joined(
        bodies, f"-- \n{text_of(signature)}", f'<br><div class="gmail_signature">{signature}</div>'
    )


def _joined(bodies: Bodies, text: str, page: str) -> Bodies:
    own_text = bodies.text
    if not own_text.strip() and bodies.html is not None:
        own_text = text_of(bodies.html)
    joined = f"{own_text.rstrip()}\n\n{text}" if own_text.strip() else text
    if bodies.html is None:
        return Bodies(joined, None)
    end = bodies.html.lower().rfind("</body")
    at = end if end >= 0 and len(bodies.html.lower()) == len(bodies.html) else len(bodies.html)
    return Bodies(joined, bodies.html[:at] + page + bodies.html[at:])


def _page(old: OldMail) -> str:
    if old.html is not None:
        return old.html
    return f'<div style="white-space: pre-wrap">{html.escape(old.text[:QUOTE_LIMIT])}</div>'


def _list(old: OldMail, name: str) -> str:
    found = [row for value in old.metadata.values(name)[:5] for row in parse_addresses(value)]
    return ", ".join(_shown(row) for row in found[:100])


def _shown(address: Address) -> str:
    name = decode_header(address.name, 200)
    return f"{name} <{address.address}>" if name else address.address
