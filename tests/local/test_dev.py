"""./dev on a machine with little: sentences for what is missing, pinned downloads, nothing done twice."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from werkzeug.wrappers import Request, Response

from local.cli import checks, environment, index, installer, wheels
from local.cli.fault import Fault
from tests.local.front import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ROOT = Path(__file__).resolve().parents[2]
SEARCH = os.environ["PATH"]


def dev(*arguments: str, root: Path = ROOT, path: str = SEARCH) -> subprocess.CompletedProcess[str]:
    """`./dev` with an environment that holds PATH only."""
    return subprocess.run(
        [root / "dev", *arguments],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def script(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of ./dev with its commands, a lock, and an environment of fakes that is marked as installed."""
    root = tmp_path / "clone"
    shutil.copytree(ROOT / "local" / "cli", root / "local" / "cli", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "dev", root / "dev")
    (root / "local" / "__init__.py").touch()
    (root / "uv.lock").write_text("version = 1\n")
    for tool in ("python", "ruff", "mypy", "lint-imports"):
        script(root / ".venv" / "bin" / tool, f'echo "{tool} $*" >> "$0.calls"')
    lock = hashlib.sha256((root / "uv.lock").read_bytes()).hexdigest()
    stamp = {"lock": lock, "groups": ["dev", "local"]}
    (root / ".venv" / "installed-by-dev.json").write_text(json.dumps(stamp))
    return root


def calls(clone: Path, tool: str) -> list[str]:
    record = clone / ".venv" / "bin" / f"{tool}.calls"
    return record.read_text().splitlines() if record.exists() else []


def test_an_unknown_command_is_a_sentence_and_exit_code_2() -> None:
    answer = dev("nonsense")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == './dev has no command "nonsense": `./dev help` lists the commands.\n'


@pytest.mark.parametrize("arguments", [(), ("help",), ("--help",)])
def test_help_lists_every_command(arguments: tuple[str, ...]) -> None:
    answer = dev(*arguments)
    assert answer.returncode == 0
    for command in ("up [--port 8080] [--data DIR] [--fresh]", "test", "check", "bench", "deploy", "help"):
        assert f"./dev {command}" in answer.stdout


def test_help_fits_into_a_terminal_of_120_columns() -> None:
    lines = dev("help").stdout.splitlines()
    assert max(map(len, lines)) <= 120
    purposes = {line.rindex("  ") for line in lines if line.startswith("  ")}
    assert len(purposes) <= 2, "the purposes stand below each other"
    assert any(line.strip() == "Builds the bundles and runs Terraform." for line in lines)


