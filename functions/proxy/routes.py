"""The routes of this function: method, path, view, permission."""

from functions.proxy import bodies
from functions.proxy.drafts import DeleteDraft, SaveDraft, delete_draft, list_aliases, list_drafts, save_draft
from functions.proxy.outgoing_bodies import Outgoing, idempotency_key, read_wanted
from functions.proxy.read_contact_mail import ReadContactMail, read_contact_mail
from functions.proxy.read_message import (
    ReadAttachment,
    ReadMessage,
    ReadThread,
    read_attachment,
    read_message,
    read_thread,
)
from functions.proxy.read_own_mail import ReadOwnMail, read_own_mail
from functions.proxy.send_mail import SendDraft, SendMail, send_draft, send_mail
from functions.proxy.services import Services
from functions.proxy.set_flags import SetFlags, set_flags
from shared.domain.sending import content_hash
from shared.web import LARGE_BODY, Answer, Request, Route


def _contact_mail(request: Request, services: Services) -> Answer:
    page = request.parameters(bodies.Page)
    values = ReadContactMail(
        request.caller, request.path["contact_id"], page.limit, page.cursor, _tag(request)
    )
    return read_contact_mail(values, services).answer()


def _tag(request: Request) -> str | None:
    return request.headers.get("If-None-Match")


def _own_mail(request: Request, services: Services) -> Answer:
    asked = request.parameters(bodies.MailSearch)
    values = ReadOwnMail(request.caller, asked.folder, asked.q, asked.limit, asked.cursor, _tag(request))
    return read_own_mail(values, services).answer()


def _message(request: Request, services: Services) -> Answer:
    images = request.parameters(bodies.View).images
    values = ReadMessage(request.caller, request.path["mailbox"], request.path["mid"], images)
    return Answer(read_message(values, services))


def _thread(request: Request, services: Services) -> Answer:
    images = request.parameters(bodies.View).images
    values = ReadThread(request.caller, request.path["mailbox"], request.path["tid"], images)
    return Answer(read_thread(values, services))


def _attachment(request: Request, services: Services) -> Answer:
    path = request.path
    found = read_attachment(
        ReadAttachment(request.caller, path["mailbox"], path["mid"], path["aid"]), services
    )
    return Answer(headers=found.headers, content=found.content, content_type=found.content_type)


def _flags(request: Request, services: Services) -> Answer:
    flags = request.json(bodies.Flags)
    values = SetFlags(request.caller, request.path["mid"], flags.read, flags.starred, flags.archived)
    return Answer(set_flags(values, services))


def _send(request: Request, services: Services) -> Answer:
    key = idempotency_key(request.headers.get("Idempotency-Key"))
    content = content_hash(request.body)
    values = SendMail(request.caller, key, content, read_wanted(request.json(Outgoing)))
    return Answer(send_mail(values, services), status=201)


def _new_draft(request: Request, services: Services) -> Answer:
    wanted = read_wanted(request.json(Outgoing))
    return Answer(save_draft(SaveDraft(request.caller, wanted), services), status=201)


def _change_draft(request: Request, services: Services) -> Answer:
    wanted = read_wanted(request.json(Outgoing))
    return Answer(save_draft(SaveDraft(request.caller, wanted, request.path["draft"]), services))


def _delete_draft(request: Request, services: Services) -> Answer:
    delete_draft(DeleteDraft(request.caller, request.path["draft"]), services)
    return Answer(status=204)


def _send_draft(request: Request, services: Services) -> Answer:
    return Answer(send_draft(SendDraft(request.caller, request.path["draft"]), services), status=201)


def _drafts(request: Request, services: Services) -> Answer:
    return Answer(list_drafts(request.caller, services))


def _aliases(request: Request, services: Services) -> Answer:
    return Answer(list_aliases(request.caller, services))


ROUTES: tuple[Route[Services], ...] = (
    Route("GET", "/proxy/contacts/<contact_id>/messages", _contact_mail),
    Route("GET", "/proxy/messages", _own_mail),
    Route("POST", "/proxy/messages", _send, body_limit=LARGE_BODY),
    Route("POST", "/proxy/messages/<mid>/flags", _flags),
    Route("GET", "/proxy/aliases", _aliases),
    Route("GET", "/proxy/drafts", _drafts),
    Route("POST", "/proxy/drafts", _new_draft, body_limit=LARGE_BODY),
    Route("PUT", "/proxy/drafts/<draft>", _change_draft, body_limit=LARGE_BODY),
    Route("DELETE", "/proxy/drafts/<draft>", _delete_draft),
    Route("POST", "/proxy/drafts/<draft>/send", _send_draft),
    Route("GET", "/proxy/mailboxes/<mailbox>/messages/<mid>", _message),
    Route("GET", "/proxy/mailboxes/<mailbox>/messages/<mid>/attachments/<aid>", _attachment),
    Route("GET", "/proxy/mailboxes/<mailbox>/threads/<tid>", _thread),
)
