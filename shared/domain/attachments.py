"""Attachments of a mail: what they are called, and what they may be served as."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from shared.domain.mail import Part
from shared.domain.mime_parameters import file_name, mime_type, parameter

_MAGIC: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)
_CID_IN_HTML: Final = re.compile(r"""(?i)\bcid:([^\s"'<>)]{1,500})""")


@dataclass(frozen=True)
class Attachment:
    """One attachment. `id` is the MIME part's number: Gmail's own attachment ids change at every call.

    `size` is in bytes; `inline` says that the HTML shows it by its `cid`.
    """

    id: str
    name: str
    type: str
    size: int
    inline: bool
    cid: str = ""


def list_attachments(parts: Iterable[Part], html: str = "") -> tuple[Attachment, ...]:
    """The attachments, in the order of the mail. `html` is the body that may show some of them inline."""
    shown = {_plain_cid(found) for found in _CID_IN_HTML.findall(html)}
    rows: list[Attachment] = []
    for part in parts:
        row = _attachment(part, shown)
        # The first of two with the same Content-ID is the one shown: the other must stay to be found in the list.
        shown.discard(row.cid)
        rows.append(row)
    return tuple(rows)


def part_id(part: Part) -> str:
    """The id a part goes by in our paths; a mail that is one single part has no number of its own."""
    return part.id or "root"


def cid_map(attachments: Iterable[Attachment]) -> Mapping[str, str]:
    """Attachment id by Content-ID; the first of two with the same Content-ID counts."""
    found: dict[str, str] = {}
    for attachment in attachments:
        if attachment.cid:
            found.setdefault(attachment.cid, attachment.id)
    return found


def find_cid(cids: Mapping[str, str], url: str) -> str | None:
    """The attachment id that a `cid:` URL (RFC 2392) names, or None."""
    return cids.get(_plain_cid(url[4:])) if url[:4].lower() == "cid:" else None


def serve_as(content: bytes) -> str:
    """The type an attachment's bytes may be answered with: a picture that it truly is, or octet-stream."""
    return next((kind for magic, kind in _MAGIC if magic.match(content)), "application/octet-stream")


def _attachment(part: Part, shown: set[str]) -> Attachment:
    kind = mime_type(part.mime_type)
    cid = _plain_cid(part.first("Content-ID"))
    wanted = (
        part.filename
        or parameter(part.first("Content-Disposition"), "filename")
        or parameter(part.first("Content-Type"), "name")
        or _subject_of(part)
    )
    size = part.size or len(part.body or b"")
    return Attachment(part_id(part), file_name(wanted, kind), kind, size, bool(cid) and cid in shown, cid)


def _subject_of(part: Part) -> str:
    """An enclosed mail is called after its subject."""
    if not part.mime_type.lower().startswith("message/rfc822") or not part.parts:
        return ""
    subject = part.parts[0].first("Subject").strip()
    return f"{subject[:120]}.eml" if subject else ""


def _plain_cid(text: str) -> str:
    return unquote(text.strip().strip("<>").strip()[:500])
