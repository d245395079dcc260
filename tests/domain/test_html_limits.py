"""Documents that are made to keep a parser busy are refused before it sees them."""

import functools
import random
import re
import time

import pytest

from shared.adapters import safe_html
from shared.adapters.safe_html import clean_html
from shared.domain.clean_html import CleanHtml
from shared.domain.html_scan import BYTE_LIMIT
from shared.domain.html_text import text_of


def _clean(document: str) -> CleanHtml:
    return clean_html(document, attachment_url=lambda _: None, show_images=False)


def _seconds(document: str) -> float:
    """CPU time of this thread: other work on the machine, and what other tests left running, does not count."""
    started = time.thread_time()
    _clean(document)
    return time.thread_time() - started


@functools.cache
def _floor() -> float:
    """What the largest document that may be shown takes on this machine."""
    return max(min(_seconds(LARGEST) for _ in range(3)), 0.05)


def _distinct(template: str, count: int) -> str:
    return "".join(template.replace("%", str(at)) for at in range(count))


_ROW = (
    '<tr><td style="padding:10px %px;font-family:Arial;color:#333"><a href="https://x.example/%" '
    'style="color:#0a0">Read more</a><p style="margin:0">Lorem ipsum dolor sit amet, consectetur'
    " adipiscing elit, sed do eiusmod tempor incididunt ut labore.</p></td></tr>"
)
LARGEST = f"<table>{_distinct(_ROW, 2500)[: BYTE_LIMIT - 20]}"

BOMBS = {
    "bytes": "x" * (BYTE_LIMIT + 1),
    "bytes of letters": "é" * (BYTE_LIMIT // 2 + 1),
    "tags": "<br>" * 20_001,
    "depth": "<div>" * 50_000,
    "depth of spans that do not close": "<span><div></span>" * 9_000,
    "depth behind scopes": "<div>" * 150
    + "<table><td>"
    + ("</div>" * 150 + "<div>" * 150 + "<table><td>") * 60,
    "depth of forms": _distinct("<font>x</form><form q=%>x", 6_000),
    "depth in select": "<div><select></div></select>" * 5_000,
    "depth in foreign content": "<svg><desc><div></svg>" * 4_000,
    "attributes": "<p " + _distinct("a%=1 ", 65) + ">",
    "formatting": _distinct("<font color=c%>", 190) + "<p>x" * 19_000,
    "references": "&a " * 30_000,
    "references by number": "&#" * 100_000,
}
# Not over any limit, and no work for a parser: only for an expression that reads them in more than one way.
UNCLOSED = {
    "start tags": "<p " * (BYTE_LIMIT // 3),
    "end tags": "</td " * (BYTE_LIMIT // 5),
    "hidden elements": "<style " * (BYTE_LIMIT // 7),
    "comments": "<!--" * (BYTE_LIMIT // 4),
    "a length of digits": f'<img width="{"1" * 16_000}x">',
    "lengths of digits in styles": f'<img style="width:{"1" * 1_900}x">' * 32,
    "quotes without a mark": f"<hr {'id=' * 165}>" * 1_000,
    "quotes with a mark elsewhere": f"""<hr {"id=" * 140}' title='gmail_quote'>""" * 1_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_and_not_cut(name: str) -> None:
    found = _clean(BOMBS[name])
    assert found.html is None
    assert found.refused == name.split(maxsplit=1)[0]


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_far_less_than_the_largest_document_may(name: str) -> None:
    assert min(_seconds(BOMBS[name]) for _ in range(3)) < 0.4 * _floor()


def test_control_without_limits_nesting_takes_much_longer_than_its_refusal() -> None:
    bomb = "<div>" * 6_000
    refused = min(_seconds(bomb) for _ in range(3))
    started = time.thread_time()
    safe_html._sanitize(bomb, lambda _tag, _name, value: value)
    assert time.thread_time() - started > 10 * refused


def test_a_document_at_the_limit_is_shown() -> None:
    found = _clean(LARGEST)
    assert found.refused is None
    assert (found.html or "").count("Read more") >= 1_800


@pytest.mark.parametrize(
    "document",
    [
        "<p>one" * 400,
        "<ul>" + "<li>one" * 400 + "</ul>",
        "<table>" + "<tr><td>one" * 400 + "</table>",
        "<a name=x>" * 300 + "text",
        "<br><img alt=x><hr>" * 400,
        "<b>one</b> <i>two</i> " * 2_000,
        "<div>" * 150 + "deep" + "</div>" * 150,
        "&nbsp;&zwnj;" * 20_000,
        "<style>" + "a > b { color: red } " * 2_000 + "</style>",
        "<!-- " + "<div>" * 500 + " -->",
    ],
)
def test_ordinary_sloppy_markup_is_not_taken_for_a_bomb(document: str) -> None:
    assert _clean(document).refused is None


_NAMES = [
    "a", "b", "font", "i", "nobr", "div", "p", "table", "tr", "td", "tbody", "span", "li", "ul", "dd", "dt", "dl",
    "select", "option", "svg", "desc", "math", "mi", "template", "form", "button", "h1", "h2", "center", "pre",
    "object", "marquee", "rt", "ruby", "title", "textarea", "iframe", "body", "html", "head", "x-y",
]  # fmt: skip


def test_no_soup_of_tags_gets_past_the_limits_and_takes_long() -> None:
    seed = 20261124
    print("seed", seed)
    chance = random.Random(seed)  # noqa: S311 - inputs, not secrets
    for _ in range(60):
        names = chance.sample(_NAMES, chance.randint(1, 5))
        unit = "".join(
            chance.choice(["<%s>", "</%s>", "<%s>", "<%s q=#>"]) % chance.choice(names)
            + chance.choice(["", "x"])
            for _ in range(chance.randint(1, 12))
        )
        soup = "".join(unit.replace("#", str(at)) for at in range(20_000 // unit.count("<")))[:BYTE_LIMIT]
        assert _seconds(soup) < 8 * _floor(), unit


@pytest.mark.parametrize("name", BOMBS)
def test_the_text_of_a_refused_document_is_had_quickly(name: str) -> None:
    started = time.thread_time()
    text_of(BOMBS[name])
    assert time.thread_time() - started < 8 * _floor()


@pytest.mark.parametrize("name", UNCLOSED)
def test_what_is_never_closed_is_read_in_one_pass(name: str) -> None:
    document = UNCLOSED[name]
    assert min(_seconds(document) for _ in range(2)) < 2 * _floor()
    started = time.thread_time()
    text_of(document)
    assert time.thread_time() - started < 2 * _floor()


def test_the_text_of_a_refused_document_holds_its_words() -> None:
    assert re.fullmatch(r"\s*words\s*", text_of("<div>" * 5_000 + "words"))
