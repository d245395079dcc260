"""The routes of this function: method, path, view, permission."""

from functions.labeler.explain_message import explain_message
from functions.labeler.services import Services
from shared.web import Answer, Request, Route


def _explain(request: Request, services: Services) -> Answer:
    return Answer(explain_message(request.caller, request.path["message_id"], services))


ROUTES: tuple[Route[Services], ...] = (Route("GET", "/labeler/explain/<message_id>", _explain),)
