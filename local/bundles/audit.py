"""Asks pip-audit whether anything that is deployed has a known vulnerability, and takes no silence for a yes.

pip-audit ends well also where it could not look a package up; here that is an answer of its own.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Audit:
    """`vulnerable`: "package version: ID, ID"; `unchecked`: those that nobody vouches for; `checked`: how many were."""

    vulnerable: tuple[str, ...]
    unchecked: tuple[str, ...]
    checked: int


def audit(requirements: Path, pip_audit: Path) -> Audit:
    """Looks up each locked version. Where pip-audit says nothing that can be read, all are unchecked."""
    command: list[str | Path] = [pip_audit, "--require-hashes", "--disable-pip", "--format", "json"]
    command += ["--progress-spinner", "off", "--requirement", requirements]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own pip-audit
    try:
        return read(answer.stdout)
    except (ValueError, KeyError, TypeError):
        return Audit((), (requirements.name,), 0)


def read(text: str) -> Audit:
    """Reads pip-audit's JSON. Raises ValueError, KeyError, TypeError."""
    rows = json.loads(text)["dependencies"]
    looked_up = [row for row in rows if "skip_reason" not in row]
    vulnerable = [
        f"{row['name']} {row['version']}: {', '.join(each['id'] for each in row['vulns'])}"
        for row in looked_up
        if row["vulns"]
    ]
    unchecked = [row["name"] for row in rows if "skip_reason" in row]
    return Audit(tuple(vulnerable), tuple(unchecked), len(looked_up))
