"""What ordinary mail looks like must survive being made safe: all its visible text, and nine of ten declarations."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from shared.adapters import safe_css, safe_html
from shared.adapters.safe_html import clean_html
from tests.domain.html_oracle import dangers

NEWSLETTERS = sorted((Path(__file__).parent / "newsletters").glob("*.html"))
# No browser knows mso-*; what loads, or lies over other content, is no harmless declaration.
_NOT_HARMLESS = re.compile(r"\s*(mso-|-ms-|position|z-index|behavior)|.*url\(", re.IGNORECASE | re.DOTALL)
_UNSEEN = ("style", "script", "title", "head", "xml")


class _Reader(HTMLParser):
    """Words as a reader sees them, and declarations; not the sanitiser's parser."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.declarations: list[str] = []
        self._unseen = 0
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        style = next((value or "" for name, value in attrs if name == "style"), "")
        # What stands on <body> is the page's, and the page is ours.
        if tag != "body":
            self.declarations += [d for d in style.split(";") if d.strip() and not _NOT_HARMLESS.match(d)]

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.text += data

    @property
    def words(self) -> list[str]:
        return self.text.split()


def _safe(document: str) -> str:
    found = clean_html(document, attachment_url=lambda _: None, show_images=False)
    assert found.html is not None
    return found.html


def test_there_are_newsletters_enough_to_speak_of_ordinary_ones() -> None:
    assert len(NEWSLETTERS) >= 15
    read = [_Reader(file.read_text(encoding="utf-8")) for file in NEWSLETTERS]
    assert min(len(one.text) for one in read) > 60
    assert sum(len(one.declarations) for one in read) > 700


@pytest.mark.parametrize("file", NEWSLETTERS, ids=lambda file: file.stem)
def test_the_visible_text_of_a_newsletter_is_kept_whole_and_nothing_dangerous_is(file: Path) -> None:
    document = file.read_text(encoding="utf-8")
    safe = _safe(document)
    assert _Reader(safe).words == _Reader(document).words
    assert dangers(safe) == []


@pytest.mark.parametrize("file", NEWSLETTERS, ids=lambda file: file.stem)
def test_nine_of_ten_harmless_declarations_of_a_newsletter_are_kept(file: Path) -> None:
    document = file.read_text(encoding="utf-8")
    written, kept = _Reader(document).declarations, _Reader(_safe(document)).declarations
    assert len(kept) >= 0.9 * len(written), _names(written) - _names(kept)


def test_control_a_sanitiser_that_loses_paragraphs_or_colours_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = NEWSLETTERS[0].read_text(encoding="utf-8")
    before = _Reader(document)
    monkeypatch.setattr(safe_css, "_PROPERTIES", safe_css._PROPERTIES - {"color", "padding", "font-size"})
    assert len(_Reader(_safe(document)).declarations) < 0.9 * len(before.declarations)
    monkeypatch.setattr(safe_html, "_TAGS", safe_html._TAGS - {"p"})
    monkeypatch.setattr(safe_html, "_WITH_CONTENT", safe_html._WITH_CONTENT | {"p"})
    assert _Reader(_safe(document)).words != before.words


def _names(declarations: list[str]) -> set[str]:
    return {declaration.partition(":")[0].strip().lower() for declaration in declarations}
