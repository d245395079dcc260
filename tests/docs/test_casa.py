"""docs/casa.md answers each item of the assessment, and names only what exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "casa.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE)
# Section of the CASA specification 2.1.1 -> how many items it has.
ITEMS = {
    "1.1": 3, "1.2": 1, "1.3": 4, "2.1": 1, "2.2": 3, "2.3": 4, "2.4": 1, "3.1": 6, "3.2": 2, "3.3": 1, "4.1": 4,
    "5.1": 10, "5.2": 1, "6.1": 1, "6.2": 1, "6.3": 1, "6.4": 1, "6.5": 1, "6.6": 1, "6.7": 1, "7.1": 2, "7.2": 3,
    "7.3": 2,
}  # fmt: skip
_RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
_STARTS_PROGRAMS = {"subprocess", "pty", "jinja2", "xml", "lxml", "pickle", "shelve", "marshal"}
_OPENS = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
# The stack's clock file, named by a setting that no deployment has, and a file of Google's own library.
_MAY_OPEN = {"shared/adapters/clock.py", "shared/adapters/gmail.py"}


def test_each_item_of_the_specification_is_answered_once_and_in_order() -> None:
    assert [row[0] for row in ROWS] == [
        f"{section}.{n + 1}" for section, count in ITEMS.items() for n in range(count)
    ]


@pytest.mark.parametrize(("item", "asks", "answer", "where"), ROWS, ids=[row[0] for row in ROWS])
def test_what_a_row_names_is_there(item: str, asks: str, answer: str, where: str) -> None:
    assert faults(answer, where) == [], item


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        ("Test", "`tests/docs/test_casa.py::test_that_nobody_wrote`"),
        ("Test", "`tests/no_such_file.py`"),
        ("Test", "`shared/web.py`"),
        ("Evidence", "we are careful"),
        ("Perhaps", "`tests/docs/test_casa.py`"),
        ("Deployer's", ""),
    ],
)
def test_control_a_row_without_proof_is_noticed(answer: str, where: str) -> None:
    assert faults(answer, where)


def faults(answer: str, where: str) -> list[str]:
    """What is wrong with a row's answer and proof."""
    named = re.findall(r"`((?:tests|shared|functions|infra|\.github)/[^`]+)`", where)
    found = [f"there is no {name}" for name in named if not _exists(*name.partition("::")[::2])]
    if answer not in {"Test", "Evidence", "Deployer's", "n/a"}:
        found.append(f"{answer} is no answer")
    if answer == "Test" and not any(name.startswith("tests/") for name in named):
        found.append("no test is named")
    if answer == "Evidence" and not named:
        found.append("no file is named")
    if len(where) < 15:
        found.append("nothing is said")
    return found


def _exists(file: str, test: str) -> bool:
    path = ROOT / file
    return path.is_file() and (not test or f"def {test}(" in path.read_text(encoding="utf-8"))


def test_the_product_runs_no_text_as_code_and_starts_no_program() -> None:
    assert [fault for file in _product() for fault in dangers(file.read_text(encoding="utf-8"))] == []


def test_the_product_opens_no_file_by_a_name_that_comes_from_outside() -> None:
    opening = {
        file.relative_to(ROOT).as_posix() for file in _product() if opens(file.read_text(encoding="utf-8"))
    }
    assert opening <= _MAY_OPEN


@pytest.mark.parametrize(
    "source",
    ["eval(text)", "import subprocess", "from xml.etree import ElementTree", "import os\nos.system('ls')"],
)
def test_control_code_that_runs_text_or_a_program_is_noticed(source: str) -> None:
    assert dangers(source)


@pytest.mark.parametrize("source", ["open(name)", "Path(name).read_text()"])
def test_control_code_that_opens_a_file_is_noticed(source: str) -> None:
    assert opens(source)


def dangers(source: str) -> list[str]:
    """Names of what runs text as code, starts a program, or reads a format that can."""
    tree = ast.parse(source)
    called = {name for name in _called(tree) if name in _RUNS_TEXT | {"system", "popen"}}
    modules = {name.split(".")[0] for name in _imported(tree)}
    return sorted(called | (modules & _STARTS_PROGRAMS))


def opens(source: str) -> bool:
    """Whether a file is opened."""
    return any(name in _OPENS for name in _called(ast.parse(source)))


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            # `re.compile` is no `compile`.
            elif isinstance(node.func, ast.Attribute) and node.func.attr not in {"compile", "open"}:
                yield node.func.attr


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _product() -> Iterator[Path]:
    for folder in ("functions", "shared"):
        yield from sorted((ROOT / folder).rglob("*.py"))
