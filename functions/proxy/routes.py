"""The routes of this function: method, path, view, permission."""

from functions.proxy import bodies
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
from functions.proxy.services import Services
from functions.proxy.set_flags import SetFlags, set_flags
from shared.web import Answer, Request, Route


def _contact_mail(request: Request, services: Services) -> Answer:
    page = request.parameters(bodies.Page)
    values = ReadContactMail(request.caller, request.path["contact_id"], page.limit, page.cursor)
    return Answer(read_contact_mail(values, services))


def _own_mail(request: Request, services: Services) -> Answer:
    asked = request.parameters(bodies.MailSearch)
    values = ReadOwnMail(request.caller, asked.label, asked.q, asked.limit, asked.cursor)
    return Answer(read_own_mail(values, services))


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


ROUTES: tuple[Route[Services], ...] = (
    Route("GET", "/proxy/contacts/<contact_id>/messages", _contact_mail),
    Route("GET", "/proxy/messages", _own_mail),
    Route("POST", "/proxy/messages/<mid>/flags", _flags),
    Route("GET", "/proxy/mailboxes/<mailbox>/messages/<mid>", _message),
    Route("GET", "/proxy/mailboxes/<mailbox>/messages/<mid>/attachments/<aid>", _attachment),
    Route("GET", "/proxy/mailboxes/<mailbox>/threads/<tid>", _thread),
)
