"""What a page of the documentation must not say: each rule is a generator of complaints about one page."""

import re
from collections.abc import Iterator
from typing import Final

from local.cli.commands import COMMANDS
from tests.docs.pages import ROOT, Page

_OUR_FOLDERS: Final = ("functions", "shared", "local", "tests", "docs", "infra", "web", "bench", ".ci")
_PATH: Final = re.compile(rf"(?:\./)?((?:{'|'.join(map(re.escape, _OUR_FOLDERS))})(?:/[\w.*<>-]+)*/?)")
_MODULE: Final = re.compile(r"(?:python -m )?((?:functions|shared|local|tests)(?:\.[a-z_]+)+)\b.*")
_COMMAND: Final = re.compile(r"(?:^|[\s`(])\./dev ([a-z-]+)((?: [^\s`]+)*)")
_ADR_HEADING: Final = re.compile(r"# (\d+)\. \S.+")
_ADR_PARTS: Final = ("**Question.**", "**Decision.**", "**Consequences.**", "**Not chosen.**")


def links_resolve(page: Page) -> Iterator[str]:
    """To files of the project and to headings of its pages; addresses on the Web are not asked."""
    for link in page.links:
        target, _, fragment = link.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = ((ROOT / page.path).parent / target).resolve() if target else ROOT / page.path
        if not file.is_relative_to(ROOT) or not file.exists():
            yield f"{page.path}: {link} leads nowhere"
        elif fragment and file.suffix == ".md":
            text = page.text if not target else file.read_text(encoding="utf-8")
            if fragment not in Page(target, text).anchors:
                yield f"{page.path}: {link} names no heading"


def paths_exist(page: Page) -> Iterator[str]:
    """In backticks: `local/gmail/`, `functions/*/main.py`, `shared.wiring`, `python -m local.firestore`."""
    for code in page.code:
        path = _PATH.fullmatch(code)
        if path and not list(ROOT.glob(re.sub(r"<[^>]*>", "*", path[1].rstrip("/")))):
            yield f"{page.path}: there is no {code}"
        module = _MODULE.fullmatch(code)
        if module and not path and not _is_module(module[1]):
            yield f"{page.path}: there is no module {module[1]}"


def commands_exist(page: Page) -> Iterator[str]:
    """`./dev NAME --option`: in prose, in code, in blocks."""
    for name, rest in _COMMAND.findall(page.text):
        command = COMMANDS.get(name)
        if command is None:
            yield f"{page.path}: ./dev has no command {name}"
            continue
        for option in re.findall(r"--[a-z-]+", rest):
            if option not in command.usage:
                yield f"{page.path}: ./dev {name} has no option {option}"


def is_a_decision_of_ten_lines(page: Page) -> Iterator[str]:
    lines = [line for line in page.text.splitlines() if line]
    number = page.path.rpartition("/")[2].split("-")[0]
    heading = _ADR_HEADING.fullmatch(lines[0]) if lines else None
    if heading is None or heading[1].zfill(4) != number:
        yield f"{page.path}: the first line is not '# N. Title' with the file's number"
    if len(lines) < 2 or not re.fullmatch(r"\d{4}-\d{2}-\d{2}, (accepted|superseded by \d+)", lines[1]):
        yield f"{page.path}: the second line is not date and state"
    if len(lines) > 10:
        yield f"{page.path}: has {len(lines)} lines, more than ten"
    if re.findall(r"^\*\*[A-Z][a-z ]+\.\*\*", page.text, re.MULTILINE) != list(_ADR_PARTS):
        yield f"{page.path}: does not go through {', '.join(_ADR_PARTS)}"


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or path.is_dir()
