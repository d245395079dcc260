"""`GET /healthz`: the state of all services, as the supervisor last wrote it."""

import json
from http import HTTPStatus
from pathlib import Path

from werkzeug.wrappers import Response

from local.gateway.problem import to_json


def answer_health(status_file: Path) -> Response:
    """200 only when every service is ok, else 503; `status` is the worst of them."""
    try:
        services = json.loads(status_file.read_text(encoding="utf-8"))["services"]
    except (OSError, ValueError, KeyError):
        services = {}
    status = overall(services)
    code = HTTPStatus.OK if status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return to_json({"status": status, "services": services}, code)


def overall(services: dict[str, str]) -> str:
    """ "down" if any is down, else "starting" if any is starting or none is known, else "ok"."""
    states = set(services.values())
    if "down" in states:
        return "down"
    return "ok" if states == {"ok"} else "starting"
