"""The processes of the stack: their commands, environments and health."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from local.assembly.dataset import DataSet
from local.assembly.folders import StateFolder
from local.assembly.oauth_client import OAuthClient
from local.assembly.secret_seed import PROJECT
from local.assembly.settings import function_settings, gmail_public_url, invoker_settings
from local.gateway.config import GatewayConfig
from local.supervisor.probes import accepts, answers_http, runs
from local.supervisor.service import Service

# Public functions by name; the name is also the entry point and the first segment of its paths.
FUNCTIONS = ("oauth", "proxy", "notify", "labeler")
# Private entry points, and the function whose source they are in.
ENTRY_POINTS = {
    "on_gmail_push": "notify",
    "renew_watches": "notify",
    "recount": "notify",
    "tick": "labeler",
    "label_mailbox": "labeler",
    "deliver_event": "notify",
}
MAX_ATTEMPTS = 10
# As infra/terraform/modules/function/main.tf sets them.
_PROCESS = {"THREADS": "8", "MALLOC_MMAP_THRESHOLD_": "262144"}
_PARTS = ("gmail", "firestore", "pubsub", "secrets", "crm", "internal")


@dataclass(frozen=True)
class Assembly:
    """All that decides what the processes look like. `ports` has one for each name of `port_names`."""

    root: Path
    functions: Path
    public_port: int
    ports: Mapping[str, int]
    data: DataSet
    state: StateFolder
    client: OAuthClient
    firestore_command: tuple[str, ...] | None
    pubsub_command: tuple[str, ...] | None
    base_environment: Mapping[str, str]


def process_name(entry_point: str) -> str:
    """`on-gmail-push` for `on_gmail_push`."""
    return entry_point.replace("_", "-")


def port_names() -> list[str]:
    """Every name that needs a port of its own, besides the public one."""
    return [*_PARTS, *FUNCTIONS, *map(process_name, ENTRY_POINTS)]


def gateway_config(assembly: Assembly) -> GatewayConfig:
    """What the gateway must know of the others."""
    ports = assembly.ports
    return GatewayConfig(
        project=PROJECT,
        public_port=assembly.public_port,
        internal_port=ports["internal"],
        functions={name: ports[name] for name in FUNCTIONS},
        entry_points={entry_point: ports[process_name(entry_point)] for entry_point in ENTRY_POINTS},
        crm_port=ports["crm"],
        gmail_port=ports["gmail"],
        status_file=str(assembly.state.status),
        clock_file=str(assembly.state.clock),
        max_attempts=MAX_ATTEMPTS,
    )


def all_services(assembly: Assembly) -> list[Service]:
    """Every process, those that take longest to start first."""
    return [
        _pubsub(assembly),
        _firestore(assembly),
        _gmail(assembly),
        _gateway(assembly),
        *_functions(assembly),
        _crm(assembly),
        _secrets(assembly),
        _scheduler(assembly),
    ]


def python(*arguments: str) -> tuple[str, ...]:
    """A command of this Python that does not look for modules in the folder it runs in."""
    return (sys.executable, "-P", *arguments)


def _pubsub(assembly: Assembly) -> Service:
    port = assembly.ports["pubsub"]
    push_to = f"http://127.0.0.1:{assembly.ports['internal']}"
    topics = ("-m", "local.assembly.topics", "--push-to", push_to, "--max-attempts", str(MAX_ATTEMPTS))
    return Service(
        name="pubsub",
        command=assembly.pubsub_command or python("-m", "local.pubsub", "--port", str(port)),
        probe=accepts(port),
        environment={**assembly.base_environment, "PUBSUB_EMULATOR_HOST": f"127.0.0.1:{port}"},
        port=port,
        folder=assembly.root,
        prepare=python(*topics),
    )


def _firestore(assembly: Assembly) -> Service:
    port = assembly.ports["firestore"]
    embedded = ["-m", "local.firestore", "--port", str(port), "--store", str(assembly.state.firestore_store)]
    indexes = assembly.root / "infra" / "terraform" / "firestore.tf"
    if indexes.exists():
        embedded += ["--indexes", str(indexes)]
    command = assembly.firestore_command or python(*embedded)
    return _part(assembly, "firestore", command, port)


def _gmail(assembly: Assembly) -> Service:
    port = assembly.ports["gmail"]
    options = {
        "--port": port,
        "--seed": assembly.client.seed,
        "--seed-name": assembly.data.gmail_file,
        "--database": assembly.state.gmail_database,
        "--clock": assembly.state.clock,
        "--public-url": gmail_public_url(port),
    }
    if assembly.data.mail_folder is not None:
        options["--mail"] = assembly.data.mail_folder
    pubsub = {"PUBSUB_EMULATOR_HOST": f"127.0.0.1:{assembly.ports['pubsub']}"}
    return _http_part(assembly, "gmail", options, pubsub)


def _gateway(assembly: Assembly) -> Service:
    return Service(
        name="gateway",
        command=python("-m", "local.gateway", "--config", str(assembly.state.gateway_config)),
        # The public /healthz tells of all services, this one tells of the gateway itself.
        probe=answers_http(assembly.ports["internal"], "/jwks.json"),
        environment={
            **assembly.base_environment,
            "FIRESTORE_EMULATOR_HOST": f"127.0.0.1:{assembly.ports['firestore']}",
        },
        port=assembly.public_port,
        folder=assembly.root,
    )


def _functions(assembly: Assembly) -> list[Service]:
    settings = function_settings(
        assembly.public_port, assembly.ports, assembly.client.client_id, assembly.state.clock
    )
    public = [_function(assembly, name, name, settings) for name in FUNCTIONS]
    internal = assembly.ports["internal"]
    private = [
        _function(assembly, entry_point, source, {**settings, **invoker_settings(entry_point, internal)})
        for entry_point, source in ENTRY_POINTS.items()
    ]
    return [*public, *private]


def _function(assembly: Assembly, entry_point: str, source: str, settings: Mapping[str, str]) -> Service:
    name = process_name(entry_point)
    port = assembly.ports[name]
    file = assembly.functions / source / "main.py"
    framework = ("-m", "functions_framework", "--target", entry_point, "--source", str(file))
    where = ("--signature-type", "http", "--host", "127.0.0.1", "--port", str(port))
    return Service(
        name=name,
        command=python(*framework, *where),
        # functions-framework answers 404 here by itself, so the function is not bothered.
        probe=answers_http(port, "/robots.txt", range(200, 500)),
        environment={**assembly.base_environment, **settings, **_PROCESS},
        port=port,
        folder=assembly.root,
        # Its server would wait half a minute for open event streams.
        grace_s=2.0,
    )


def _crm(assembly: Assembly) -> Service:
    options = {
        "--port": assembly.ports["crm"],
        "--seed": assembly.data.crm_file,
        "--public-url": f"http://localhost:{assembly.public_port}",
        "--service-token-file": assembly.state.service_token,
        "--webhook-secret-file": assembly.state.webhook_secret,
        "--gmail-url": gmail_public_url(assembly.ports["gmail"]),
    }
    # It registers its organisation as it starts. A call before Firestore is there would not only fail: the
    # function's gRPC channel would then wait for seconds before it tries again.
    return replace(_http_part(assembly, "crm", options), after=("firestore", "secrets", "oauth", "gateway"))


def _secrets(assembly: Assembly) -> Service:
    port = assembly.ports["secrets"]
    command = python("-m", "local.secret_manager", "--port", str(port), "--seed", str(assembly.state.secrets))
    return _part(assembly, "secrets", command, port)


def _scheduler(assembly: Assembly) -> Service:
    gateway = f"http://127.0.0.1:{assembly.ports['internal']}"
    return Service(
        name="scheduler",
        command=python("-m", "local.scheduler", "--gateway", gateway, "--clock", str(assembly.state.clock)),
        probe=runs(),
        environment=assembly.base_environment,
        folder=assembly.root,
    )


def _part(assembly: Assembly, name: str, command: tuple[str, ...], port: int) -> Service:
    return Service(name, command, accepts(port), assembly.base_environment, port, assembly.root)


def _http_part(
    assembly: Assembly, name: str, options: Mapping[str, object], more: Mapping[str, str] | None = None
) -> Service:
    port = assembly.ports[name]
    arguments = [word for option, value in options.items() for word in (option, str(value))]
    environment = {**assembly.base_environment, **(more or {})}
    command = python("-m", f"local.{name}", *arguments)
    return Service(name, command, answers_http(port, "/healthz"), environment, port, assembly.root)
