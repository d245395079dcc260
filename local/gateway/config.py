"""What the supervisor tells the gateway, in one JSON file."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class GatewayConfig:
    """Ports are of 127.0.0.1. `functions` maps a public path prefix ("oauth") to a port, `entry_points`
    a private entry point ("tick") to a port. After `max_attempts` refusals a push is given up."""

    project: str
    public_port: int
    internal_port: int
    functions: Mapping[str, int]
    entry_points: Mapping[str, int]
    crm_port: int
    gmail_port: int
    status_file: str
    clock_file: str
    max_attempts: int

    @property
    def internal_url(self) -> str:
        """The issuer of the tokens and the start of each audience."""
        return f"http://127.0.0.1:{self.internal_port}"


def load(file: Path) -> GatewayConfig:
    """The configuration in `file`. Raises ValueError where it is not what `save` wrote."""
    try:
        return GatewayConfig(**json.loads(file.read_text(encoding="utf-8")))
    except TypeError as fault:
        raise ValueError(f"{file}: {fault}") from None


def save(config: GatewayConfig, file: Path) -> None:
    """Writes the configuration for `load`."""
    file.write_text(json.dumps(dataclasses.asdict(config), indent=2), encoding="utf-8")
