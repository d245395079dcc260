"""From a mail of Gmail's to the contract's Message: body, safe HTML, attachments."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import quote

from functions.proxy.services import HtmlCleaner
from shared.domain.attachments import Attachment, cid_map, find_cid, list_attachments
from shared.domain.clean_html import AttachmentUrl, CleanHtml
from shared.domain.mail import Mail
from shared.domain.mailbox import Mailbox
from shared.domain.message import describe
from shared.domain.message_body import Allowance, BodyPlan, Shown, plan_body, show_body
from shared.errors import AppError
from shared.ports.gmail import GmailReader

Images = Literal["block", "show"]

BODIES_FETCHED: Final = 4
"""Large body parts that are fetched for one mail, 20 units each."""


@dataclass(frozen=True)
class Showing:
    """Who looks into which mailbox, with what, and what of one call's allowance is left for its mails."""

    mailbox: Mailbox
    viewer: str
    images: Images
    gmail: GmailReader
    clean: HtmlCleaner
    allowance: Allowance = field(default_factory=Allowance)


def show_mail(mail: Mail, showing: Showing) -> dict[str, Any]:
    """A Message. Costs a call only where Gmail keeps a large body apart from its mail."""
    mailbox, images = showing.mailbox, showing.images
    plan = plan_body(mail.root)
    shown = show_body(plan, large_bodies(mail, plan, showing.gmail, showing.allowance), showing.allowance)
    attachments = list_attachments(plan.attachments, "".join(page for _, page in shown.pages if page))
    url = _attachment_urls(mailbox.id, mail.metadata.id, attachments)
    return describe(
        mail,
        mailbox,
        showing.viewer,
        shown=shown,
        clean=_clean_pages(shown, showing.clean, url, images == "show"),
        attachments=attachments,
        images=images,
    )


def attachment_path(mailbox: str, message_id: str, attachment_id: str) -> str:
    """Where the attachment's bytes are answered."""
    return f"/proxy/mailboxes/{mailbox}/messages/{message_id}/attachments/{quote(attachment_id, safe='')}"


def large_bodies(mail: Mail, plan: BodyPlan, gmail: GmailReader, allowance: Allowance) -> Mapping[str, bytes]:
    """The body parts that Gmail keeps apart, by part id, as far as they can be had: 20 units each."""
    fetched: dict[str, bytes] = {}
    wanted = plan.to_fetch[: min(BODIES_FETCHED, allowance.fetches)]
    allowance.fetches -= len(wanted)
    for part in wanted:
        try:
            fetched[part.id] = gmail.get_attachment(mail.metadata.id, part.attachment_id or "")
        except AppError as error:
            if error.act != "retry" and error.code != "not_found":
                raise
            # A body that does not come now is noted as missing; headers and the rest are shown.
    return fetched


def _attachment_urls(mailbox: str, message_id: str, attachments: tuple[Attachment, ...]) -> AttachmentUrl:
    cids = cid_map(attachments)

    def url(cid_url: str) -> str | None:
        found = find_cid(cids, cid_url)
        return attachment_path(mailbox, message_id, found) if found else None

    return url


def _clean_pages(shown: Shown, clean: HtmlCleaner, url: AttachmentUrl, show_images: bool) -> CleanHtml | None:
    """The body's pieces as one safe document, None where none came as HTML. One refused refuses all."""
    if not shown.has_html:
        return None
    pages: list[str] = []
    count = 0
    trackers: list[str] = []
    for text, page in shown.pages:
        if page is None:
            pages.append(f'<div style="white-space: pre-wrap">{html.escape(text)}</div>')
            continue
        result = clean(page, attachment_url=url, show_images=show_images)
        if result.html is None:
            return result
        pages.append(result.html)
        count += result.remote_images
        trackers += result.trackers
    return CleanHtml("<hr>".join(pages), None, count, tuple(dict.fromkeys(trackers)))
