"""What the supervisor must know of one process."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Tells whether the process answers; never raises for one that does not.
Probe = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Service:
    """One process: its command, its whole environment, its port (None: it listens nowhere) and its health.

    `prepare` is a command that runs beside each start of the process; only when it has ended with 0 does
    the service count as ok. `grace_s` is the time from SIGTERM to SIGKILL. `after` names the services that must
    have been ok before this one is started for the first time.
    """

    name: str
    command: tuple[str, ...]
    probe: Probe
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None
    folder: Path | None = None
    prepare: tuple[str, ...] | None = None
    grace_s: float = 5.0
    after: tuple[str, ...] = ()
