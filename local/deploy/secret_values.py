"""Fills secrets that have no version yet: random keys are made here, the others are asked for."""

import base64
import os
from collections.abc import Callable, Mapping
from typing import Final

from local.cli.fault import Fault
from local.cli.progress import detail
from local.deploy.programs import Programs


def _key() -> bytes:
    return os.urandom(32)


def _webhook_secret() -> bytes:
    # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    return b"whsec_" + base64.b64encode(os.urandom(32))


MADE_HERE: Final[Mapping[str, Callable[[], bytes]]] = {
    "token-key": _key,
    "cursor-key": _key,
    "webhook-secret": _webhook_secret,
}


def fill(programs: Programs, project: str, secrets: Mapping[str, str]) -> list[str]:
    """Gives each empty secret its first version, or answers the commands with which a person gives it.

    `secrets`: purpose -> resource name. Raises Fault where a version cannot be added.
    """
    to_do: list[str] = []
    for purpose, name in secrets.items():
        secret = name.rpartition("/")[2]
        if _has_version(programs, project, secret):
            continue
        add = ["gcloud", "secrets", "versions", "add", secret, "--project", project, "--data-file=-"]
        if purpose not in MADE_HERE:
            to_do.append(f"printf %s 'VALUE' | {' '.join(add)}")
            continue
        said = programs.ask(*add, stdin=MADE_HERE[purpose]())
        if not said.ok:
            raise Fault(f"No version could be added to the secret {secret}: {said.error}")
        detail(f"made {secret}")
    return to_do


def _has_version(programs: Programs, project: str, secret: str) -> bool:
    where = ("--project", project, "--filter=state=enabled", "--limit=1", "--format=value(name)")
    said = programs.ask("gcloud", "secrets", "versions", "list", secret, *where)
    if not said.ok:
        raise Fault(f"The versions of the secret {secret} cannot be listed: {said.error}")
    return bool(said.text)
