"""The routes of this function: method, path, view, permission."""

from dataclasses import asdict

from functions.oauth import bodies
from functions.oauth.change_settings import ChangeSettings, change_settings
from functions.oauth.connect import (
    BeginConnection,
    CompleteConnection,
    ReceiveConsent,
    begin_connection,
    complete_connection,
    receive_consent,
    start_popup,
)
from functions.oauth.disconnect import Disconnect, RemoveMailbox, disconnect, remove_mailbox
from functions.oauth.org_policy import ListHealth, PutPolicy, list_health, put_policy
from functions.oauth.pages import authorized_page, failed_page, language_of
from functions.oauth.preview_settings import PreviewSettings, preview_settings
from functions.oauth.read_audit import ReadAudit, read_org_audit, read_own_audit
from functions.oauth.read_held import ExportHeld, ReadHeld, export_held, read_held
from functions.oauth.read_mailbox import Reader, read_mailbox, show_mailbox, stamp
from functions.oauth.services import Services
from functions.oauth.settings_tag import policy_tag, settings_tag
from functions.oauth.share_contact import ListShares, ShareContact, list_shares, share_contact, stop_sharing
from shared.domain.mailbox import Mailbox
from shared.domain.policy import Policy
from shared.errors import AppError
from shared.web import Answer, NoBody, Request, Route, status_of


def _begin(request: Request, services: Services) -> Answer:
    body = request.json(bodies.BeginBody)
    origin = request.headers.get("Origin")
    values = BeginConnection(request.caller, origin, tuple(body.features), body.return_url)
    begun = begin_connection(values, services)
    return Answer({"authorization_url": begun.authorization_url, "expires_at": stamp(begun.expires_at)}, 201)


def _start(request: Request, services: Services) -> Answer:
    language = language_of(request.headers.get("Accept-Language"))
    try:
        started = start_popup(request.parameters(bodies.StartQuery).state, services)
    except AppError as error:
        return failed_page(error, status_of(error), language)
    headers = {"Location": started.location, "Set-Cookie": _cookie(services.public_url, started.cookie)}
    return Answer(status=302, headers=headers, content=b"")


def _callback(request: Request, services: Services) -> Answer:
    language = language_of(request.headers.get("Accept-Language"))
    cookie = request.cookies.get(_cookie_name(services.public_url))
    try:
        query = request.parameters(bodies.CallbackQuery)
        authorized = receive_consent(ReceiveConsent(query.state, query.code, query.error, cookie), services)
    except AppError as error:
        return failed_page(error, status_of(error), language)
    return authorized_page(authorized, language)


def _complete(request: Request, services: Services) -> Answer:
    ticket = request.json(bodies.CompleteBody).ticket
    mailbox = complete_connection(CompleteConnection(request.caller, ticket), services)
    policy = services.shown_policies.get(mailbox.org)
    return Answer(show_mailbox(mailbox, policy, _reader(request, services)), 201)


def _mailbox(request: Request, services: Services) -> Answer:
    mailbox = read_mailbox(request.caller, services)
    return _shown(mailbox, services.shown_policies.get(mailbox.org), _reader(request, services))


def _settings(request: Request, services: Services) -> Answer:
    change = request.json(bodies.SettingsBody).change()
    values = ChangeSettings(request.caller, change, request.headers.get("If-Match"))
    mailbox = change_settings(values, services)
    return _shown(mailbox, services.shown_policies.get(mailbox.org), _reader(request, services))


def _preview(request: Request, services: Services) -> Answer:
    change = request.json(bodies.SettingsBody).change()
    return Answer(preview_settings(PreviewSettings(request.caller, change), services))


def _share(request: Request, services: Services) -> Answer:
    request.json(NoBody)
    return Answer(share_contact(ShareContact(request.caller, request.path["contact_id"]), services))


def _unshare(request: Request, services: Services) -> Answer:
    stop_sharing(ShareContact(request.caller, request.path["contact_id"]), services)
    return Answer(status=204)


def _shares(request: Request, services: Services) -> Answer:
    page = request.parameters(bodies.SharesQuery)
    return Answer(list_shares(ListShares(request.caller, page.limit, page.cursor), services))


