"""Builds this function once per process."""

import functools

from functions.proxy.routes import ROUTES
from functions.proxy.services import Services
from shared.adapters.safe_html import clean_html
from shared.config import parse, read_environment
from shared.usecases.shared_mail import SharingServices
from shared.web import App
from shared.wiring import Common, CommonSettings


@functools.cache
def app() -> App[Services]:
    """The function's HTTP surface, from the environment. Raises Misconfigured with every fault it finds."""
    common = Common(parse(CommonSettings, read_environment()))
    return App(ROUTES, services(common), common.crm_tokens, common.origins, common.log)


def services(common: Common) -> Services:
    """What the use cases of this function may reach."""
    return Services(
        mailboxes=common.mailboxes,
        gmail=common.gmail,
        contacts=common.connector,
        cursors=common.cursors,
        clean_html=clean_html,
        sends=common.sends,
        sharing=SharingServices(
            common.mailboxes, common.orgs, common.shares, common.connector, common.audit, common.clock
        ),
        clock=common.clock,
        log=common.log,
    )
