"""Builds this function once per process."""

import functools

from functions.oauth.recent_policies import RecentPolicies
from functions.oauth.routes import ROUTES
from functions.oauth.services import Services
from shared.config import parse, read_environment
from shared.usecases.reseal_grants import Resealed, ResealServices, reseal_grants
from shared.web import App
from shared.wiring import Common, CommonSettings


@functools.cache
def app() -> App[Services]:
    """The function's HTTP surface, from the environment. Raises Misconfigured with every fault it finds."""
    return App(ROUTES, services(common()), common().crm_tokens, common().origins, common().log)


def reseal() -> Resealed:
    """Seals every grant under the newest version of the token key."""
    return reseal_grants(resealing(common()))


@functools.cache
def common() -> Common:
    """The adapters of this process."""
    return Common(parse(CommonSettings, read_environment()))


def resealing(common: Common) -> ResealServices:
    """What the rotation of the token key may reach."""
    return ResealServices(common.grants, common.mailboxes, common.cipher, common.clock, common.log)


def services(common: Common) -> Services:
    """What the use cases of this function may reach."""
    return Services(
        mailboxes=common.mailboxes,
        grants=common.grants,
        syncs=common.syncs,
        notices=common.notices,
        connections=common.connections,
        labelings=common.labelings,
        label_runs=common.label_runs,
        sends=common.sends,
        shares=common.shares,
        audit=common.audit,
        crm=common.connector,
        cursors=common.cursors,
        shown_policies=RecentPolicies(common.orgs, common.clock),
        orgs=common.orgs,
        cipher=common.cipher,
        consent=common.consent,
        gmail=common.gmail,
        origins=common.origins,
        clock=common.clock,
        log=common.log,
        public_url=common.settings.public_url,
        gmail_topic=common.settings.gmail_topic,
        testing=common.settings.oauth_testing_mode,
        return_urls=common.settings.allowed_return_urls,
    )
