"""Where a benchmark leaves its numbers: `bench/results/<name>.json`, and a table on the terminal."""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent / "results"


def report(name: str, numbers: Mapping[str, object]) -> None:
    """Writes and prints the numbers of one benchmark, with the machine they were measured on."""
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "system": platform.system()}
    document = {
        "name": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        **numbers,
    }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    width = max(len(key) for key in numbers)
    for key, value in numbers.items():
        print(f"{key:<{width}}  {value}")
