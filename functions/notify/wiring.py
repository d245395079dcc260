"""Builds this function once per process, and the edges of its private entry points."""

import functools
from threading import BoundedSemaphore

from werkzeug.wrappers import Request, Response

from functions.notify.deliver_event import DeliverServices, Delivery, deliver_event
from functions.notify.handle_push import handle_push, parse_gmail_push
from functions.notify.recount_notices import recount_notices
from functions.notify.renew_watches import renew_watches
from functions.notify.replay_events import ReplayServices, replay_events
from functions.notify.routes import ROUTES
from functions.notify.services import Services, StreamLimits, stream_slots
from shared.adapters.dead_letters import PulledDeadLetters
from shared.config import parse, read_environment
from shared.domain.event import parse_event
from shared.errors import Misconfigured
from shared.events import PushMessage
from shared.web import App
from shared.wiring import Common, CommonSettings


@functools.cache
def app() -> App[Services]:
    """The function's HTTP surface, from the environment. Raises Misconfigured with every fault it finds."""
    return App(ROUTES, services(common()), common().crm_tokens, common().origins, common().log)


def push(request: Request) -> Response:
    """Answers one push of Gmail's topic."""
    return (
        common()
        .entry_point("on_gmail_push")
        .push(request, lambda message: handle_push(parse_gmail_push(message.payload), services(common())))
    )


def renew(request: Request) -> Response:
    """Answers Cloud Scheduler with how many watches were renewed."""
    return common().entry_point("renew_watches").schedule(request, lambda: renew_watches(services(common())))


def recount(request: Request) -> Response:
    """Answers Cloud Scheduler with what the recount found."""
    return common().entry_point("recount").schedule(request, lambda: recount_notices(services(common())))


def deliver(request: Request) -> Response:
    """Answers one push of the topic of events: 2xx once the CRM has taken the event."""
    return (
        common()
        .entry_point("deliver_event")
        .push(request, lambda message: deliver_event(_delivery(message), delivering(common())))
    )


def _delivery(message: PushMessage) -> Delivery:
    event = parse_event(message.payload)
    return Delivery(event, message.published_at or event.at)


def replay() -> int:
    """Publishes again what was given up; answers how many events."""
    return replay_events(replaying(common()))


def delivering(common: Common) -> DeliverServices:
    """What the delivery of an event may reach."""
    return DeliverServices(
        common.orgs,
        common.webhook,
        common.publisher.publish,
        common.settings.events_dead_letter_topic,
        common.clock,
        common.log,
    )


def replaying(common: Common) -> ReplayServices:
    """What replaying may reach. Raises Misconfigured where the settings name no topics of events."""
    topic, dead = common.settings.events_topic, common.settings.events_dead_letter_topic
    if topic is None or dead is None:
        raise Misconfigured(
            "EVENTS_TOPIC and EVENTS_DEAD_LETTER_TOPIC are not both set.", code="settings_invalid"
        )
    return ReplayServices(PulledDeadLetters(dead), common.publisher, topic, common.log)


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
        connector=common.connector,
        gmail=common.gmail,
        clock=common.clock,
        log=common.log,
        cursors=common.cursors,
        gmail_topic=common.settings.gmail_topic,
        retention=common.retention,
        feed=common.feed,
        streams=StreamLimits(
            common.settings.stream_seconds, BoundedSemaphore(stream_slots(common.settings.threads))
        ),
        announce=common.announce_notices,
        announce_warnings=common.announce_warnings,
        testing=common.settings.oauth_testing_mode,
    )
