"""The emulator with one empty mailbox, to see what a run does before it meets a real account."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local import serve
from local.gmail.emulator import Emulator, build_emulator
from local.gmail.errors import unauthenticated
from local.gmail.oauth_model import AccessGrant, Account
from local.gmail.seed import Seed
from local.live_check.mailbox import Pushes
from local.live_check.sign_in import MAIL, NARROW

ADDRESS: Final = "practice@mail.example"
NARROWED: Final = "narrowed"
TOPIC: Final = "projects/practice/topics/live-check"


@dataclass(frozen=True)
class Place:
    """A running emulator. `root` ends in a slash; `pushes` takes what it has published to `topic`; `end` ends the
    consent behind `NARROWED`, and with it every token that has been seen.
    """

    emulator: Emulator
    root: str
    topic: str
    pushes: Pushes
    end: Callable[[], bool]


class _AnyToken:
    """Every token opens the one mailbox; the one called `NARROWED`, as the consent that `--consents` asks for."""

    def __init__(self) -> None:
        self._seen: set[str | None] = set()
        self._ended: set[str | None] = set()

    def authenticate(self, bearer: str | None) -> AccessGrant:
        self._seen.add(bearer)
        if bearer in self._ended:
            raise unauthenticated()
        scopes = NARROW.split() if bearer == NARROWED else [MAIL]
        return AccessGrant(ADDRESS, frozenset(scopes), "practice")

    def revoke_account(self, email: str) -> int:
        self._ended |= self._seen
        return len(self._ended)


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
    tokens = _AnyToken()
    emulator = build_emulator(seed, tokens=tokens, publish=publish)
    server = serve.make(emulator.app, 0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        root = f"http://127.0.0.1:{server.server_port}/"
        yield Place(emulator, root, TOPIC, take, lambda: tokens.revoke_account(ADDRESS) > 0)
    finally:
        server.shutdown()
        server.server_close()
        emulator.close()
