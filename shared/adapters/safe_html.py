"""HTML of a mail made safe to be shown in a sandboxed frame.

Four layers, in this order: limits (`shared.domain.html_scan`), nh3 with a strict allow-list of elements and
attributes, values of attributes (here) and of styles (`safe_css`), and pictures of other machines left out until
they are asked for. The frame's sandbox and Content-Security-Policy are a fifth, and not ours.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

import nh3

from shared.adapters.safe_css import StyleCleaner
from shared.domain.clean_html import AttachmentUrl, CleanHtml
from shared.domain.html_scan import BYTE_LIMIT, Scan, scan

OUTPUT_LIMIT: Final = 4 * BYTE_LIMIT
"""Characters; a parser may write more tags than it reads."""

_TAGS: Final = frozenset(
    {
        "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
        "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption",
        "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd",
        "li", "main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small",
        "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr",
        "tt", "u", "ul", "var", "wbr",
    }
)  # fmt: skip
# Elements whose content is no text to be read; of all others only the tags go.
_WITH_CONTENT: Final = frozenset(
    {
        "script", "style", "title", "svg", "math", "template", "iframe", "object", "embed", "applet", "audio",
        "video", "canvas", "noscript", "noembed", "noframes", "frameset", "xmp", "select",
    }
)  # fmt: skip
_ATTRIBUTES: Final = {
    "*": {"style", "dir", "lang", "title", "align", "valign", "data-quoted"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border", "hspace", "vspace"},
    "table": {"width", "height", "border", "cellpadding", "cellspacing", "bgcolor", "summary"},
    "tr": {"bgcolor", "height"},
    "td": {"width", "height", "bgcolor", "colspan", "rowspan", "nowrap"},
    "th": {"width", "height", "bgcolor", "colspan", "rowspan", "nowrap", "scope"},
    "col": {"width", "span"},
    "colgroup": {"width", "span"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value", "type"},
    "hr": {"width", "size", "color"},
}
_TEXT: Final = re.compile(r"[^\x00-\x08\x0e-\x1f]{0,2000}", re.DOTALL)
_SIZE: Final = re.compile(r"\s*[0-9]{1,5}(?:\.[0-9]{1,4})?\s*(?:%|px)?\s*")
_COLOUR: Final = re.compile(r"\s*(?:#?[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30})\s*")
_WORD: Final = re.compile(r"[A-Za-z0-9-]{1,40}")
_VALUES: Final = {
    "alt": _TEXT, "title": _TEXT, "summary": _TEXT, "lang": _WORD, "dir": re.compile(r"(?i)ltr|rtl|auto"),
    "align": _WORD, "valign": _WORD, "scope": _WORD, "type": _WORD, "face": re.compile(r"[\w ,.'+-]{1,100}"),
    "nowrap": re.compile(r"\w{0,10}"), "bgcolor": _COLOUR, "color": _COLOUR, "size": re.compile(r"[+-]?[0-9]{1,3}"),
    "colspan": re.compile(r"[0-9]{1,3}"), "rowspan": re.compile(r"[0-9]{1,3}"), "span": re.compile(r"[0-9]{1,3}"),
    "start": re.compile(r"-?[0-9]{1,6}"), "value": re.compile(r"-?[0-9]{1,6}"), "width": _SIZE, "height": _SIZE,
    "border": _SIZE, "cellpadding": _SIZE, "cellspacing": _SIZE, "hspace": _SIZE, "vspace": _SIZE,
    "data-quoted": re.compile("true"),
}  # fmt: skip
_PADDING: Final = {
    "&nbsp;": "\xa0",
    "&#160;": "\xa0",
    "&zwnj;": "\u200c",
    "&#8204;": "\u200c",
    "&shy;": "\xad",
}
# Ours: a link opens elsewhere and tells nothing about where it came from, a picture neither.
_ADDED: Final = {"a": {"target": "_blank"}, "img": {"referrerpolicy": "no-referrer"}}
_REL: Final = "noopener noreferrer nofollow"
_INLINE_PICTURE: Final = re.compile(r"(?i)data:image/(?:png|jpe?g|gif|webp);base64,[a-z0-9+/=\s]*")
_LINK: Final = re.compile(r"(?i)https?://[^\s/\\]|mailto:[^\s]")
_URL_NOISE: Final = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")


def clean_html(document: str, *, attachment_url: AttachmentUrl, show_images: bool) -> CleanHtml:
    """Makes `document` safe. Never raises for what is in it; one over the limits is refused, not cut."""
    document = _with_plain_spaces(document)
    found = scan(document)
    if found.refused:
        return CleanHtml(None, found.refused)
    values = _Values(found, attachment_url, show_images)
    html = _sanitize(_mark_quotes(document, found.quotes), values.filter)
    if len(html) > OUTPUT_LIMIT:
        return CleanHtml(None, "output")
    return CleanHtml(html, None, values.remote_images, tuple(sorted(values.trackers)))


def _sanitize(document: str, attribute_filter: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        document,
        tags=set(_TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=attribute_filter,
        strip_comments=True,
        link_rel=_REL,
        set_tag_attribute_values=_ADDED,
        # The filter has decided: of relative URLs only our own attachments are left.
        url_schemes={"http", "https", "mailto", "cid", "data"},
        url_relative="pass_through",
    )


def _with_plain_spaces(document: str) -> str:
    """Newsletters pad with thousands of these; as characters they cost a parser nothing."""
    for reference, character in _PADDING.items():
        document = document.replace(reference, character)
    return document


def _mark_quotes(document: str, offsets: Sequence[int]) -> str:
    """Writes a mark into the tags where quoted history begins; before nh3, so it cannot open a hole."""
    pieces: list[str] = []
    at = 0
    for offset in offsets:
        pieces += (document[at:offset], ' data-quoted="true"')
        at = offset
    return "".join((*pieces, document[at:]))


class _Values:
    """Decides about each attribute's value in one document. nh3 calls `filter` for those on the list."""

    def __init__(self, found: Scan, attachment_url: AttachmentUrl, show_images: bool) -> None:
        self.remote_images = 0
        self.trackers: set[str] = set()
        self._pixels = found.pixels
        self._attachment_url = attachment_url
        self._show_images = show_images
        self._styles = StyleCleaner()

    def filter(self, tag: str, name: str, value: str) -> str | None:
        """The value to keep, or None to leave the attribute out. Never raises."""
        if name == "style":
            return self._styles.clean(value)
        if name == "href":
            return _link(value)
        if name == "src":
            return self._picture(value)
        if name in ("rel", "target", "referrerpolicy"):
            return value  # ours: a sender's own are not on the list
        allowed = _VALUES.get(name)
        return value if allowed is not None and allowed.fullmatch(value) else None

    def _picture(self, value: str) -> str | None:
        url = value.strip()
        if url[:4].lower() == "cid:":
            return self._attachment_url(url)
        if url[:5].lower() == "data:":
            return url if _INLINE_PICTURE.fullmatch(url) else None
        link = _link(url)
        if link is None or link[:7].lower() == "mailto:":
            return None
        self.remote_images += 1
        if url in self._pixels:
            self.trackers.add(_host(link))
            return None
        return link if self._show_images else None


def _link(value: str) -> str | None:
    """An absolute http, https or mailto URL, or None. Browsers ignore tabs and line ends inside URLs."""
    url = _URL_NOISE.sub("", value)
    return url if len(url) <= 8000 and _LINK.match(url) and (url[0] in "mM" or _host(url)) else None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:253]
    except ValueError:
        return ""
