"""Every colour of the components is a custom property that the host may set, and the documentation lists them all."""

import re
from collections.abc import Iterator
from typing import Final

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


def test_control_a_fixed_colour_and_an_unlisted_property_are_found() -> None:
    css = "  color: rebeccapurple;\n  border: 1px solid #fff;\n  --_new: var(--gmail-new, light-dark(red, blue));\n"
    assert list(fixed_colours(css)) == ["rebeccapurple", "#fff"]
    assert offered(css) == {"new": Default("red", "blue")}
    assert "new" not in documented()
