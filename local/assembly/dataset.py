"""Finds and checks the data set that the stack starts with: the demo, or a folder of the caller's."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from local.cli.fault import Fault


@dataclass(frozen=True)
class DataSet:
    """A data folder whose two YAML files have the outer shape that they need. `gmail` and `crm` are their contents.

    `fingerprint` changes whenever a file of the folder does.
    """

    folder: Path
    gmail: dict[str, Any]
    crm: dict[str, Any]
    fingerprint: str

    @property
    def gmail_file(self) -> Path:
        """The Gmail emulator's seed."""
        return self.folder / "gmail.yaml"

    @property
    def crm_file(self) -> Path:
        """The demo CRM's records."""
        return self.folder / "crm.yaml"

    @property
    def mail_folder(self) -> Path | None:
        """Raw messages by user, where there are any."""
        folder = self.folder / "mail"
        return folder if folder.is_dir() else None


def load(folder: Path) -> DataSet:
    """The data set in `folder`. Raises Fault with a sentence that names the file and what is wrong with it."""
    if not folder.is_dir():
        raise Fault(f"{folder} is not a folder: --data needs one that holds gmail.yaml and crm.yaml.")
    gmail = _mapping(folder / "gmail.yaml", {"users": list})
    crm = _mapping(folder / "crm.yaml", {"org": dict, "users": list})
    return DataSet(folder, gmail, crm, _fingerprint(folder))


def make_demo(root: Path, now: datetime, environment: Mapping[str, str]) -> Path:
    """The demo's folder under `root/.dev`, made anew when its generator or the day (UTC) is another."""
    folder = root / ".dev" / "demo"
    stamp_file = folder / "made-by"
    stamp = f"{_hash_of_sources(root / 'local' / 'demo')} {now.astimezone(UTC).date()}"
    if stamp_file.exists() and stamp_file.read_text(encoding="utf-8") == stamp:
        return folder
    half = root / ".dev" / f"demo.{os.getpid()}.part"
    half.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-P", "-m", "local.demo", "--out", str(half)]
    made = subprocess.run(  # noqa: S603  our own module
        command, cwd=root, env=dict(environment), capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        shutil.rmtree(half, ignore_errors=True)
        raise Fault(
            f"The demo data could not be made: {(made.stderr.strip() or 'no reason').splitlines()[-1]}"
        )
    (half / "made-by").write_text(stamp, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    half.rename(folder)
    return folder


def _mapping(file: Path, needed: Mapping[str, type]) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Fault(f"{file} is missing.") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise Fault(f"{file} cannot be read: {fault}.") from None
    try:
        # The C parser is ten times as fast, and part of every wheel of PyYAML.
        content = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise Fault(f"{file}{where}: {getattr(fault, 'problem', None) or 'this is not YAML'}.") from None
    if not isinstance(content, dict):
        raise Fault(f"{file} must hold a mapping.")
    inner = content.get("google") if isinstance(content.get("google"), dict) else content
    for key, kind in needed.items():
        if not isinstance(inner, dict) or not isinstance(inner.get(key), kind):
            raise Fault(f"{file} needs {key}, a {'list' if kind is list else 'mapping'}.")
    return content


def _fingerprint(folder: Path) -> str:
    """Changes with the content of the YAML files and with the name, size or time of any other file."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        facts = file.stat()
        content = (
            file.read_bytes() if file.suffix == ".yaml" else f"{facts.st_size} {facts.st_mtime_ns}".encode()
        )
        digest.update(f"{file.relative_to(folder)}\0".encode("utf-8", "surrogateescape") + content + b"\0")
    return digest.hexdigest()


def _hash_of_sources(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()
