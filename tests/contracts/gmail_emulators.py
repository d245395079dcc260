"""Starts the two independent Gmail emulators, ours and npm's `emulate`, with the same seed."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import urllib3
import yaml
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document

from tests.local.free_port import free_port

ROOT = Path(__file__).resolve().parents[2]
EMULATE_SOURCES = Path(__file__).parent / "emulate"
EMULATE_INSTALLED = ROOT / ".dev" / "emulate"
START_DEADLINE_S = 120

HTTP = urllib3.PoolManager(retries=False)


class NodeIsMissing(Exception):
    """The machine has no Node.js that could run the second emulator."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator. `url` has no slash at its end."""

    name: str
    url: str

    def gmail(self, access_token: str) -> Any:
        """A google-api-python-client service whose every call, uploads too, goes to this emulator."""
        document = {**_gmail_document(), "rootUrl": f"{self.url}/"}
        return build_from_document(document, credentials=Credentials(access_token))  # type: ignore[no-untyped-call]

    def endpoint(self, name: str) -> str:
        """An OAuth endpoint by its name in the OpenID configuration."""
        answer = HTTP.request("GET", f"{self.url}/.well-known/openid-configuration")
        return str(answer.json()[name])


@contextmanager
def our_emulator(seed: dict[str, Any], folder: Path) -> Iterator[Emulator]:
    """`python -m local.gmail` in a process of its own."""
    file = folder / "gmail.yaml"
    file.write_text(yaml.safe_dump(seed), encoding="utf-8")
    port = free_port()
    url = f"http://localhost:{port}"
    command = [sys.executable, "-m", "local.gmail", "--port", str(port), "--seed", str(file)]
    process = subprocess.Popen([*command, "--public-url", url], cwd=ROOT)
    try:
        _wait_until_ready(process, url)
        yield Emulator("local.gmail", url)
    finally:
        process.terminate()
        process.wait(START_DEADLINE_S)


@contextmanager
def npm_emulator(seed: dict[str, Any]) -> Iterator[Emulator]:
    """`emulate` under Node.js. Raises NodeIsMissing."""
    node = _node()
    _install()
    process = subprocess.Popen(
        [node, "start.mjs"], cwd=EMULATE_INSTALLED, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(seed) + "\n")
        process.stdin.flush()
        url = process.stdout.readline().strip()
        assert url, "emulate ended before it was ready"
        yield Emulator("emulate@0.12.2", url)
    finally:
        process.stdin.close()
        process.wait(START_DEADLINE_S)
        process.stdout.close()


def _node() -> str:
    """The path of a Node.js that `emulate` runs on. Raises NodeIsMissing."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        raise NodeIsMissing("Node.js or npm is not installed")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < 20:
        raise NodeIsMissing(f"Node.js {version} is older than 20")
    return node


def _install() -> None:
    """Installs exactly what the committed lock file names, hashes checked, unless that is done already."""
    lock = (EMULATE_SOURCES / "package-lock.json").read_bytes()
    installed = EMULATE_INSTALLED / "package-lock.json"
    if not installed.exists() or installed.read_bytes() != lock:
        EMULATE_INSTALLED.parent.mkdir(exist_ok=True)
        # Made beside and moved: an interrupted installation is never taken for a whole one.
        with tempfile.TemporaryDirectory(dir=EMULATE_INSTALLED.parent) as made:
            shutil.copytree(EMULATE_SOURCES, made, dirs_exist_ok=True)
            options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(["npm", "ci", *options], cwd=made, check=True)
            shutil.rmtree(EMULATE_INSTALLED, ignore_errors=True)
            Path(made).rename(EMULATE_INSTALLED)
            Path(made).mkdir()
    shutil.copy(EMULATE_SOURCES / "start.mjs", EMULATE_INSTALLED)


def _wait_until_ready(process: "subprocess.Popen[bytes]", url: str) -> None:
    deadline = time.monotonic() + START_DEADLINE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the emulator ended before it was ready"
        try:
            if HTTP.request("GET", f"{url}/healthz", timeout=1).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError(f"no answer from {url} within {START_DEADLINE_S} s")


@cache
def _gmail_document() -> dict[str, Any]:
    text = files("googleapiclient").joinpath("discovery_cache/documents/gmail.v1.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
