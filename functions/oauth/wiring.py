"""Builds this function once per process."""

import functools

from functions.oauth.recent_policies import RecentPolicies
from functions.oauth.routes import ROUTES
from functions.oauth.services import Services
from shared.config import parse, read_environment
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
        grants=common.grants,
        syncs=common.syncs,
        notices=common.notices,
        connections=common.connections,
        orgs=common.orgs,
        cipher=common.cipher,
        consent=common.consent,
        gmail=common.gmail,
        origins=common.origins,
        clock=common.clock,
        log=common.log,
        public_url=common.settings.public_url,
        gmail_topic=common.settings.gmail_topic,
    )
        shares=common.shares,
        audit=common.audit,
        crm=common.connector,
        cursors=common.cursors,
        shown_policies=RecentPolicies(common.orgs, common.clock),
