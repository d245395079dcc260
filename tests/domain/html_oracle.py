"""Says what is dangerous in a piece of HTML, independently of the sanitiser that is tested with it.

Its lists are its own, and it reads with the standard library's tokenizer, which is not the sanitiser's parser.
"""

import re
from html.parser import HTMLParser

_FORBIDDEN_TAGS = re.compile(
    "script|style|iframe|frame|frameset|object|embed|applet|form|input|button|select|textarea|option|svg|math|base|"
    "meta|link|template|noscript|video|audio|source|track|canvas|portal|dialog|details|marquee|bgsound|keygen|"
    "slot|html|head|body|title|xmp|plaintext|isindex|layer|ilayer|image|picture|map|area|param|noembed|noframes|"
    "fencedframe|listing|blink|[a-z]*-[a-z-]*|.*:.*"
)
_FORBIDDEN_ATTRIBUTES = re.compile(
    "on.*|id|class|name|srcdoc|srcset|formaction|action|background|poster|data|code|codebase|archive|profile|"
    "manifest|http-equiv|ping|longdesc|dynsrc|lowsrc|usemap|ismap|xlink:.*|xmlns.*|is|slot|style-src|nonce|"
    "integrity|form|autofocus|tabindex|contenteditable|accesskey|imagesrcset|cite|classid|usemap|part|popover.*"
)
_STYLE = re.compile(
    r"(?i)url|expression|exp\W|@import|behaviou?r|-moz-binding|image|\\|position|javascript|var\(|<|attr"
)
_NOISE = re.compile(r"[\x00-\x20\u200b-\u200f\ufeff]")


class _Reader(HTMLParser):
    def __init__(self, remote_allowed: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._remote_allowed = remote_allowed

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _FORBIDDEN_TAGS.fullmatch(tag) or not re.fullmatch("[a-z][a-z0-9]*", tag):
            self.found.append(f"element {tag}")
        names = [name for name, _ in attrs]
        for name, value in attrs:
            self._attribute(tag, name.lower(), value or "")
        if tag == "a" and "href" in names:
            given = dict(attrs)
            if given.get("target") != "_blank" or "noopener" not in (given.get("rel") or ""):
                self.found.append("link without rel or target")

    def handle_comment(self, data: str) -> None:
        self.found.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.found.append("declaration")

    def unknown_decl(self, data: str) -> None:
        self.found.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.found.append("instruction")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if _FORBIDDEN_ATTRIBUTES.fullmatch(name) or not re.fullmatch("[a-z-]+", name):
            self.found.append(f"attribute {name}")
        elif name == "style":
            if _STYLE.search(value):
                self.found.append("style")
        elif name == "href":
            if not re.match(r"(?i)https?://|mailto:", _NOISE.sub("", value)) or _NOISE.search(value):
                self.found.append("link scheme")
        elif name == "src":
            self._source(value)

    def _source(self, value: str) -> None:
        safe = value.startswith("/proxy/mailboxes/") or re.match(
            "data:image/(png|jpe?g|gif|webp);base64,", value
        )
        remote = re.match("https?://", value)
        if not safe and not (remote and self._remote_allowed):
            self.found.append("remote or odd picture")


def dangers(html: str, *, remote_allowed: bool = False) -> list[str]:
    """What a browser might run, load or be led astray by in `html`; empty for safe HTML."""
    reader = _Reader(remote_allowed)
    reader.feed(html)
    reader.close()
    return reader.found
