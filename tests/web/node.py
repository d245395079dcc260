"""Node and the packages of `web/`, where this machine has them: they are needed to build only."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"


def packages() -> Path:
    """The installed packages; installs them from the lock file where they are missing. Skips, loudly, without Node.

    In CI there must be Node: nothing is skipped.
    """
    npm = shutil.which("npm")
    if npm is None and os.environ.get("CI") != "true":
        pytest.skip(
            "NO NODE HERE: nobody looked whether web/dist is what web/src builds (apt-get install npm)"
        )
    assert npm is not None, "The components are checked with Node: install it"
    modules = WEB / "node_modules"
    with (WEB / "package-lock.json").open() as lock:
        # Another process of the tests may be installing them just now.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (modules / ".package-lock.json").is_file() or not (modules / "axe-core").is_dir():
            subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=WEB, check=True, timeout=300)
    return modules


def run(tool: str, *options: str, folder: Path = WEB) -> subprocess.CompletedProcess[str]:
    """Runs one of the installed tools, in `web/` or a copy of it."""
    program = packages() / ".bin" / tool
    return subprocess.run(
        [str(program), *options], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
