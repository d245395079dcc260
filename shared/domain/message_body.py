"""Which parts of a MIME tree are the body of a mail, and which are attachments (RFC 2046, 2387, 3156, 3798)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from shared.domain.charsets import decode_text
from shared.domain.flowed import unflow
from shared.domain.html_scan import BYTE_LIMIT
from shared.domain.html_text import text_of
from shared.domain.mail import Part
from shared.domain.mime_parameters import parameter

PART_LIMIT: Final = 500
BODY_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of one body part that are fetched; a larger one is offered as an attachment."""
TEXT_LIMIT: Final = 1_000_000
"""Characters of text that are shown."""

Note = Literal[
    "body_not_decoded",
    "body_not_shown",
    "body_too_large",
    "body_cut",
    "encrypted",
    "winmail_dat",
    "html_refused",
    "many_parts",
]
_ENCRYPTED: Final = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
# The same words once more, for a watch and for interactive mail (https://amp.dev/documentation/guides-and-tutorials).
_REPEATS: Final = frozenset({"text/watch-html", "text/x-amp-html"})


@dataclass(frozen=True)
class Segment:
    """A piece of the body, in the order of the mail: its plain text, its HTML, or both as alternatives.

    `html_rest` is what comes after `html` where the page is in pieces.
    """

    text: Part | None = None
    html: Part | None = None
    html_rest: tuple[Part, ...] = ()


@dataclass(frozen=True)
class BodyPlan:
    """How a mail is to be shown. `to_fetch` are body parts that Gmail keeps apart because they are large."""

    segments: tuple[Segment, ...]
    attachments: tuple[Part, ...]
    notes: tuple[Note, ...] = ()

    @property
    def to_fetch(self) -> tuple[Part, ...]:
        """Body parts without bytes, each 20 units to get."""
        parts = (
            part for segment in self.segments for part in (segment.text, segment.html, *segment.html_rest)
        )
        return tuple(part for part in parts if part is not None and part.body is None and part.attachment_id)


@dataclass
class _Found:
    segments: list[Segment] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def plan_body(root: Part) -> BodyPlan:
    """Walks the tree once, without recursion; never raises."""
    found = _Found()
    waiting = [root]
    seen = 0
    while waiting:
        if (seen := seen + 1) > PART_LIMIT:
            found.notes.append("many_parts")
            break
        part = waiting.pop()
        waiting.extend(reversed(_visit(part, found)))
    return BodyPlan(tuple(found.segments), tuple(found.attachments), tuple(dict.fromkeys(found.notes)))


def _visit(part: Part, found: _Found) -> tuple[Part, ...]:
    """Notes what `part` is; answers the parts inside it that are still to be visited."""
    kind = part.mime_type.lower()
    if kind in _ENCRYPTED:
        found.notes.append("body_not_decoded" if _is_only_wrapped(part) else "encrypted")
    if kind == "multipart/alternative" and part.parts:
        return _alternative(part, found)
    if kind == "multipart/related" and part.parts:
        return _root_first(part)
    if kind.startswith("multipart/") and part.parts:
        return part.parts
    if kind.startswith("message/") and part.parts and part.body is None and part.attachment_id is None:
        return part.parts  # an enclosed mail that cannot be had whole: what is in it is shown
    if is_body(part) or _is_undivided(part):
        is_html = kind == "text/html"
        found.segments.append(Segment(html=part) if is_html else Segment(text=part))
    elif not kind.startswith("multipart/"):
        found.attachments.append(part)
        if kind in _TNEF or part.filename.lower() == "winmail.dat":
            found.notes.append("winmail_dat")
    return ()


def _alternative(part: Part, found: _Found) -> tuple[Part, ...]:
    """Takes the text and the HTML of alternatives as one segment; what else there is stays to be visited."""
    text: Part | None = None
    pages: list[Part] = []
    rest: list[Part] = []
    for choice in part.parts[:PART_LIMIT]:
        leaves, in_pieces = _leaves(choice)
        wanted = not pages
        for leaf in leaves:
            kind = leaf.mime_type.lower()
            if kind == "text/html" and is_body(leaf) and wanted and (in_pieces or not pages):
                pages.append(leaf)
            elif kind == "text/plain" and is_body(leaf) and text is None:
                text = leaf
            elif kind not in _REPEATS:
                rest.append(leaf)
    if text is None and not pages:
        return tuple(rest)
    found.segments.append(Segment(text, pages[0] if pages else None, tuple(pages[1:])))
    # A second text or page repeats the first in other words; only files and trees go on.
    return tuple(leaf for leaf in rest if not is_body(leaf))


def _leaves(choice: Part) -> tuple[tuple[Part, ...], bool]:
    """The parts of one alternative, and whether it is one page in pieces: Apple Mail puts files between them."""
    inner = _root_first(choice) if choice.mime_type.lower() == "multipart/related" else (choice,)
    if not inner or not inner[0].mime_type.lower().startswith("multipart/"):
        return inner, False
    nested = inner[0].parts
    if not any(is_body(leaf) for leaf in nested):
        return inner, False
    return (*nested, *inner[1:]), inner[0].mime_type.lower() != "multipart/alternative"


def _root_first(part: Part) -> tuple[Part, ...]:
    """The parts of multipart/related, the root named by `start` (else the first) in front."""
    start = parameter(part.first("Content-Type"), "start").strip("<> ")
    parts = part.parts
    if start:
        chosen = next((p for p in parts if p.first("Content-ID").strip("<> ") == start), None)
        if chosen is not None:
            return (chosen, *(p for p in parts if p is not chosen))
    return parts


