"""A mail's HTML is shown without running, loading or betraying anything."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters import safe_html
from shared.adapters.safe_css import clean_style
from shared.adapters.safe_html import clean_html
from shared.domain.clean_html import CleanHtml
from tests.domain.html_oracle import dangers
from tests.domain.xss_vectors import LINKS, LOADS, STYLES, VECTORS


def _clean(document: str, show_images: bool = False) -> CleanHtml:
    def url(cid: str) -> str | None:
        return "/proxy/mailboxes/b/messages/m/attachments/2" if cid == "cid:logo@x" else None

    return clean_html(document, attachment_url=url, show_images=show_images)


def _html(document: str, show_images: bool = False) -> str:
    found = _clean(document, show_images).html
    assert found is not None
    return found


def test_the_corpus_is_large_and_has_no_vector_twice() -> None:
    assert len(VECTORS) >= 150
    assert len(set(VECTORS)) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS)
def test_no_vector_survives(vector: str) -> None:
    assert dangers(_html(vector)) == []
    assert dangers(_html(vector, show_images=True), remote_allowed=True) == []


@pytest.mark.parametrize("vector", VECTORS)
def test_control_each_vector_is_seen_by_the_oracle_where_nothing_cleans_it(vector: str) -> None:
    assert dangers(vector)


@pytest.mark.parametrize("frame", ["<table>{}</table>", "<b><p>{}", "<svg>{}</svg>", "<!-- {} -->", "x\0{}"])
def test_no_vector_survives_inside_other_markup(frame: str) -> None:
    for vector in VECTORS:
        assert dangers(_html(frame.format(vector))) == [], vector


def _pieces(document: str) -> list[str]:
    return sorted(re.split(r"[\s<>]+", document))


def test_cleaning_twice_changes_nothing() -> None:
    for vector in VECTORS:
        once = _html(vector, show_images=True)
        # nh3 keeps no order of attributes.
        assert _pieces(_html(once, show_images=True)) == _pieces(once), vector


def test_control_without_our_look_at_values_links_pictures_and_styles_get_through() -> None:
    def bad(vectors: list[str]) -> int:
        return sum(bool(dangers(safe_html._sanitize(v, lambda _tag, _name, value: value))) for v in vectors)

    assert bad(LINKS) >= 5
    assert bad(LOADS) >= 3
    assert bad(STYLES) >= 20


def test_control_without_nh3_scripts_get_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_html, "_sanitize", lambda document, _filter: document)
    assert dangers(_html("<script>top.x=1</script>"))


@settings(deadline=None)
@given(st.lists(st.sampled_from([*VECTORS, "</", "<", ">", '"', "'", "&", "-->", "<b>", "</p>"]), max_size=6))
def test_no_mixture_of_vectors_survives(pieces: list[str]) -> None:
    found = _clean("".join(pieces))
    assert found.refused is not None or dangers(found.html or "") == []


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/\"'=&;:!-ab svgmathstyle\0\t\n"), max_size=200))
def test_no_soup_of_markup_raises_or_survives(document: str) -> None:
    assert dangers(_html(document)) == []


def test_a_picture_of_another_machine_is_not_loaded_until_it_is_asked_for() -> None:
    document = '<img src="https://shop.example/hat.png" alt="A hat" width="300" height="200">'
    assert _clean(document).remote_images == 1
    assert "shop.example" not in _html(document)
    assert 'alt="A hat"' in _html(document)
    assert 'src="https://shop.example/hat.png"' in _html(document, show_images=True)


@pytest.mark.parametrize(
    "attributes",
    [
        'width="1" height="1"', "width=0", 'style="width:1px;height:1px"', 'style="display:none"',
        'style="height:0"', "width=1px height=1px", 'style="opacity:0" width=600 height=80',
    ],
)  # fmt: skip
def test_a_tracking_pixel_is_named_and_never_loaded(attributes: str) -> None:
    found = _clean(f'<img src="https://track.example/o?u=1&amp;m=2" {attributes}>', show_images=True)
    assert found.trackers == ("track.example",)
    assert "track.example" not in (found.html or "")


@pytest.mark.parametrize("attributes", ["width=600 height=1", "width=1 height=20", "", "width=100%"])
def test_a_picture_to_be_seen_is_no_tracking_pixel(attributes: str) -> None:
    assert _clean(f"<img src='https://shop.example/line.png' {attributes}>").trackers == ()


def test_an_inline_picture_is_shown_from_our_attachment() -> None:
    assert 'src="/proxy/mailboxes/b/messages/m/attachments/2"' in _html('<img src="cid:logo@x">')
    assert "src" not in _html('<img src="cid:other@x">')


def test_links_open_elsewhere_and_tell_nothing() -> None:
    assert _html('<a href="https://x.example/?a=1&amp;b=2" target="_self">x</a>') == (
        '<a href="https://x.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    )
    assert 'href="mailto:ana@x.example"' in _html('<a href="mailto:ana@x.example">x</a>')


@pytest.mark.parametrize(
    "opening",
    [
        '<div class="gmail_quote">', '<blockquote type="cite">', '<div class="yahoo_quoted" id="y1">',
        '<div id="appendonsend">', '<div class="moz-cite-prefix">', '<div id="divRplyFwdMsg" dir="ltr">',
    ],
)  # fmt: skip
def test_quoted_history_is_marked(opening: str) -> None:
    assert 'data-quoted="true"' in _html(f"<p>new</p>{opening}old</div>")
    assert "data-quoted" not in _html("<p>new</p><div class='header'>old</div>")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words = ""

    def handle_data(self, data: str) -> None:
        self.words += data


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=80))
def test_text_is_kept_to_the_letter(words: str) -> None:
    reader = _Words()
    reader.feed(_html(f"<p>{html.escape(words)}</p>"))
    reader.close()
    assert reader.words.replace("\r", "") == words


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("COLOR : Red", "color: Red"),
        ("margin:-5px auto 0 1.50em", "margin: -5px auto 0 1.5em"),
        ("font: italic 12px/1.5 'Segoe UI', sans-serif", "font: italic 12px/1.5 'Segoe UI', sans-serif"),
        ("color: rgba(0, 0, 0, .5); position: fixed", "color: rgba(0, 0, 0, 0.5)"),
        ("width: calc(100% - 3px)", None),
        ("color: red; broken; padding: 1px", "color: red; padding: 1px"),
        ("display: flex", None),
        ("color:#12", None),
        ("width: 1e30px", "width: 100000px"),
        ("", None),
        ("mso-line-height-rule: exactly", "mso-line-height-rule: exactly"),
    ],
)
def test_declarations_are_written_anew_from_their_tokens(style: str, kept: str | None) -> None:
    assert clean_style(style) == kept


@settings(deadline=None)
@given(st.text(max_size=120) | st.text(alphabet="url()\\;:'\"/*abc0-9@{}! ", max_size=120))
def test_no_style_attribute_raises_or_holds_a_url(style: str) -> None:
    kept = clean_style(style) or ""
    assert not re.search(r"(?i)url|\\|@|[{}<>]", re.sub(r"'[\w .,+&-]*'", "", kept))
