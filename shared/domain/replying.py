"""What answering a mail means: to whom, under which subject, in which thread."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.domain.addresses import Address, normalize, parse_addresses, single_from
from shared.domain.header_text import decode_header
from shared.domain.mail import MailMetadata
from shared.domain.outgoing import NAME_LIMIT, SUBJECT_LIMIT, outgoing_address, without_repeats
from shared.errors import BadInput

Mode = Literal["reply", "reply_all", "forward"]

REFERENCES_LIMIT: Final = 20
_ID: Final = re.compile(r"<[!-;=?-~]{3,250}>")
# "Re:" and what other mail programs write for it; Gmail's threads look past these.
_REPLY: Final = re.compile(
    r"\s*(?:re|aw|antw|sv|vs|ref|rif|res|odp|ynt|atb|r|bls|回复|回覆|答复|返信|회신)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
_FORWARD: Final = re.compile(
    r"\s*(?:fwd?|wg|tr|vl|vb|doorst|i|rv|enc|转发|轉寄|転送|전달)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE
)


@dataclass(frozen=True)
class Recipients:
    """Who gets an answer."""

    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()


def answer_recipients(mail: MailMetadata, own: Collection[str], everyone: bool) -> Recipients:
    """Who is answered; `own` are the normalised addresses of the account, which never is.

    Reply-To goes before From (RFC 5322 section 3.6.2), and for an answer to all Mail-Followup-To, which mailing
    lists write, before everything. One's own mail is answered to those it went to.
    """
    follow_up = _addresses(mail, "Mail-Followup-To") if everyone else ()
    if follow_up:
        return Recipients(without_repeats(follow_up, own))
    sender = single_from(mail.values("From"))
    from_self = "SENT" in mail.label_ids or (sender is not None and normalize(sender.address) in own)
    to, cc = _addresses(mail, "To"), _addresses(mail, "Cc")
    if from_self:
        first = without_repeats(to, own)
        rest: Sequence[Address] = cc
    else:
        first = without_repeats(_reply_to(mail, sender), own)
        rest = (*to, *cc)
    if not everyone:
        return Recipients(first)
    others = without_repeats(rest, {*own, *(normalize(address.address) for address in first)})
    return Recipients(first, others) if first else Recipients(others)


def answer_subject(mail: MailMetadata) -> str:
    """The subject kept as it is where it is an answer already, else with `Re: ` before it."""
    subject = decode_header(mail.first("Subject"), SUBJECT_LIMIT)
    return subject if _REPLY.match(subject) else f"Re: {subject}"[:SUBJECT_LIMIT].rstrip()


def forward_subject(mail: MailMetadata) -> str:
    """The subject with `Fwd: ` before it, once."""
    subject = decode_header(mail.first("Subject"), SUBJECT_LIMIT)
    return subject if _FORWARD.match(subject) else f"Fwd: {subject}"[:SUBJECT_LIMIT].rstrip()


def bare_subject(subject: str) -> str:
    """What must be equal for two mails to share a thread: the subject without all these prefixes, and without case."""
    return unprefixed(subject).casefold()


def unprefixed(subject: str) -> str:
    """The subject as it was before anybody answered or forwarded."""
    while (prefix := _REPLY.match(subject) or _FORWARD.match(subject)) is not None:
        subject = subject[prefix.end() :]
    return " ".join(subject.split())


def references_of(mail: MailMetadata) -> tuple[str, tuple[str, ...]]:
    """In-Reply-To and References of an answer (RFC 5322 section 3.6.4): twenty at most, the first one kept."""
    answered = next(iter(_ids(mail.first("Message-ID"))), "")
    earlier = _ids(mail.first("References")) or _ids(mail.first("In-Reply-To"))[:1]
    chain = tuple(dict.fromkeys([*(found for found in earlier if found != answered), answered]))
    chain = tuple(found for found in chain if found)
    if len(chain) > REFERENCES_LIMIT:
        chain = (chain[0], *chain[-(REFERENCES_LIMIT - 1) :])
    return answered, chain


def _reply_to(mail: MailMetadata, sender: Address | None) -> tuple[Address, ...]:
    wanted = _addresses(mail, "Reply-To")
    if wanted:
        return wanted
    return _sendable([sender]) if sender else ()


def _addresses(mail: MailMetadata, name: str) -> tuple[Address, ...]:
    return _sendable([row for value in mail.values(name)[:10] for row in parse_addresses(value)])


def _sendable(addresses: Sequence[Address]) -> tuple[Address, ...]:
    kept: list[Address] = []
    for address in addresses:
        try:
            kept.append(outgoing_address(address.name[:NAME_LIMIT], address.address))
        except BadInput:
            continue  # one that cannot be written to was a broken recipient of the old mail too
    return tuple(kept)


def _ids(value: str) -> list[str]:
    return _ID.findall(value[:20_000])
