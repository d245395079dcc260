"""No module of the pages imports itself through others."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {"components": "web/src", "demo CRM": "local/crm/static"}
_IMPORT = re.compile(r"""(?:^|\s)(?:import|export)\b[^;"']*["'](\.[^"']+)["']""")

Graph = Mapping[Path, set[Path]]


def graph_of(folder: Path) -> Graph:
    """Each module with those that it imports, types too."""
    modules = [file for file in folder.rglob("*") if file.suffix in (".ts", ".js")]
    return {
        file: {
            target if target.exists() else target.with_suffix(".ts")
            for name in _IMPORT.findall(file.read_text("utf-8"))
            for target in [(file.parent / name).resolve()]
        }
        for file in modules
    }


def circles(graph: Graph) -> Iterator[list[str]]:
    """The ways that lead back to where they began."""

    def walk(file: Path, way: tuple[Path, ...]) -> Iterator[list[str]]:
        if file in way:
            yield [step.name for step in (*way[way.index(file) :], file)]
        elif file not in done:
            for target in sorted(graph[file]):
                yield from walk(target, (*way, file))
            done.add(file)

    done: set[Path] = set()
    for file in sorted(graph):
        yield from walk(file, ())


@pytest.mark.parametrize("name", SOURCES)
def test_no_module_imports_itself_through_others(name: str) -> None:
    graph = graph_of(ROOT / SOURCES[name])
    assert sum(map(len, graph.values())) > 10
    assert list(circles(graph)) == []


def test_control_a_circle_is_found(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.ts").write_text(f'import type {{ X }} from "./{other}.js";\n')
    assert list(circles(graph_of(tmp_path))) == [["a.ts", "b.ts", "c.ts", "a.ts"]]
