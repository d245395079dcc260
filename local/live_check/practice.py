"""The emulator with one empty mailbox, to see what a run does before it meets a real account."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local import serve
from local.gmail.emulator import Emulator, build_emulator
from local.gmail.oauth_model import AccessGrant, Account
from local.gmail.seed import Seed
from local.live_check.mailbox import Pushes
from local.live_check.sign_in import MAIL, NARROW

ADDRESS: Final = "practice@mail.example"
NARROWED: Final = "narrowed"
TOPIC: Final = "projects/practice/topics/live-check"


@dataclass(frozen=True)
class Place:
    """A running emulator. `root` ends in a slash; `pushes` takes what it has published to `topic`."""

    emulator: Emulator
    root: str
    topic: str
    pushes: Pushes


class _AnyToken:
    """Every token opens the one mailbox; the one called `NARROWED`, as the consent that `--metadata` asks for."""

    def authenticate(self, bearer: str | None) -> AccessGrant:
        scopes = NARROW.split() if bearer == NARROWED else [MAIL]
        return AccessGrant(ADDRESS, frozenset(scopes), "practice")

    def revoke_account(self, email: str) -> int:
        return 0


@contextmanager
def practice() -> Iterator[Place]:
    """Runs until the block ends."""
    published: list[Mapping[str, Any]] = []

    def publish(topic: str, content: bytes) -> str:
        published.append(json.loads(content))
        return str(len(published))

    def take() -> list[Mapping[str, Any]]:
        taken = published[:]
        del published[: len(taken)]
        return taken

    seed = Seed(Path(), (Account(ADDRESS, "Practice"),))
    emulator = build_emulator(seed, tokens=_AnyToken(), publish=publish)
    server = serve.make(emulator.app, 0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield Place(emulator, f"http://127.0.0.1:{server.server_port}/", TOPIC, take)
    finally:
        server.shutdown()
        server.server_close()
        emulator.close()
