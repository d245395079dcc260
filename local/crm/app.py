"""The demo CRM as one WSGI application: the table of routes and the one place where errors become answers."""

import json
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from local.crm.connector import Connector
from local.crm.demo_routes import DemoRoutes
from local.crm.faults import Faults
from local.crm.incoming import CrmRequest
from local.crm.pages import Pages
from local.crm.problem import Problem, not_found
from local.crm.records import Records
from local.crm.tokens import TokenSigner
from local.crm.webhook import WebhookInbox

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

View = Callable[..., Any]


class CrmApp:
    """WSGI. Views return a Response, a JSON-ready dict, or (body, status)."""

    def __init__(
        self,
        records: Records,
        signer: TokenSigner,
        service_token: Callable[[], str],
        is_ready: Callable[[], bool] = lambda: True,
        inbox: WebhookInbox | None = None,
    ) -> None:
        demo = DemoRoutes(records, signer)
        connector = Connector(records, service_token)
        self._rules = Map(
            [*_rules(demo, connector, Pages(records.org)), *_webhook(inbox), _health(is_ready)],
            strict_slashes=False,
            merge_slashes=False,
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = CrmRequest(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            view, values = self._rules.bind_to_environ(request.environ).match()
            return _as_response(view(request, **values))
        except Problem as problem:
            return problem.response()
        except MethodNotAllowed as refused:
            allowed = ", ".join(sorted(refused.valid_methods or ()))
            text = f"Allowed here: {allowed}."
            return Problem(405, "method_not_allowed", "Method not allowed", text).response({"Allow": allowed})
        except RequestRedirect as moved:
            return redirect(moved.new_url, moved.code)
        except HTTPException:
            return not_found("page").response()
        except Exception:
            # The caller gets a problem, the log the trace.
            traceback.print_exc(file=sys.stderr)
            return Problem(500, "internal", "Internal error", "The demo CRM failed; see its log.").response()


def _health(is_ready: Callable[[], bool]) -> Rule:
    def view(_request: Request) -> Any:
        ready = is_ready()
        return {"status": "ok" if ready else "starting"}, 200 if ready else 503

    return Rule("/healthz", methods=["GET"], endpoint=view)


def _webhook(inbox: WebhookInbox | None) -> list[Rule]:
    if inbox is None:
        return []
    return [
        Rule("/crm/webhook", methods=["POST"], endpoint=inbox.receive),
        Rule("/crm/events", methods=["GET"], endpoint=inbox.events),
    ]


def _rules(demo: DemoRoutes, connector: Connector, pages: Pages) -> list[Rule]:
    faults = Faults()
    table: tuple[tuple[str, str, View], ...] = (
        ("POST", "/crm/token", demo.token),
        ("GET", "/crm/jwks.json", demo.jwks),
        ("GET", "/crm/users", demo.users),
        ("GET", "/crm/contacts", demo.contacts),
        ("GET", "/crm/contacts/<contact_id>", demo.contact),
        ("PUT", "/crm/contacts/<contact_id>", demo.put_contact),
        ("DELETE", "/crm/contacts/<contact_id>", demo.delete_contact),
        ("PUT", "/crm/contacts/<contact_id>/deals/<deal_id>", demo.put_deal),
        ("DELETE", "/crm/contacts/<contact_id>/deals/<deal_id>", demo.delete_deal),
        ("POST", "/crm/connector/contacts/lookup", faults.over("lookup", connector.lookup)),
        ("GET", "/crm/connector/contacts/<contact_id>", connector.contact),
        ("POST", "/crm/connector/contacts/audience", connector.audience),
        ("GET", "/crm/connector/changes", faults.over("changes", connector.changes)),
        ("GET", "/crm/connector/users", connector.users),
        ("POST", "/crm/faults", faults.order),
        ("GET", "/crm/faults", faults.met),
        ("DELETE", "/crm/faults", faults.end),
        ("GET", "/", pages.contacts),
        ("GET", "/contacts/<contact_id>", pages.record),
        ("GET", "/deals", pages.deals),
        ("GET", "/admin", pages.admin),
        ("GET", "/settings", pages.settings),
        ("GET", "/settings/connected", pages.connected),
        ("GET", "/notices", pages.notices),
        ("GET", "/assets/<path:name>", pages.asset),
    )
    return [Rule(path, methods=[method], endpoint=view) for method, path, view in table]


def _as_response(answer: Any) -> Response:
    if isinstance(answer, Response):
        return answer
    body, status = answer if isinstance(answer, tuple) else (answer, 200)
    if body is None:
        return Response(status=status)
    return Response(json.dumps(body), status, content_type="application/json")
