"""For each rule of this folder a tiny file, or several, that it must complain about."""

from collections.abc import Mapping, Sequence
from typing import Final

from tests.architecture.sources import Source

_DOC = '"""X.\n\nTrigger: HTTPS. Who may call: anybody. Needs: nothing.\n"""\n'
_BELL = "@functions_framework.http\ndef proxy(request): return app().handle(request)\n"
_LONG = "def f():\n" + "    x = 1\n" * 41
_APP = "@functools.cache\ndef app(): return App(Common())\n"


def _many(path: str, *texts: str) -> Sequence[Source]:
    return [Source(path, text) for text in texts]


def _routes(*rows: str) -> Source:
    return Source(
        "functions/proxy/routes.py", f"ROUTES: tuple[Route, ...] = ({''.join(f'{row}, ' for row in rows)})\n"
    )


BAD: Final[Mapping[str, Sequence[Source]]] = {
    "imports_are_absolute": _many("functions/proxy/main.py", "from . import wiring", "from .wiring import app"),
    "files_are_short_or_say_why": _many("shared/long.py", "x = 1\n" * 401, "x = 1\n" * 401 + "# long because: x\n"),
    "functions_are_short_or_say_why": _many("shared/long.py", _LONG, "class A:\n" + _LONG.replace("def f", "def g")
                                            .replace("\n    ", "\n        ").replace("def g", "    def g"),
                                            "# long because: a table of messages\n" + _LONG),
    "modules_have_one_job_and_say_it": [Source("shared/utils.py", ""), Source("local/helpers/mail.py", "")],
    "imports_go_one_way": [
        Source("shared/domain/mail.py", "from shared.adapters.gmail import GmailClient"),
        Source("shared/domain/mail.py", "def f():\n    from shared.ports.gmail import Gmail"),
        Source("shared/ports/gmail.py", "import shared.wiring"),
        Source("shared/usecases/x.py", "from shared import adapters"),
        Source("shared/adapters/gmail.py", "from shared.usecases.lease import leased"),
        Source("shared/web.py", "from functions.oauth.routes import ROUTES"),
        Source("functions/oauth/connect.py", "from functions.proxy.services import Services"),
        Source("functions/oauth/connect.py", "from local.clock import read"),
    ],
    "vendors_stop_at_the_adapters": [
        Source("shared/usecases/x.py", "def f():\n    from google.api_core import exceptions"),
        Source("functions/proxy/read_message.py", "import werkzeug"),
        Source("shared/events.py", "import pydantic"),
        Source("functions/proxy/routes.py", "import requests"),
    ],
    "use_cases_know_no_adapter": [
        Source("functions/proxy/read_message.py", "from shared.adapters.safe_html import clean_html"),
        Source("functions/proxy/services.py", "from shared.wiring import Common"),
    ],
    "main_is_a_doorbell": _many(
        "functions/proxy/main.py",
        '"""X."""\n' + _BELL,
        _DOC + _BELL.replace("def proxy", "def other"),
        _DOC + _BELL.replace("@functions_framework.http", "@functions_framework.cloud_event"),
        _DOC + "def proxy(request): return 1\n",
        _DOC + "proxy = functions_framework.http(app)\n",
        _DOC + "CLIENT = build()\n" + _BELL,
        _DOC + "@functions_framework.http\ndef proxy(request):\n    a = 1\n    b = 2\n    c = 3\n    return a\n",
    ),
    "routes_are_a_table": [
        Source("functions/proxy/routes.py", "def route(request): ...\n"),
        Source("functions/proxy/routes.py", "ROUTES: tuple[Route, ...] = tuple(Route(*row) for row in rows())\n"),
        _routes('Route("GET", "/oauth/x", _x)'),
        _routes('Route("GET", "/proxy/x", lambda request, services: None)'),
        _routes('Route("GET", PATH, _x)'),
        _routes('Route("GET", "/proxy/x", _x)', 'Route("GET", "/proxy/x", _y)'),
        _routes('Route("GET", "/proxy/x", _x, permission=None)'),
    ],
    "views_are_short": [
        Source("functions/proxy/routes.py", view + _routes('Route("GET", "/proxy/x", _x)').text)
        for view in (
            "def _x(request, services):\n" + "    a = 1\n" * 6,
            "def _x(request, services):\n    if request.caller:\n        return 1\n",
            "def _x(request, services):\n    for row in request:\n        call(row)\n",
        )
    ],
    "use_cases_have_one_shape": _many(
        "functions/example/read_message.py",
        "def message(values: Read, services: Services): ...\n",
        "def read_message(caller: Caller, message: str, services: Services): ...\n",
        "def read_message(services: Services, values: Caller): ...\n",
        "def read_message(values: str, services: Services): ...\n",
        "@dataclass\nclass Read: ...\ndef read_message(values: Read, services: Services): ...\n",
    ),
    "a_view_calls_one_use_case": [
        Source(
            "functions/proxy/routes.py",
            "def _x(request, services):\n    read(request, services)\n    return Answer(write(request, services))\n",
        )
    ],
    "gmail_clients_are_built_per_call": _many(
        "shared/adapters/x.py",
        "CLIENT = GmailClient(pool)",
        "class A:\n    def __init__(self): self._gmail = gmail.GmailClient(pool)",
        "@functools.cache\ndef client(): return GmailClient(pool)",
    ),
    "services_are_frozen": _many("functions/proxy/services.py", "@dataclass\nclass Services: ...\n", "x = 1\n"),
    "wiring_is_one_cached_function": _many(
        "functions/proxy/wiring.py",
        "def app(): return App(Common())\n",
        _APP + "COMMON = Common(parse(Settings, read_environment()))\n",
        _APP + "def push(request): return Common().push(request)\n",
        _APP.replace("app()", "app(settings)"),
    ),
    "only_the_log_writes": _many(
        "shared/usecases/x.py",
        "import logging",
        "def f(): print('here')",
        "import sys\nsys.stderr.write('here')",
        "def f():\n    import structlog",
    ),
    "log_lines_are_named_and_hold_ids": _many(
        "shared/usecases/x.py",
        "services.log.event('mail.read', subject=mail.subject)",
        "log.event(f'mail {subject}')",
        "self._log.event('mail.read', **fields)",
        "log.event()",
    ),
    "only_config_reads_the_environment": _many(
        "shared/adapters/x.py", "import os\nx = os.environ['X']", "import os\nos.getenv('X')", "from os import environ"
    ),
    "only_the_edges_catch_everything": _many(
        "shared/usecases/x.py",
        "try: f()\nexcept Exception: pass",
        "try: f()\nexcept: g()",
        "try: f()\nexcept BaseException as error: raise ValueError from error",
    ),
    "ports_speak_our_own_types": _many(
        "shared/ports/gmail.py", "def get(self) -> Any: ...", "def get(self) -> dict[str, str]: ..."
    ),
    "retries_live_in_one_module": _many("shared/adapters/x.py", "time.sleep(1)", "from time import sleep\nsleep(1)"),
}  # fmt: skip