@pytest.mark.parametrize("command", ["up", "test", "check", "bench", "deploy", "help"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    answer = dev(command, "--help")
    assert answer.returncode == 0
    assert f"examples:\n  ./dev {command}" in answer.stdout


def test_a_benchmark_that_does_not_exist_is_refused_with_the_names_of_those_that_do() -> None:
    answer = dev("bench", "nothing")
    assert answer.returncode == 2
    assert "'push'" in answer.stderr or "push" in answer.stderr


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "٨٠", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    answer = dev("up", f"--port={port}")
    assert answer.returncode == 2
    assert "is no port" in answer.stderr


def test_a_python_that_is_too_old_is_one_sentence(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    script(tools / "python3", "exit 1")
    (tools / "sh").symlink_to(shutil.which("sh") or "sh")
    answer = dev("help", path=str(tools))
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "Python 3.11 or newer" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_newer_python_under_another_name_is_found(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    script(tools / "python3", "exit 1")
    (tools / "sh").symlink_to(shutil.which("sh") or "sh")
    script(tools / "python3.12", f'exec {sys.executable} "$@"')
    assert dev("help", path=str(tools)).returncode == 0


def test_dev_works_from_any_folder_and_does_not_import_what_lies_there(tmp_path: Path) -> None:
    script(tmp_path / "local" / "__init__.py", "raise SystemExit('the wrong package')")
    answer = subprocess.run(
        [ROOT / "dev", "help"],
        cwd=tmp_path,
        env={"PATH": SEARCH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0


def test_test_runs_the_checks_and_hands_its_arguments_to_pytest(clone: Path) -> None:
    answer = dev("test", "tests/local", "-k", "a and b", "-x", root=clone)
    assert answer.returncode == 0, answer.stderr
    assert calls(clone, "python") == ["python -m pytest -n 3 tests/local -k a and b -x"]
    assert calls(clone, "lint-imports") != []
    assert dev("test", "--no-check", "-q", root=clone).returncode == 0
    assert calls(clone, "python")[1:] == ["python -m pytest -n 3 -q"]
    assert len(calls(clone, "lint-imports")) == 1


def test_test_fails_where_only_a_check_does(clone: Path) -> None:
    assert dev("test", root=clone).returncode == 0
    script(clone / ".venv" / "bin" / "mypy", "exit 1")
    assert dev("test", root=clone).returncode == 1


def test_check_runs_every_check_after_one_has_failed(clone: Path) -> None:
    script(clone / ".venv" / "bin" / "ruff", 'echo "line too long"; exit 1')
    answer = dev("check", root=clone)
    assert answer.returncode == 1
    lines = [line.split()[:2] for line in answer.stdout.splitlines() if line.endswith(" s")]
    assert lines == [["format", "FAILED"], ["lint", "FAILED"], ["types", "ok"], ["layers", "ok"]]
    assert "line too long" in answer.stdout


def test_docs_are_checked_once_they_have_a_test(tmp_path: Path) -> None:
    assert "docs" not in [check.name for check in checks.checks_of(tmp_path)]
    script(tmp_path / "tests" / "test_docs.py", "")
    (docs,) = [check for check in checks.checks_of(tmp_path) if check.name == "docs"]
    assert docs.command[-2:] == ("tests/test_docs.py", "tests/docs/test_cost.py")


def test_up_hands_over_to_the_stack_in_the_same_process(clone: Path) -> None:
    answer = dev("up", "--port", "9000", "--fresh", "--data", "mine", root=clone)
    assert answer.returncode == 0, answer.stderr
    (call,) = calls(clone, "python")
    assert call == f"python -P -m local.stack --port 9000 --data {Path.cwd() / 'mine'} --fresh"


def test_what_is_installed_is_not_installed_again(clone: Path) -> None:
    # PATH has no uv and the index is nowhere: any attempt to install would fail.
    nowhere = {"PATH": "/nonexistent", "UV_DEFAULT_INDEX": "http://127.0.0.1:1/simple"}
    python = environment.ensure(clone, frozenset({"local"}), nowhere)
    assert python == clone / ".venv" / "bin" / "python"
    (clone / "uv.lock").write_text("version = 2\n")
    with pytest.raises(Fault, match="cannot be reached"):
        environment.ensure(clone, frozenset({"local"}), nowhere)


@pytest.mark.parametrize(
    ("machine", "file"),
    [
        (("linux", "x86_64", "glibc"), "manylinux_2_17_x86_64"),
        (("linux", "x86_64", "musl"), "musllinux_1_1_x86_64"),
        (("linux", "arm64", "glibc"), "manylinux_2_17_aarch64"),
        (("linux", "aarch64", "musl"), "manylinux_2_17_aarch64"),
        (("darwin", "x86_64", ""), "macosx_10_12_x86_64"),
        (("darwin", "arm64", ""), "macosx_11_0_arm64"),
    ],
)
def test_each_usual_machine_has_a_pinned_wheel(machine: tuple[str, str, str], file: str) -> None:
    wheel = wheels.wheel_for(*machine)
    assert wheel.file.startswith(f"uv-{wheels.VERSION}-py3-none-{file}")
    assert len(bytes.fromhex(wheel.sha256)) == 32


def test_an_unusual_machine_is_told_to_bring_its_own_uv() -> None:
    with pytest.raises(Fault, match="install uv"):
        wheels.wheel_for("linux", "sparc", "glibc")


class Index:
    """A package index with one file, as JSON (PEP 691) or HTML (PEP 503), with relative links like a mirror's."""

    def __init__(self, file: str, content: bytes, as_json: bool) -> None:
        self._file, self._content, self._as_json = file, content, as_json

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = Request(environ).path
        response = Response(status=404)
        if path == "/simple/uv/" and self._as_json:
            listed = {"files": [{"filename": self._file, "url": f"../../files/{self._file}#sha256=x"}]}
            response = Response(json.dumps(listed), mimetype="application/vnd.pypi.simple.v1+json")
        elif path == "/simple/uv/":
            response = Response(
                f'<a href="/files/{self._file}#sha256=x">{self._file}</a>', mimetype="text/html"
            )
        elif path == f"/files/{self._file}":
            response = Response(self._content, mimetype="application/octet-stream")
        return response(environ, start_response)


def uv_wheel(program: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("uv-1.0.data/scripts/uvx", b"not this one")
        archive.writestr("uv-1.0.data/scripts/uv", program)
    return packed.getvalue()


@pytest.mark.parametrize("as_json", [True, False])
def test_a_wheel_is_fetched_and_checked(as_json: bool) -> None:
    content = uv_wheel(b"program")
    right = wheels.Wheel("uv.whl", hashlib.sha256(content).hexdigest())
    with serving(Index("uv.whl", content, as_json)) as server:
        url = f"http://127.0.0.1:{server.server_port}/simple"
        assert index.fetch(right, "uv", url) == content
        with pytest.raises(Fault, match="SHA-256 differs"):
            index.fetch(wheels.Wheel("uv.whl", "0" * 64), "uv", url)
        with pytest.raises(Fault, match="does not list other"):
            index.fetch(wheels.Wheel("other.whl", right.sha256), "uv", url)
        with pytest.raises(Fault, match="answered 404"):
            index.fetch(right, "other", url)


def test_an_index_out_of_reach_is_one_sentence_without_its_password() -> None:
    with pytest.raises(Fault) as caught:
        index.fetch(wheels.Wheel("uv.whl", "0"), "uv", "http://me:hunter2@127.0.0.1:1/simple")
    assert "cannot be reached" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"])
def test_the_index_of_the_caller_is_honoured(name: str) -> None:
    assert index.chosen_index({name: "https://mirror.example/simple"}) == "https://mirror.example/simple"
    assert index.chosen_index({}) is None


def test_a_program_is_unpacked_ready_to_run(tmp_path: Path) -> None:
    target = tmp_path / "uv-1" / "uv"
    installer.unpack(uv_wheel(b"#!/bin/sh\necho 'uv 9.9.9 (test)'\n"), target)
    assert installer.version_of(target, {}) == (9, 9, 9)
    assert [entry.name for entry in target.parent.iterdir()] == ["uv"]


def test_a_uv_on_the_path_is_used_if_it_is_new_enough(tmp_path: Path) -> None:
    on_path = script(tmp_path / "bin" / "uv", f"echo 'uv {wheels.VERSION}'")
    search = {"PATH": str(tmp_path / "bin"), "UV_DEFAULT_INDEX": "http://127.0.0.1:1/simple"}
    assert installer.find_or_fetch_uv(tmp_path / ".dev", search) == on_path
    script(on_path, "echo 'uv 0.4.30'")
    with pytest.raises(Fault, match="cannot be reached"):
        installer.find_or_fetch_uv(tmp_path / ".dev", search)
    own = script(tmp_path / ".dev" / f"uv-{wheels.VERSION}" / "uv", "")
    assert installer.find_or_fetch_uv(tmp_path / ".dev", search) == own
