"""A gcloud for tests: publishes to the stack's Pub/Sub and reads the stack's logs, in gcloud's words.

Started as `gcloud` with PUBSUB_EMULATOR_HOST and STACK_LOGS; it notes in STACK_READ how much of the logs was there
before, as the real one asks by time.
"""

import json
import os
import sys
from pathlib import Path


def main(words: list[str]) -> int:
    """The exit code."""
    if words[:3] == ["pubsub", "topics", "publish"]:
        from google.cloud.pubsub_v1 import PublisherClient  # type: ignore[import-untyped]

        Path(os.environ["STACK_READ"]).write_text(str(len(_entries())), encoding="ascii")
        message = words[words.index("--message") + 1].encode()
        PublisherClient().publish(words[3], message).result(timeout=30)
        return 0
    if words[:2] == ["logging", "read"]:
        before = int(Path(os.environ["STACK_READ"]).read_text(encoding="ascii"))
        for entry in _entries()[before:]:
            print(entry["status"])
        return 0
    return 1


def _entries() -> list[dict[str, object]]:
    found = []
    for file in Path(os.environ["STACK_LOGS"]).iterdir():
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if '"message": "entry"' in line and '"entry_point": "on_gmail_push"' in line:
                found.append(json.loads(line[line.index("{") :]))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
