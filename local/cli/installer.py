"""Finds a uv, or fetches the pinned one into `.dev/`."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

from local.cli.index import PYPI, chosen_index, fetch
from local.cli.progress import step
from local.cli.wheels import VERSION, wheel_for_this_machine


def find_or_fetch_uv(dev_folder: Path, environment: Mapping[str, str]) -> Path:
    """A uv of at least the pinned version: from `dev_folder`, from PATH, or fetched. Raises Fault."""
    own = dev_folder / f"uv-{VERSION}" / "uv"
    if own.exists():
        return own
    on_path = shutil.which("uv", path=environment.get("PATH", ""))
    if on_path is not None and version_of(Path(on_path), environment) >= _numbers(VERSION):
        return Path(on_path)
    with step(f"Fetching uv {VERSION}, the installer, into {dev_folder.name}/"):
        wheel = fetch(wheel_for_this_machine(), "uv", chosen_index(environment) or PYPI)
        unpack(wheel, own)
    return own


def version_of(uv: Path, environment: Mapping[str, str]) -> tuple[int, ...]:
    """(0, 13, 9) for a uv that works, () for one that does not."""
    try:
        answer = subprocess.run(  # noqa: S603  a uv of the caller's own PATH
            [uv, "--version"], capture_output=True, text=True, timeout=20, check=True, env=dict(environment)
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    found = re.match(r"uv (\d+(?:\.\d+)*)", answer.stdout)
    return _numbers(found[1]) if found else ()


def unpack(wheel: bytes, target: Path) -> None:
    """Writes the wheel's uv program to `target`, whole or not at all."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        (inside,) = [name for name in archive.namelist() if re.fullmatch(r"uv-[^/]+\.data/scripts/uv", name)]
        program = archive.read(inside)
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"uv.{os.getpid()}.part")
    half.write_bytes(program)
    half.chmod(0o755)
    half.replace(target)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
