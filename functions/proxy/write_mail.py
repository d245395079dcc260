"""Turns what a caller wants to write into a complete mail: sender, recipients, subject, thread, quotation, files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Final, Literal

from functions.proxy.own_mailbox import checked_id
from functions.proxy.services import HtmlCleaner
from functions.proxy.show_mail import large_bodies
from shared.domain.addresses import Address, normalize, single_from
from shared.domain.attachments import cid_map, find_cid, list_attachments
from shared.domain.blind_copies import without_blind_copies
from shared.domain.mail import Mail
from shared.domain.mailbox import Mailbox
from shared.domain.message_body import Allowance, BodyPlan, Note, Shown, plan_body, show_body
from shared.domain.outgoing import (
    Alias,
    Composition,
    OutgoingFile,
    check_files,
    message_id_for,
    outgoing_address,
    outgoing_file,
    without_repeats,
)
from shared.domain.quoting import Bodies, OldMail, with_forwarded, with_quote, with_signature
from shared.domain.replying import (
    Mode,
    answer_recipients,
    answer_subject,
    bare_subject,
    forward_subject,
    references_of,
    unprefixed,
)
from shared.errors import BadInput
from shared.ports.gmail import SendingGmail

_NOT_WHOLE: Final[frozenset[Note]] = frozenset(
    {"html_refused", "body_not_shown", "body_too_large", "body_cut", "many_parts"}
)
"""What is noted where words or files of a mail are left out."""


@dataclass(frozen=True)
class Wanted:
    """What the caller asks for. None or empty means: as the mail that is answered, or the account, says."""

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str | None = None
    text: str = field(default="", repr=False)
    html: str | None = field(default=None, repr=False)
    sender: str | None = None
    answered: str | None = None
    mode: Mode | None = None
    quote: bool = True
    forward_as: Literal["inline", "attachment"] = "inline"
    signature: bool = False
    files: tuple[OutgoingFile, ...] = ()


@dataclass(frozen=True)
class Written:
    """A complete mail, and the thread of the caller's mailbox that it continues."""

    mail: Composition
    thread_id: str | None = None


def write_mail(
    wanted: Wanted, mark: str, mailbox: Mailbox, gmail: SendingGmail, clean: HtmlCleaner
) -> Written:
    """1 unit for the aliases; 20 for the mail that is answered, and 20 for each file of one that is forwarded
    or, where it is too large to be had whole as text, 20 for it as it came.

    Raises BadInput (codes not_an_alias, invalid_address), NotFound for an answered mail that is not there, TooLarge.
    """
    aliases = gmail.list_aliases()
    alias = _choose(aliases, wanted.sender, mailbox.email)
    bodies = Bodies(wanted.text, wanted.html)
    if wanted.signature:
        bodies = with_signature(bodies, alias.signature)
    mail = Composition(
        sender=outgoing_address(alias.address.name, alias.address.address),
        mark=mark,
        message_id=message_id_for(mark, mailbox.email),
        to=without_repeats(wanted.to),
        cc=without_repeats(wanted.cc, _keys(wanted.to)),
        bcc=without_repeats(wanted.bcc, _keys((*wanted.to, *wanted.cc))),
        reply_to=outgoing_address("", alias.reply_to) if alias.reply_to else None,
        subject=wanted.subject or "",
        text=bodies.text,
        html=bodies.html,
        files=wanted.files,
    )
    if wanted.answered is None:
        return Written(mail)
    old = gmail.get_mail(checked_id(wanted.answered))
    own = {normalize(mailbox.email), *(normalize(row.address.address) for row in aliases)}
    return _answering(wanted, mail, old, own, gmail, clean)


def _choose(aliases: Sequence[Alias], wanted: str | None, email: str) -> Alias:
    """The alias named by `wanted`, else the account's default. Raises BadInput (code not_an_alias)."""
    usable = [alias for alias in aliases if alias.verified]
    if wanted is None:
        known = [alias for alias in usable if alias.default] or [
            alias for alias in usable if normalize(alias.address.address) == normalize(email)
        ]
        return known[0] if known else Alias(Address("", email), verified=True)
    named = single_from([wanted])
    for alias in usable:
        if named is not None and normalize(alias.address.address) == normalize(named.address):
            return alias
    raise BadInput("`from` is neither the account's address nor a verified alias of it.", code="not_an_alias")