def _own_audit(request: Request, services: Services) -> Answer:
    page = request.parameters(bodies.PageQuery)
    return Answer(read_own_audit(ReadAudit(request.caller, page.limit, page.cursor), services))


def _org_audit(request: Request, services: Services) -> Answer:
    page = request.parameters(bodies.PageQuery)
    return Answer(read_org_audit(ReadAudit(request.caller, page.limit, page.cursor), services))


def _disconnect(request: Request, services: Services) -> Answer:
    labels = request.parameters(bodies.LeaveQuery).labels
    return Answer(asdict(disconnect(Disconnect(request.caller, labels), services)))


def _held(request: Request, services: Services) -> Answer:
    caller = request.caller
    return Answer(dict(read_held(ReadHeld(caller.org, caller.user, _reader(request, services)), services)))


def _remove(request: Request, services: Services) -> Answer:
    labels = request.parameters(bodies.LeaveQuery).labels
    values = RemoveMailbox(request.caller, request.path["mailbox_id"], labels)
    return Answer(asdict(remove_mailbox(values, services)))


def _export(request: Request, services: Services) -> Answer:
    values = ExportHeld(request.caller, request.path["mailbox_id"], _reader(request, services))
    return Answer(dict(export_held(values, services)))


def _policy(request: Request, services: Services) -> Answer:
    return _shown_policy(services.orgs.get(request.caller.org))


def _put_policy(request: Request, services: Services) -> Answer:
    policy = request.json(bodies.PolicyBody).policy()
    values = PutPolicy(request.caller, policy, request.headers.get("If-Match"))
    return _shown_policy(put_policy(values, services))


def _health(request: Request, services: Services) -> Answer:
    page = request.parameters(bodies.PageQuery)
    values = ListHealth(request.caller, page.limit, page.cursor, _reader(request, services))
    return Answer(list_health(values, services))


def _shown(mailbox: Mailbox, policy: Policy, reader: Reader) -> Answer:
    return Answer(show_mailbox(mailbox, policy, reader), headers={"ETag": settings_tag(mailbox.settings)})


def _shown_policy(policy: Policy) -> Answer:
    return Answer(bodies.show_policy(policy), headers={"ETag": policy_tag(policy)})


def _reader(request: Request, services: Services) -> Reader:
    language = language_of(request.headers.get("Accept-Language"))
    return Reader(services.clock.now(), language, services.testing)


def _cookie_name(public_url: str) -> str:
    # The prefix binds the cookie to this host and to https (RFC 6265bis); a local trial has no https.
    return "__Host-crm-gmail-connect" if public_url.startswith("https://") else "crm-gmail-connect"


def _cookie(public_url: str, value: str) -> str:
    secure = "; Secure" if public_url.startswith("https://") else ""
    return f"{_cookie_name(public_url)}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=600{secure}"


ROUTES: tuple[Route[Services], ...] = (
    Route("POST", "/oauth/connections", _begin),
    Route("GET", "/oauth/authorize", _start, permission=None),
    Route("GET", "/oauth/callback", _callback, permission=None),
    Route("POST", "/oauth/connections/complete", _complete),
    Route("GET", "/oauth/mailbox", _mailbox),
    Route("PATCH", "/oauth/mailbox", _settings),
    Route("DELETE", "/oauth/mailbox", _disconnect),
    Route("GET", "/oauth/mailbox/data", _held),
    Route("POST", "/oauth/mailbox/settings:preview", _preview),
    Route("GET", "/oauth/mailbox/shares", _shares),
    Route("PUT", "/oauth/mailbox/shares/<contact_id>", _share),
    Route("DELETE", "/oauth/mailbox/shares/<contact_id>", _unshare),
    Route("GET", "/oauth/mailbox/audit", _own_audit),
    Route("GET", "/oauth/org", _policy, permission="mail_admin"),
    Route("PUT", "/oauth/org", _put_policy, permission="mail_admin"),
    Route("GET", "/oauth/org/mailboxes", _health, permission="mail_admin"),
    Route("DELETE", "/oauth/org/mailboxes/<mailbox_id>", _remove, permission="mail_admin"),
    Route("GET", "/oauth/org/mailboxes/<mailbox_id>/data", _export, permission="mail_admin"),
    Route("GET", "/oauth/org/audit", _org_audit, permission="mail_admin"),
)
