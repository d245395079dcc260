"""Builds this function once per process, and the edges of its private entry points."""

import functools

from werkzeug.wrappers import Request, Response

from functions.labeler.routes import ROUTES
from functions.labeler.services import Services, checks_a_turn
from functions.labeler.start_run import start_run
from functions.labeler.take_turn import take_turn
from shared.config import parse, read_environment
from shared.usecases.leave import finish_leaving
from shared.web import App
from shared.wiring import Common, CommonSettings


@functools.cache
def app() -> App[Services]:
    """The function's HTTP surface, from the environment. Raises Misconfigured with every fault it finds."""
    return App(ROUTES, services(common()), common().crm_tokens, common().origins, common().log)


def tick(request: Request) -> Response:
    """Answers Cloud Scheduler with the run and the ids of what was published."""
    return common().entry_point("tick").schedule(request, lambda: start_run(services(common())))


def label(request: Request) -> Response:
    """Answers one push of the label topic with what was done in that mailbox or for that organisation."""
    return (
        common()
        .entry_point("label_mailbox")
        .push(request, lambda message: take_turn(message.payload, services(common())))
    )


@functools.cache
def common() -> Common:
    """The adapters of this process."""
    return Common(parse(CommonSettings, read_environment()))


@functools.cache
def services(common: Common) -> Services:
    """What the use cases of this function may reach."""
    return Services(
        mailboxes=common.mailboxes,
        syncs=common.syncs,
        notices=common.notices,
        sender_notices=common.sender_notices,
        labelings=common.labelings,
        label_runs=common.label_runs,
        crm_cursors=common.crm_cursors,
        orgs=common.orgs,
        connector=common.connector,
        gmail=common.gmail,
        publisher=common.publisher,
        connections=common.connections,
        grants=common.grants,
        consent=common.consent,
        cipher=common.cipher,
        cursors=common.cursors,
        clock=common.clock,
        log=common.log,
        label_topic=common.settings.label_topic,
        checks_a_turn=checks_a_turn(common.settings.label_checks_a_turn),
        announce=common.announce_notices,
        finish_leaving=lambda: finish_leaving(common),
    )
