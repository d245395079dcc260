"""A gcloud for tests: publishes to the stack's Pub/Sub and reads the stack's logs, in gcloud's words.

Started as `gcloud` with PUBSUB_EMULATOR_HOST and STACK_LOGS. A filter is what the questions of a deploy ask with:
`jsonPayload.FIELD="VALUE"` joined by AND; the newest line that it fits is told, as by `--limit=1`.
"""

import json
import os
import re
import sys
from pathlib import Path


def main(words: list[str]) -> int:
    """The exit code."""
    if words[:3] == ["pubsub", "topics", "publish"]:
        from google.cloud.pubsub_v1 import PublisherClient  # type: ignore[import-untyped]

        message = words[words.index("--message") + 1].encode()
        attributes = dict([words[words.index("--attribute") + 1].split("=", 1)])
        PublisherClient().publish(words[3], message, **attributes).result(timeout=120)
        return 0
    if words[:2] == ["logging", "read"]:
        wanted = dict(_condition(each) for each in words[2].split(" AND "))
        found = [entry for entry in _entries() if wanted.items() <= entry.items()]
        for entry in found[-1:]:
            print(entry["status"])
        return 0
    return 1


def _condition(text: str) -> tuple[str, str]:
    """One comparison; a form that this does not know must not be passed over, and ends the program."""
    known = re.fullmatch(r'jsonPayload\.(\w+)="([^"]*)"', text)
    if known is None:
        sys.exit(f"no such filter here: {text}")
    return known[1], known[2]


def _entries() -> list[dict[str, object]]:
    found = []
    for file in sorted(Path(os.environ["STACK_LOGS"]).iterdir()):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if '"message": "entry"' in line:
                found.append(json.loads(line[line.index("{") :]))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
