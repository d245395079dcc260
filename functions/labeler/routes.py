"""The routes of this function: method, path, view, permission."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from functions.labeler.confirm_changes import ConfirmChanges, confirm_changes
from functions.labeler.explain_message import ExplainMessage, explain_message
from functions.labeler.list_runs import ListRuns, list_runs
from functions.labeler.preview_labels import preview_labels
from functions.labeler.sentences import language_of
from functions.labeler.services import Services
from functions.labeler.undo_labels import UndoLabels, undo_labels
from shared.moments import OptionalMoment
from shared.retry import when_free
from shared.web import Answer, Body, NoBody, Request, Route

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]


class UndoBody(Body):
    """What to take back: exactly one of the three."""

    message: Identifier | None = None
    run: Identifier | None = None
    since: OptionalMoment = None

    @model_validator(mode="after")
    def _one_of_three(self) -> "UndoBody":
        if sum(value is not None for value in (self.message, self.run, self.since)) != 1:
            raise ValueError("give exactly one of message, run, since")
        return self


class ConfirmBody(Body):
    """The mailbox whose held changes may go on."""

    mailbox: Identifier


class RunsQuery(Body):
    """Which page of runs."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, StringConstraints(max_length=1024)] | None = None


def _explain(request: Request, services: Services) -> Answer:
    language = language_of(request.headers.get("Accept-Language"))
    values = ExplainMessage(request.caller, request.path["message_id"], language)
    return Answer(explain_message(values, services), headers={"Content-Language": language})


def _preview(request: Request, services: Services) -> Answer:
    request.json(NoBody)
    return Answer(preview_labels(request.caller, services))


def _undo(request: Request, services: Services) -> Answer:
    body = request.json(UndoBody)
    values = UndoLabels(request.caller, body.message, body.run, body.since)
    return Answer(when_free(lambda: undo_labels(values, services)))


def _runs(request: Request, services: Services) -> Answer:
    query = request.parameters(RunsQuery)
    return Answer(list_runs(ListRuns(request.caller, query.limit, query.cursor), services))


def _runs_of(request: Request, services: Services) -> Answer:
    query = request.parameters(RunsQuery)
    values = ListRuns(request.caller, query.limit, query.cursor, request.path["mailbox_id"])
    return Answer(list_runs(values, services))


def _confirm(request: Request, services: Services) -> Answer:
    confirm_changes(ConfirmChanges(request.caller, request.json(ConfirmBody).mailbox), services)
    return Answer(status=204)


ROUTES: tuple[Route[Services], ...] = (
    Route("GET", "/labeler/explain/<message_id>", _explain),
    Route("POST", "/labeler/preview", _preview),
    Route("POST", "/labeler/undo", _undo),
    Route("GET", "/labeler/runs", _runs),
    Route("GET", "/labeler/org/mailboxes/<mailbox_id>/runs", _runs_of, permission="mail_admin"),
    Route("POST", "/labeler/confirm", _confirm, permission="mail_admin"),
)
