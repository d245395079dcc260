"""Unpacks bundles outside the repository and runs their entry points with nothing but their requirements."""

import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.cli.installer import find_or_fetch_uv
from tests.deploy.repository import ROOT
from tests.local.free_port import free_port

# Five that start at once beside other tests share two processors.
START_S = 300.0
SETTINGS = {
    "GOOGLE_CLOUD_PROJECT": "nowhere",
    "PUBLIC_URL": "https://mail.example.com",
    "GOOGLE_CLIENT_ID": "1.apps.googleusercontent.com",
    "GOOGLE_CLIENT_SECRET": "projects/nowhere/secrets/google-client-secret",
    "TOKEN_KEY_SECRET": "projects/nowhere/secrets/token-key",
    "CURSOR_KEY_SECRET": "projects/nowhere/secrets/cursor-key",
    "CRM_ISSUER": "https://crm.example.com",
    "CRM_JWKS_URL": "https://crm.example.com/jwks.json",
    "CRM_CONNECTOR_URL": "https://crm.example.com/connector",
    "CRM_SERVICE_TOKEN_SECRET": "projects/nowhere/secrets/crm-service-token",
    "GMAIL_TOPIC": "projects/nowhere/topics/gmail",
    "LABEL_TOPIC": "projects/nowhere/topics/label-mailbox",
    "EVENTS_TOPIC": "projects/nowhere/topics/events",
    "WEBHOOK_SECRET": "projects/nowhere/secrets/webhook-secret",
    "INVOKER_EMAIL": "invoker@nowhere.iam.gserviceaccount.com",
}


@dataclass(frozen=True)
class Answer:
    """Status, `code` of the problem, and where the process found the package `shared`."""

    status: int
    code: str


def python_with(requirements: Path, version: str) -> Path | None:
    """A Python of that version with exactly these packages; None where this machine has no such Python.

    Made once for each content of the file: installing is the slow part.
    """
    uv = find_or_fetch_uv(ROOT / ".dev", os.environ)
    key = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    folder = ROOT / ".dev" / "bundle-environments" / f"{version}-{key}"
    python = folder / "bin" / "python"
    if (folder / "complete").exists():
        return python
    base = find_python(version)
    if base is None:
        return None
    settings = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", base, folder], env=settings, check=True)
    install: list[str | Path] = [uv, "pip", "install", "--quiet", "--require-hashes", "--python", python]
    subprocess.run([*install, "-r", requirements], env=settings, check=True)
    (folder / "complete").touch()
    return python


def find_python(version: str) -> Path | None:
    """On PATH, or one that pyenv keeps beside it (its shims on PATH work only for the chosen version)."""
    named = shutil.which(f"python{version}")
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob(f"versions/{version}.*/bin/python")
    for candidate in [*([Path(named)] if named else []), *sorted(kept)]:
        asked = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)
        if asked.stdout.startswith(f"Python {version}."):
            return candidate
    return None


def unpack(bundle: Path, folder: Path) -> list[str]:
    """The names of the files that are there afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@contextlib.contextmanager
def running(
    python: Path, folder: Path, entry_point: str, more: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Starts functions-framework as Google does, isolated from everything but `folder`; gives its port."""
    port = free_port()
    command = [str(python), "-I", "-m", "functions_framework", "--target", entry_point]
    command += ["--source", str(folder / "main.py"), "--host", "127.0.0.1", "--port", str(port)]
    environment = {"PATH": os.defpath, **SETTINGS, "THREADS": "2", **(more or {})}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()


def ask(port: int, path: str, method: str = "GET") -> Answer:
    """Calls without any token. It may listen before it is there to answer."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=START_S) as answer:  # noqa: S310
            return Answer(answer.status, "")
    except urllib.error.HTTPError as error:
        return Answer(error.code, str(json.loads(error.read())["code"]))


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = process.stdout.read().decode(errors="replace") if process.stdout else ""
            raise AssertionError(f"it ended with {process.returncode}:\n{said[-2000:]}")
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise AssertionError("it did not listen in time")
