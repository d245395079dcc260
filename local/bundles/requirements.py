"""Makes `functions/<name>/requirements.txt`: the locked versions with their hashes, and only what is imported."""

import re
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from local.bundles.imports import reachable

# Distribution -> the modules by which it is imported. None: needed without an import.
IMPORTED_AS: Final[Mapping[str, tuple[str, ...] | None]] = {
    "cryptography": ("cryptography",),
    # What starts the process.
    "functions-framework": None,
    "google-api-python-client": ("googleapiclient",),
    "google-cloud-firestore": ("google.cloud.firestore", "google.cloud.firestore_v1"),
    "google-cloud-pubsub": ("google.cloud.pubsub_v1",),
    "google-cloud-secret-manager": ("google.cloud.secretmanager", "google.cloud.secretmanager_v1"),
    "nh3": ("nh3",),
    "opentelemetry-exporter-otlp-proto-http": ("opentelemetry.exporter.otlp.proto.http",),
    "opentelemetry-sdk": ("opentelemetry",),
    "pydantic": ("pydantic",),
    "pyjwt": ("jwt",),
    "stamina": ("stamina",),
    "standardwebhooks": ("standardwebhooks",),
    "structlog": ("structlog",),
    "tinycss2": ("tinycss2",),
    # zoneinfo reads it as files.
    "tzdata": None,
    "urllib3": ("urllib3",),
    "werkzeug": ("werkzeug",),
}

_HEADER: Final = """\
# Made from uv.lock by `python -m local.bundles --requirements`; do not edit.
# Left out, because nothing that this function leads to imports it: {left_out}.
"""

EXPORT: Final = ("export", "--frozen", "--no-dev", "--no-default-groups", "--no-emit-project", "--quiet")
"""uv's words for what a deployed function needs, and nothing of this project's tools."""
_AS_REQUIREMENTS: Final = ("--no-header", "--no-annotate", "--format", "requirements-txt")


def unused(root: Path, function: str) -> list[str]:
    """The product's direct dependencies that no file reachable from the function's main.py imports.

    Raises KeyError for a dependency that `IMPORTED_AS` does not know.
    """
    _, foreign = reachable(root, f"functions.{function}.main")
    return [name for name in direct_dependencies(root) if not _is_used(IMPORTED_AS[name], foreign)]


def direct_dependencies(root: Path) -> list[str]:
    """Names in `[project] dependencies` of pyproject.toml, sorted."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return sorted(re.split(r"[\[<>=!~ ;]", line)[0].lower() for line in project["dependencies"])


def requirements(root: Path, function: str, uv: Path) -> str:
    """The file's text. Raises subprocess.CalledProcessError where uv does not take the lock."""
    left_out = unused(root, function)
    command: list[str | Path] = [uv, *EXPORT, *_AS_REQUIREMENTS]
    for name in left_out:
        command += ["--prune", name]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603  our own uv
    return _HEADER.format(left_out=", ".join(left_out) or "nothing") + answer.stdout


def _is_used(modules: tuple[str, ...] | None, foreign: frozenset[str]) -> bool:
    if modules is None:
        return True
    return any(name == module or name.startswith(f"{module}.") for name in foreign for module in modules)
