"""The folder that one data set's stack keeps its state in, and the lock on it."""

import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from local.cli.fault import Fault

_LOCK = "lock"


class StateFolder:
    """Paths inside one state folder. Making it creates the folder and locks it for this process's life."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(root / _LOCK)
        self.root = root
        self.logs = root / "logs"
        self.fingerprint = root / "fingerprint"
        self.clock = root / "clock"
        self.status = root / "status.json"
        self.secrets = root / "secrets.json"
        self.client = root / "oauth-client.json"
        self.gmail_seed = root / "gmail.yaml"
        self.gmail_database = root / "gmail.sqlite"
        self.firestore_store = root / "firestore.sqlite"
        self.service_token = root / "crm-service-token"
        self.webhook_secret = root / "crm-webhook-secret"
        self.gateway_config = root / "gateway.json"

    def is_kept(self, fingerprint: str) -> bool:
        """Whether the folder holds state of the data set with this fingerprint."""
        return self.fingerprint.exists() and self.fingerprint.read_text(encoding="ascii") == fingerprint

    def wipe(self) -> None:
        """Forgets everything but the lock."""
        for entry in self.root.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != _LOCK:
                entry.unlink()

    def begin(self, fingerprint: str) -> None:
        """Notes whose state this is, and drops the last run's logs and status."""
        self.fingerprint.write_text(fingerprint, encoding="ascii")
        shutil.rmtree(self.logs, ignore_errors=True)
        self.logs.mkdir()
        self.status.unlink(missing_ok=True)


def state_name(data: Path | None) -> str:
    """`demo`, or the data folder's name and a hash of where it lies."""
    if data is None:
        return "demo"
    place = str(data.resolve())
    return f"{data.resolve().name or 'root'}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"


def _lock(file: Path) -> int:
    """Takes the lock; it falls when this process ends, however it ends. Raises Fault where it is held."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
        os.close(handle)
        raise Fault(
            f"This data set is in use by another ./dev up (process {holder}): stop that one, "
            "or give this one another --data."
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
    return handle
