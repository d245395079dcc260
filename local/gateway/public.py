"""The public port: paths to functions, the CRM, health and the local control calls."""

import unicodedata
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from local.gateway.config import GatewayConfig
from local.gateway.control import LocalControl
from local.gateway.forward import Forward, target_of
from local.gateway.health import answer_health
from local.gateway.problem import Problem, to_response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_OWN_HOSTS = frozenset({"localhost", "127.0.0.1"})


class PublicFront:
    """WSGI application on PORT. The first segment of the path decides who answers."""

    def __init__(self, config: GatewayConfig, control: LocalControl) -> None:
        self._config = config
        self._control = control

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            answer = self._route(Request(environ))
        except Problem as problem:
            answer = to_response(problem)
        return answer(environ, start_response)

    def _route(self, request: Request) -> "WSGIApplication":
        if any(unicodedata.category(character) == "Cc" for character in request.path):
            # No id has one, and a function's router does not match it, and would answer an HTML page.
            raise Problem(HTTPStatus.NOT_FOUND, "not_found", "There is no such page.")
        first = request.path.removeprefix("/").partition("/")[0]
        if request.path == "/healthz":
            return answer_health(Path(self._config.status_file))
        if first == "local":
            _refuse_strangers(request, self._config.public_port)
            return self._control.answer(request)
        port = self._config.functions.get(first, self._config.crm_port)
        name = first if first in self._config.functions else "crm"
        return Forward(name, port, target_of(request))


def _refuse_strangers(request: Request, port: int) -> None:
    """A page of another site, open in the same browser, must not reach the control calls."""
    origin = request.headers.get("Origin")
    own = {f"http://{host}:{port}" for host in _OWN_HOSTS}
    if request.host.partition(":")[0] not in _OWN_HOSTS or (origin is not None and origin not in own):
        raise Problem(HTTPStatus.FORBIDDEN, "foreign_origin", "Only this machine's own pages may call this.")
