"""To whom the page offers to answer: the module itself, run by Node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.web.node import packages

WEB = Path(__file__).resolve().parents[2] / "web"
RUN = """
import { recipients } from "%s";
const message = JSON.parse(process.argv[1]);
console.log(JSON.stringify(recipients(message, "reply_all", ["me@own.example"])));
"""


def answered(tmp_path: Path, sender: str, to: list[str], reply_to: str | None = None) -> str:
    """The To line of an answer to all."""
    built = tmp_path / "replying.mjs"
    compiler = packages() / ".bin" / "tsc"
    options = ["--outDir", str(tmp_path), "--module", "esnext", "--target", "es2022", "--noCheck"]
    source = str(WEB / "src" / "replying.ts")
    subprocess.run([compiler, source, *options, "--ignoreConfig"], cwd=WEB, check=True, timeout=300)
    (tmp_path / "replying.js").rename(built)
    headers = [] if reply_to is None else [{"name": "Reply-To", "value": reply_to}]
    message = {
        "direction": "in",
        "headers": headers,
        "from": {"name": "", "address": sender},
        "to": [{"name": "", "address": address} for address in to],
        "cc": [],
    }
    node = shutil.which("node")
    assert node is not None
    script = ["--input-type=module", "-e", RUN % built, json.dumps(message)]
    found = subprocess.run([node, *script], capture_output=True, text=True, check=True, timeout=300)
    return str(json.loads(found.stdout)["to"])


@pytest.mark.parametrize(
    ("sender", "to", "reply_to", "line"),
    [
        ("joann@x.example", ["ann@x.example"], None, "joann@x.example, ann@x.example"),
        ("ann@x.example", ["Ann@X.example", "me@own.example"], None, "ann@x.example"),
        ("a@x.example", ["ann@x.example"], "Ann <ANN@x.example>", "Ann <ANN@x.example>"),
        (
            "a@x.example",
            ["ann@x.example"],
            '"ann@x.example, Jo" <jo@x.example>',
            '"ann@x.example, Jo" <jo@x.example>, ann@x.example',
        ),
    ],
)
def test_an_answer_to_all_leaves_out_nobody_and_names_nobody_twice(
    tmp_path: Path, sender: str, to: list[str], reply_to: str | None, line: str
) -> None:
    assert answered(tmp_path, sender, to, reply_to) == line
