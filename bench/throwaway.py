"""A package of others' that is no dependency of ours, in a folder that is gone when its process ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from local.cli.environment import uv_settings
from local.cli.fault import Fault
from local.cli.index import chosen_index
from local.cli.installer import find_or_fetch_uv

ROOT: Final = Path(__file__).parents[1]
FETCHED_WITHIN_S: Final = 120.0
DONE_WITHIN_S: Final = 300.0


class NotFetched(Exception):
    """The package index cannot be reached, or does not have it."""


def run_with(package: str, script: Path, *arguments: str) -> Any:
    """What the script prints as JSON, run by this Python with the package (`name==version`). Raises NotFetched."""
    with TemporaryDirectory() as folder:
        _install(package, folder)
        # -P: the script's own folder holds no packages.
        command = [sys.executable, "-P", str(script), *arguments]
        done = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": folder},
            stdout=subprocess.PIPE,
            check=True,
            timeout=DONE_WITHIN_S,
        )
    return json.loads(done.stdout)


def _install(package: str, folder: str) -> None:
    try:
        uv = find_or_fetch_uv(ROOT / ".dev", os.environ)
        settings = uv_settings(ROOT, uv, os.environ)
        index = chosen_index(os.environ)
        if index is not None:
            settings["UV_DEFAULT_INDEX"] = index
        command: list[str | Path] = [uv, "pip", "install", "--quiet", "--target", folder, package]
        subprocess.run(
            command, env=settings, capture_output=True, text=True, check=True, timeout=FETCHED_WITHIN_S
        )
    except Fault as fault:
        raise NotFetched(str(fault)) from None
    except subprocess.CalledProcessError as error:
        raise NotFetched(error.stderr.strip()) from None
    except subprocess.TimeoutExpired:
        raise NotFetched(f"The package index did not answer within {FETCHED_WITHIN_S:.0f} s.") from None