def _answering(
    wanted: Wanted,
    mail: Composition,
    old: Mail,
    own: Collection[str],
    gmail: SendingGmail,
    clean: HtmlCleaner,
) -> Written:
    """Completes an answer or a forward of `old`. It stays in the thread as long as its subject does."""
    forward = wanted.mode == "forward"
    subject = forward_subject(old.metadata) if forward else answer_subject(old.metadata)
    chosen = subject if wanted.subject is None else wanted.subject
    answered, references = references_of(old.metadata)
    mail = replace(mail, subject=chosen, in_reply_to=answered, references=references)
    if not forward and not mail.to:
        found = answer_recipients(old.metadata, own, wanted.mode == "reply_all")
        given = _keys((*mail.cc, *mail.bcc))
        mail = replace(mail, to=found.to, cc=(*without_repeats(found.cc, given | _keys(found.to)), *mail.cc))
    if forward and wanted.forward_as == "attachment":
        mail = replace(mail, files=(*mail.files, _enclosed(old, gmail)))
    elif forward:
        mail = _forwarded(mail, old, gmail, clean)
    elif wanted.quote:
        shown = _shown(old, plan_body(old.root), gmail)
        text = with_quote(Bodies(mail.text, mail.html), _old_mail(old, shown, clean, {}))
        mail = replace(mail, text=text.text, html=text.html)
    same_subject = bare_subject(chosen) == bare_subject(subject)
    return Written(mail, old.metadata.thread_id if same_subject else None)


def _forwarded(mail: Composition, old: Mail, gmail: SendingGmail, clean: HtmlCleaner) -> Composition:
    """The old mail under the new text, with all its files; a mail with HTML is forwarded as HTML.

    What is too large to be had whole as text is enclosed as it came, with its files in it.
    """
    plan = plan_body(old.root)
    check_files([*(part.size for part in plan.attachments), *(len(file.content) for file in mail.files)])
    shown = _shown(old, plan, gmail)
    if _NOT_WHOLE.intersection(shown.notes):
        bodies = with_forwarded(Bodies(mail.text, mail.html), OldMail(old.metadata, shown.text, None))
        return replace(mail, text=bodies.text, html=bodies.html, files=(*mail.files, _enclosed(old, gmail)))
    attachments = list_attachments(plan.attachments)
    contents = [
        part.body or b""
        if part.attachment_id is None
        else gmail.get_attachment(old.metadata.id, part.attachment_id)
        for part in plan.attachments
    ]
    pictures = {row.id: f"{mail.mark}.{at}@mail" for at, row in enumerate(attachments) if row.cid}
    urls = {cid: f"cid:{pictures[found]}" for cid, found in cid_map(attachments).items()}
    quoted = _old_mail(old, shown, clean, urls)
    html = mail.html
    if html is None and quoted.html is not None:
        html = f'<div style="white-space: pre-wrap">{escape(mail.text)}</div>'
    bodies = with_forwarded(Bodies(mail.text, html), quoted)
    page = bodies.html or ""
    files = tuple(
        outgoing_file(
            row.name, row.type, content, pictures[row.id] if f"cid:{pictures.get(row.id)}" in page else ""
        )
        for row, content in zip(attachments, contents, strict=True)
    )
    return replace(mail, text=bodies.text, html=bodies.html, files=(*mail.files, *files))


def _shown(old: Mail, plan: BodyPlan, gmail: SendingGmail) -> Shown:
    allowance = Allowance()
    return show_body(plan, large_bodies(old, plan, gmail, allowance), allowance)


def _old_mail(old: Mail, shown: Shown, clean: HtmlCleaner, urls: Mapping[str, str]) -> OldMail:
    return OldMail(old.metadata, shown.text, _safe_page(shown, clean, urls))


def _safe_page(shown: Shown, clean: HtmlCleaner, urls: Mapping[str, str]) -> str | None:
    """The old HTML made safe, its own pictures renamed to `urls`; None where it has none or is refused."""
    pages: list[str] = []
    for text, page in shown.pages:
        if page is None:
            pages.append(f'<div style="white-space: pre-wrap">{escape(text)}</div>')
            continue
        safe = clean(page, attachment_url=lambda url: find_cid(urls, url), show_images=True).html
        if safe is None:
            return None
        pages.append(safe)
    return "<hr>".join(pages) if shown.has_html else None


def _enclosed(old: Mail, gmail: SendingGmail) -> OutgoingFile:
    """The old mail as it came, as a file: blind copies of one's own sent mail stay blind."""
    raw = gmail.get_raw(old.metadata.id)
    name = f"{unprefixed(answer_subject(old.metadata)) or 'mail'}.eml"
    # message/rfc822 may not be base64 (RFC 2046 section 5.2.1): as a file of bytes the mail stays whole.
    return outgoing_file(name, "application/octet-stream", without_blind_copies(raw))


def _keys(addresses: Sequence[Address]) -> frozenset[str]:
    return frozenset(normalize(address.address) for address in addresses)
