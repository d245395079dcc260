"""The servers that the functions speak to, each on a free port and threads of this process."""

import base64
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from local import serve
from local.clock import LocalClock
from local.crm.app import CrmApp
from local.crm.models import Seed as CrmSeed
from local.crm.records import Records
from local.crm.tokens import TokenSigner
from local.firestore.server import FirestoreServer
from local.firestore.terraform import read_indexes
from local.gmail.emulator import Emulator, build_emulator
from local.gmail.oauth_model import Account, OAuthClient
from local.gmail.quota import NO_LIMITS
from local.gmail.seed import Seed as GmailSeed
from local.grpc_server import GrpcServer
from local.secret_manager.seed import fill
from local.secret_manager.services import services as secret_services
from local.secret_manager.store import SecretStore

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PROJECT = "crm-gmail-test"
INDEXES = Path(__file__).parents[2] / "infra" / "terraform" / "firestore.tf"
CALLBACK = "http://localhost/oauth/callback"
CRM_ISSUER = "http://crm.example/crm"
CRM_TOKEN = "crm-token"
CLOCK = "clock"
"""The file in which the processes agree on the time."""
CLIENT_ID, CLIENT_SECRET = "crm.apps.example", "GOCSPX-one"


class CountedCrm:
    """The demo CRM, counting the calls of its connector."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self.calls = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        self.calls += str(environ["PATH_INFO"]).startswith("/crm/connector/")
        return self._app(environ, start_response)


@dataclass(frozen=True)
class Servers:
    """Where each server is, and the parts of them that tests look into. `pushes` are Gmail's, oldest first."""

    firestore: str
    secrets: str
    gmail: str
    crm: str
    emulator: Emulator
    crm_app: CountedCrm
    signer: TokenSigner
    clock: LocalClock
    clock_file: Path
    pushes: list[bytes]


def _clock(folder: Path, at: datetime | None) -> LocalClock:
    clock = LocalClock(folder / CLOCK)
    if at is not None:
        clock.set(at)
    return clock


@contextmanager
def running_servers(crm: CrmSeed, folder: Path, at: datetime | None = None) -> Iterator[Servers]:
    """Gmail with an account for each user of `crm`, the CRM itself, Firestore and Secret Manager.

    `at` is the moment at which they start, the machine's own where it is left out. Set later, the clock may go back.
    """
    clock = _clock(folder, at)
    pushes: list[bytes] = []

    def publish(_topic: str, content: bytes) -> str:
        pushes.append(content)
        return str(len(pushes))

    with ExitStack() as stack:
        # With the indexes that Terraform makes, and no others.
        firestore = FirestoreServer(read_indexes(INDEXES))
        firestore_port = firestore.start()
        stack.callback(firestore.stop)
        secrets = SecretStore()
        fill(secrets, _secrets())
        secret_manager = GrpcServer(secret_services(secrets))
        stack.callback(secret_manager.stop)
        clients = (OAuthClient(CLIENT_ID, CLIENT_SECRET, "The CRM", frozenset({CALLBACK})),)
        accounts = tuple(Account(user.email, user.name) for user in crm.users)
        seed = GmailSeed(Path(), accounts, clients=clients)
        emulator = build_emulator(seed, clock=clock, publish=publish, limits=NO_LIMITS)
        stack.callback(emulator.close)
        signer = TokenSigner(CRM_ISSUER, crm.org.id)
        crm_app = CountedCrm(CrmApp(Records(crm, clock.now), signer, lambda: CRM_TOKEN))
        yield Servers(
            firestore=f"127.0.0.1:{firestore_port}",
            secrets=f"127.0.0.1:{secret_manager.port}",
            gmail=f"http://127.0.0.1:{stack.enter_context(_serving(emulator.app))}",
            crm=f"http://127.0.0.1:{stack.enter_context(_serving(crm_app))}/crm",
            emulator=emulator,
            crm_app=crm_app,
            signer=signer,
            clock=clock,
            clock_file=folder / CLOCK,
            pushes=pushes,
        )


@contextmanager
def _serving(app: "WSGIApplication") -> Iterator[int]:
    server = serve.make(app, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _secrets() -> str:
    payloads = {
        "client": CLIENT_SECRET.encode(),
        "token-key": b"k" * 32,
        "cursor-key": b"c" * 32,
        "crm": CRM_TOKEN.encode(),
    }
    return json.dumps(
        {
            f"projects/{PROJECT}/secrets/{name}": [base64.b64encode(payload).decode()]
            for name, payload in payloads.items()
        }
    )
