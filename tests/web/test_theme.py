"""Every colour of the components is a custom property that the host may set, and the documentation lists them all. The
defaults can be told apart."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Final, Literal

import pytest

from tests.web.embedding_page import Default, documented
from tests.web.node import WEB

_SET: Final = re.compile(r"--_([a-z-]+): var\(--gmail-([a-z-]+), (.+)\);$", re.MULTILINE)
_COLOURED: Final = re.compile(
    r"^\s*(?:[\w-]*color|background|fill|stroke|border(?!-collapse|-radius)[\w-]*|outline|box-shadow): ([^;]+);",
    re.MULTILINE,
)
_NO_COLOUR: Final = re.compile(r"none|solid|0|\d+px|var\(--_[a-z-]+\)")


def offered(source: str) -> dict[str, Default]:
    """The properties that a stylesheet takes from the host, with their defaults."""
    found = {}
    for inner, outer, value in _SET.findall(source):
        assert inner == outer
        colours = re.fullmatch(r"light-dark\((.+), (.+)\)", value)
        measure = re.sub(r"var\(--_density, (.+)\)", r"\1", value)
        found[outer] = Default(colours[1], colours[2]) if colours else Default(measure, "")
    return found


def fixed_colours(source: str) -> Iterator[str]:
    """What a declaration says of a colour that the host cannot change."""
    for value in _COLOURED.findall(source):
        yield from (word for word in value.split() if not _NO_COLOUR.fullmatch(word) and word != "inherit")


_CATEGORIES: Final = ("closing-this-month", "open-deals", "customers")
_TEXTS: Final = [
    *product(("ink", "quiet", "main", "wrong"), ("paper", "ground")),
    ("on-main", "main"),
    *((f"on-{category}", category) for category in _CATEGORIES),
]
"""Each text's colour and that of what it stands on."""
_DRAWN: Final = [(name, "paper") for name in ("field-line", *(f"chart-{name}" for name in _CATEGORIES))]

SOURCES: Final = {file.name: file.read_text(encoding="utf-8") for file in (WEB / "src").glob("*.ts")}
EVERYTHING: Final = "\n".join(SOURCES.values())


def test_the_documentation_lists_every_property_with_its_defaults_and_no_other() -> None:
    assert offered(EVERYTHING) == documented()
    assert set(re.findall(r"var\(--gmail-([a-z-]+)", EVERYTHING)) == set(documented())


def test_every_property_is_used() -> None:
    for name in documented():
        assert re.search(rf"(?<!-)var\(--_{name}\)", EVERYTHING), name


def test_no_colour_is_fixed() -> None:
    for name, source in SOURCES.items():
        assert list(fixed_colours(source)) == [], name
        literal = re.compile(r"#[0-9a-f]{3,8}\b|light-dark\(|rgba?\(|hsla?\(|oklch\(|color-mix\(")
        # A mail's own frame is white: its author chose its colours for that.
        ours = [
            line for line in source.splitlines() if not (_SET.search(line) or line.startswith("const BODY"))
        ]
        assert not literal.search("\n".join(ours)), name


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio", of two colours such as `#1f2523`."""

    def luminance(colour: str) -> float:
        parts = [value / 255 for value in bytes.fromhex(colour[1:])]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_texts_and_what_is_drawn_can_be_told_from_what_they_stand_on(look: Literal["light", "dark"]) -> None:
    colours = {name: getattr(default, look) for name, default in documented().items()}
    for pairs, least in ((_TEXTS, 4.5), (_DRAWN, 3)):
        for one, other in pairs:
            assert _contrast(colours[one], colours[other]) >= least, (one, other)


def test_control_a_faint_border_is_found() -> None:
    assert _contrast(documented()["line"].light, "#ffffff") < 3
    assert round(_contrast("#000000", "#ffffff"), 2) == 21


def test_control_a_fixed_colour_and_an_unlisted_property_are_found() -> None:
    css = "  color: rebeccapurple;\n  border: 1px solid #fff;\n  --_new: var(--gmail-new, light-dark(red, blue));\n"
    assert list(fixed_colours(css)) == ["rebeccapurple", "#fff"]
    assert offered(css) == {"new": Default("red", "blue")}
    assert "new" not in documented()