def is_body(part: Part) -> bool:
    """Whether a leaf is text to be read in place: no file name, not sent as an attachment, not too large."""
    if part.parts or part.mime_type.lower() not in ("text/plain", "text/html", "text/enriched", ""):
        return False
    if part.filename or part.size > BODY_LIMIT or (part.body is not None and len(part.body) > BODY_LIMIT):
        return False
    disposition = part.first("Content-Disposition")
    if disposition.strip().lower().startswith("attachment"):
        return False
    return not (parameter(disposition, "filename") or parameter(part.first("Content-Type"), "name"))


def _is_only_wrapped(part: Part) -> bool:
    """Whether S/MIME signed or compressed the words without encrypting them (RFC 8551 section 3.2.2)."""
    wrapped = parameter(part.first("Content-Type"), "smime-type").lower()
    return wrapped in ("signed-data", "compressed-data")


def _is_undivided(part: Part) -> bool:
    """Whether `part` calls itself multipart and its boundary is missing or never used: its lines are shown."""
    return part.mime_type.lower().startswith("multipart/") and not part.parts and 0 < part.size <= BODY_LIMIT


@dataclass(frozen=True)
class Shown:
    """The body as text: `pages` holds one entry per segment, HTML or None where the segment is plain text."""

    text: str
    pages: tuple[tuple[str, str | None], ...]
    notes: tuple[Note, ...]

    @property
    def has_html(self) -> bool:
        """Whether any segment came as HTML."""
        return any(page is not None for _, page in self.pages)


@dataclass
class Allowance:
    """What one call may spend on bodies; the mails of a conversation share it.

    `html` and `text` are bytes that are read: half a megabyte of HTML takes a quarter of a second to be made safe, and
    of a larger page only the text at its beginning is read. `fetches` are bodies that Gmail keeps apart.
    """

    html: int = 4 * 1024 * 1024
    text: int = 4 * 1024 * 1024
    fetches: int = 8

    def take_html(self, size: int) -> bool:
        """Whether so much HTML may be read; then it is taken off."""
        enough = size <= self.html
        self.html -= size if enough else 0
        return enough

    def take_text(self, size: int) -> bool:
        """The same of text."""
        enough = size <= self.text
        self.text -= size if enough else 0
        return enough


def show_body(plan: BodyPlan, fetched: Mapping[str, bytes], allowance: Allowance | None = None) -> Shown:
    """Decodes the segments. `fetched` holds the bytes of `plan.to_fetch` by part id, as far as they were had.

    Where the allowance is spent, text stands for HTML, and then nothing for text; a note says so.
    """
    notes: list[Note] = list(plan.notes)
    bodies = _Bodies(fetched, notes, allowance or Allowance())
    pages = [bodies.read(segment) for segment in plan.segments]
    text = "\n\n".join(piece.strip("\n") for piece, _ in pages if piece.strip())
    if len(text) > TEXT_LIMIT:
        text = text[:TEXT_LIMIT]
        notes.append("body_cut")
    return Shown(text, tuple(pages), tuple(dict.fromkeys(notes)))


@dataclass(frozen=True)
class _Bodies:
    fetched: Mapping[str, bytes]
    notes: list[Note]
    left: Allowance

    def read(self, segment: Segment) -> tuple[str, str | None]:
        """A segment's text, and its HTML where it has one that may be read."""
        pages = (segment.html, *segment.html_rest) if segment.html else ()
        size = self._size(pages)
        page: str | None = None
        if pages and size <= BYTE_LIMIT and self.left.take_html(size):
            page = self._joined(pages)
        elif pages:
            self.notes.append("html_refused")
        text = self._text(segment.text) if segment.text else ""
        if text.strip():
            return text, page
        if pages and page is None:
            if self.left.take_text(min(size, BYTE_LIMIT)):
                return text_of(self._joined(pages) or ""), None
            self.notes.append("body_not_shown")
        return text_of(page or ""), page

    def _text(self, part: Part) -> str:
        if self.left.take_text(self._size([part])):
            return _decoded(part, self.fetched, self.notes) or ""
        self.notes.append("body_not_shown")
        return ""

    def _joined(self, pages: Sequence[Part]) -> str | None:
        page = _decoded(pages[0], self.fetched, self.notes)
        for part in pages[1:]:
            if len(page or "") > BYTE_LIMIT:
                break  # no more is read of a page
            page = f"{page or ''}\n{_decoded(part, self.fetched, self.notes) or ''}"
        return page

    def _size(self, parts: Sequence[Part]) -> int:
        return sum(len(part.body or self.fetched.get(part.id, b"")) for part in parts)


def _decoded(part: Part, fetched: Mapping[str, bytes], notes: list[Note]) -> str | None:
    content = part.body if part.body is not None else fetched.get(part.id)
    if content is None:
        if part.attachment_id:
            notes.append("body_too_large")
            return None
        content = b""
    content_type = part.first("Content-Type")
    text, whole = decode_text(content, parameter(content_type, "charset"))
    if not whole:
        notes.append("body_not_decoded")
    text = _clean(text)
    if part.mime_type.lower() != "text/html" and parameter(content_type, "format").lower() == "flowed":
        text = unflow(text, parameter(content_type, "delsp").lower() == "yes")
    return text


_CONTROLS: Final = {
    **{code: None for code in range(0x20) if code not in (0x09, 0x0A)},
    **dict.fromkeys(range(55296, 57344)),
    0x7F: None,
}


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
