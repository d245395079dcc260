"""The documentation says what is: its links, paths, commands and tables are compared with the project.

`BAD` holds a page for each rule that the rule must complain about.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions.labeler.routes import ROUTES as LABELER
from functions.notify.routes import ROUTES as NOTIFY
from functions.oauth.routes import ROUTES as OAUTH
from functions.proxy.routes import ROUTES as PROXY
from shared.adapters.firestore.documents import ALLOWED
from shared.log import FIELDS
from shared.web import Route
from shared.wiring import CommonSettings
from tests.docs import rules
from tests.docs.pages import ROOT, Page, all_pages, page, words_in_code

Rule = Callable[[Page], Iterator[str]]

EVERY_PAGE: tuple[Rule, ...] = (rules.links_resolve, rules.paths_exist, rules.commands_exist)

BAD: dict[Rule, tuple[Page, ...]] = {
    rules.links_resolve: (
        Page("README.md", "[gone](docs/gone.md)"),
        Page("README.md", "[out](../elsewhere.md)"),
        Page("README.md", "# One\n[two](#two)"),
        Page("docs/settings.md", "[no heading](../README.md#no-such-heading)"),
        Page("README.md", "![picture](docs/pictures/gone.png)"),
    ),
    rules.paths_exist: (
        Page("README.md", "in `shared/gone.py`"),
        Page("README.md", "in `functions/*/gone.py`"),
        Page("README.md", "start `python -m local.gone --port P`"),
        Page("README.md", "the module `shared.gone`"),
    ),
    rules.commands_exist: (
        Page("README.md", "Run `./dev fly`."),
        Page("README.md", "```sh\n./dev up --fast\n```"),
    ),
    rules.is_a_decision_of_ten_lines: (
        Page("docs/decisions/0001-x.md", ""),
        Page(
            "docs/decisions/0002-x.md",
            "# 1. X\n2026-11-24, accepted\n**Question.** a\n**Decision.** b\n**Consequences.** c\n**Not chosen.** d",
        ),
        Page(
            "docs/decisions/0001-x.md",
            "# 1. X\n2026-11-24, accepted\n**Question.** a\n**Decision.** b\n" + "c\n" * 9,
        ),
        Page(
            "docs/decisions/0001-x.md",
            "# 1. X\nyesterday\n**Question.** a\n**Decision.** b\n**Consequences.** c\n**Not chosen.** d",
        ),
    ),
}


@pytest.mark.parametrize("rule", EVERY_PAGE, ids=lambda rule: rule.__name__)
def test_no_page_mentions_what_does_not_exist(rule: Rule) -> None:
    pages = all_pages()
    assert len(pages) > 10, "the control: these are the pages"
    assert [complaint for each in pages for complaint in rule(each)] == []


@pytest.mark.parametrize("rule", BAD, ids=lambda rule: rule.__name__)
def test_each_rule_complains_about_a_bad_page(rule: Rule) -> None:
    for bad in BAD[rule]:
        assert list(rule(bad)), f"no complaint about:\n{bad.text}"


def test_every_decision_has_ten_lines_and_is_listed() -> None:
    decisions = [each for each in all_pages() if re.match(r"docs/decisions/\d", each.path)]
    assert len(decisions) >= 4
    assert [complaint for each in decisions for complaint in rules.is_a_decision_of_ten_lines(each)] == []
    assert list(page("docs/decisions/README.md").links) == [
        each.path.rpartition("/")[2] for each in decisions
    ]


def test_the_readme_has_a_picture_and_two_commands() -> None:
    readme = page("README.md")
    picture = ROOT / "docs/pictures/record.png"
    assert "docs/pictures/record.png" in readme.links
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 250_000
    shell = re.findall(r"```sh\n(.*?)```", readme.text, re.DOTALL)
    commands = [line.split("#")[0].strip() for block in shell for line in block.splitlines()]
    assert commands == ["./dev up", "./dev test"]
    opening = readme.text.split("\n\n")[1]
    assert len(opening.splitlines()) == 5, "what it is, in five lines"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, ahead = set[str](), ["README.md"]
    while ahead:
        path = ahead.pop()
        if (ROOT / path).is_dir():
            ahead += [file.relative_to(ROOT).as_posix() for file in (ROOT / path).glob("*.md")]
        if path in reached or not path.endswith(".md") or not (ROOT / path).is_file():
            continue
        reached.add(path)
        here = (ROOT / path).parent
        links = [link.split("#")[0] for link in page(path).links if not re.match(r"[a-z]+:", link)]
        ahead += [(here / link).resolve().relative_to(ROOT).as_posix() for link in links if link]
    assert {each.path for each in all_pages()} - reached == set()


def test_the_changelog_has_a_section_for_what_is_not_released() -> None:
    assert page("CHANGELOG.md").section("## [Unreleased]")


def test_the_settings_page_is_the_settings() -> None:
    told = {words_in_code(cells[0])[0]: cells[1:] for cells in page("docs/settings.md").rows()}

    fields = dataclasses.fields(CommonSettings)

    assert sorted(told) == sorted(field.name.upper() for field in fields)
    for field in fields:
        default, example, meaning = told[field.name.upper()]
        assert default == _default(field.default), field.name
        assert words_in_code(example), f"{field.name} has no example"
        assert meaning.endswith("."), f"{field.name} has no meaning"


def _default(value: object) -> str:
    if value is dataclasses.MISSING:
        return "required"
    if value is None:
        return "unset"
    if isinstance(value, bool):
        return f"`{value}`".lower()
    return f"`{value}`" if value else "empty"


def test_the_api_page_is_the_table_of_routes() -> None:
    routes: list[Route[Any]] = [*OAUTH, *PROXY, *NOTIFY, *LABELER]
    expected = {f"{route.method} {route.path}": route.permission or "none" for route in routes}

    rows = [cells for cells in page("docs/api.md").rows() if re.match(r"`[A-Z]+ /", cells[0])]

    told = {cells[0].strip("`"): cells[1].strip("`") for cells in rows}
    assert sorted(expected.items() - told.items()) == [], "docs/api.md lacks these"
    assert sorted(told.items() - expected.items()) == [], "docs/api.md names what is no route"
    assert len(rows) == len(routes)
    assert all(cells[2] for cells in rows), "each says what it is for"


def test_the_architecture_page_names_every_stored_field() -> None:
    stored = {
        words_in_code(cells[0])[0].split("/")[-2]: set(words_in_code(cells[1]))
        for cells in page("docs/architecture.md").rows()
        if re.match(r"`\w+/\{", cells[0])
    }
    for collection, fields in ALLOWED.items():
        assert stored.get(collection, set()) == set(fields), f"docs/architecture.md, the row of {collection}"
    assert set(stored) == set(ALLOWED)


def test_the_privacy_page_names_every_collection_and_log_field() -> None:
    privacy = page("docs/privacy.md")
    first_cells = {words_in_code(cells[0])[0] for cells in privacy.rows()}
    assert set(ALLOWED) <= first_cells
    assert set(words_in_code(privacy.section("## What a log line may hold"))) >= FIELDS
