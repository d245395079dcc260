"""Makes `.venv` hold exactly the locked packages that a command needs, and skips what is already done."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.cli.fault import Fault
from local.cli.index import chosen_index
from local.cli.installer import find_or_fetch_uv
from local.cli.progress import detail, step

_STAMP = "installed-by-dev.json"
_UNREACHABLE = ("error sending request", "dns error", "failed to fetch", "timed out", "connection refused")


def ensure(root: Path, groups: frozenset[str], environment: Mapping[str, str]) -> Path:
    """The Python of `root/.venv`, with the packages of the product and of `groups`. Raises Fault."""
    venv = root / ".venv"
    python = venv / "bin" / "python"
    lock = hashlib.sha256((root / "uv.lock").read_bytes()).hexdigest()
    stamp = _read_stamp(venv)
    if python.exists() and stamp.lock == lock and groups <= stamp.groups:
        return python
    # What `./dev test` brought stays when `./dev up` finds a newer lock, and so does what we did not install.
    wanted = groups | stamp.groups
    extent: list[str | Path] = ["--inexact"] if python.exists() and not stamp.lock else []
    uv = find_or_fetch_uv(root / ".dev", environment)
    settings = uv_settings(root, uv, environment)
    with step("Installing the locked packages into .venv (the first time takes a minute)"):
        index = chosen_index(environment)
        if index is None:
            sync: list[str | Path] = [
                uv,
                "sync",
                "--frozen",
                "--compile-bytecode",
                *extent,
                *_group_options(wanted),
            ]
            _run(sync, root, settings)
        else:
            _install_from(index, uv, root, wanted, settings)
    (venv / _STAMP).write_text(json.dumps({"lock": lock, "groups": sorted(wanted)}), encoding="utf-8")
    return python


def uv_settings(root: Path, uv: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: this Python, this `.venv`, and nothing outside the folder for our own uv."""
    settings = {
        name: value for name, value in environment.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}
    }
    settings["UV_PROJECT_ENVIRONMENT"] = str(root / ".venv")
    settings["UV_PYTHON"] = sys.executable
    settings["UV_PYTHON_DOWNLOADS"] = "never"
    if uv.is_relative_to(root):
        settings.setdefault("UV_CACHE_DIR", str(root / ".dev" / "uv-cache"))
    return settings


def _install_from(
    index: str, uv: Path, root: Path, groups: frozenset[str], settings: Mapping[str, str]
) -> None:
    """The lock names PyPI's files; another index gets the same versions and hashes as requirements."""
    listed = root / ".dev" / "requirements.txt"
    listed.parent.mkdir(exist_ok=True)
    export: list[str | Path] = [
        uv,
        "export",
        "--frozen",
        "--quiet",
        "--output-file",
        listed,
        *_group_options(groups),
    ]
    _run(export, root, settings)
    if not (root / ".venv" / "bin" / "python").exists():
        _run([uv, "venv", "--quiet", str(root / ".venv")], root, settings)
    install: list[str | Path] = [uv, "pip", "sync", "--require-hashes", "--compile-bytecode", str(listed)]
    _run(install, root, {**settings, "UV_DEFAULT_INDEX": index, "UV_PYTHON": str(root / ".venv/bin/python")})


def _group_options(groups: Iterable[str]) -> list[str | Path]:
    return ["--no-default-groups", *(f"--group={group}" for group in sorted(groups))]


def _run(command: Sequence[str | Path], root: Path, settings: Mapping[str, str]) -> None:
    lines: list[str] = []
    # uv tells its progress on standard error, line by line where that is no terminal.
    with subprocess.Popen(  # noqa: S603  our own uv with our own arguments
        command, cwd=root, env=dict(settings), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        for line in process.stderr or ():
            lines.append(line.rstrip())
            if line.strip().startswith(("Downloading", "Prepared", "Installed", "Bytecode")):
                detail(line.strip())
    if process.returncode != 0:
        raise Fault(_explain(lines))


def _explain(lines: list[str]) -> str:
    text = "\n".join(lines)
    if any(sign in text.lower() for sign in _UNREACHABLE):
        return (
            "The packages cannot be fetched: check the network, HTTPS_PROXY, SSL_CERT_FILE "
            "(or name a mirror in UV_DEFAULT_INDEX), then run this again."
        )
    return "uv could not install the packages:\n" + "\n".join(lines[-20:])


@dataclass(frozen=True)
class _Stamp:
    """What an earlier run installed: the SHA-256 of uv.lock ("" for nothing) and the dependency groups."""

    lock: str
    groups: frozenset[str]


def _read_stamp(venv: Path) -> _Stamp:
    try:
        stamp = json.loads((venv / _STAMP).read_text(encoding="utf-8"))
        return _Stamp(str(stamp["lock"]), frozenset(stamp["groups"]))
    except (OSError, ValueError, KeyError, TypeError):
        return _Stamp("", frozenset())


def tool_environment(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for programs of `.venv`: it comes first on PATH, and our own PYTHONPATH is gone."""
    settings = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    settings["VIRTUAL_ENV"] = str(root / ".venv")
    settings["PATH"] = f"{root / '.venv' / 'bin'}{os.pathsep}{environment.get('PATH', os.defpath)}"
    return settings
