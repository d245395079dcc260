"""What Gmail's search makes of words, distances, sizes, moments, and how soon it knows a mail."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from local.live_check.check import Check, Finding
from local.live_check.mailbox import Mailbox, Unclear

_MOMENT = datetime(2025, 5, 1, 12, 0, 0, tzinfo=UTC)
OTHERS = tuple(f"person.{number:03}@crm-gmail.invalid" for number in range(150))
Asked = tuple[str, bool]
"""What is asked beside the run's token, and whether it must find the mail."""


def search_words(mailbox: Mailbox) -> Finding:
    """Whole words only; a dot joins a phrase, an underscore belongs to the word."""
    t = mailbox.token
    mail = mailbox.mail("words")
    mail.set_content(f"{t}whole {t}left.{t}right {t}under_score")
    asked = [
        (f"{t}whole", True),
        (f"{t}who", False),
        (f"{t}left.{t}right", True),
        (f"{t}left", True),
        (f"{t}under_score", True),
        (f"{t}under", False),
    ]
    return _asked(mailbox, mail, asked)


def around(mailbox: Mailbox) -> Finding:
    """`AROUND n` counts the words between the two."""
    t = mailbox.token
    mail = mailbox.mail("around")
    mail.set_content(f"{t}near one two three {t}far")
    return _asked(mailbox, mail, [(f"{t}near AROUND 3 {t}far", True), (f"{t}near AROUND 2 {t}far", False)])


def sizes_and_ages(mailbox: Mailbox) -> Finding:
    """K is 1024, and a value that is none finds nothing. The mail has between 10,000 and 10,240 bytes."""
    mail = mailbox.mail("size")
    mail.set_content("")
    mail.set_content("x" * 70 + "\n")
    missing = 10_120 - len(mail.as_bytes())
    mail.set_content(("x" * 70 + "\n") * (1 + missing // 71))
    message = mailbox.put(mail)
    size = int(mailbox.read(message, "minimal")["sizeEstimate"])
    if not 10_000 < size < 10_240:
        raise Unclear(f"Gmail takes the mail for {size} bytes, which tells nothing of what K is")
    asked = [
        ("larger:10000", True),
        ("larger:10K", False),
        ("larger:lots", False),
        ("newer_than:soon", False),
    ]
    return _asked_of(mailbox, message, asked)


def has(mailbox: Mailbox) -> Finding:
    """A file to be saved is an attachment, a picture inside the HTML is none; stars and labels are known."""
    shown = mailbox.mail("picture")
    shown.set_content("<p>with a picture <img src='cid:picture'></p>", subtype="html")
    shown.add_related(b"GIF89a", "image", "gif", cid="<picture>", disposition="inline")
    saved = mailbox.mail("file")
    saved.set_content("see the file")
    saved.add_attachment(b"bytes", maintype="application", subtype="octet-stream", filename="file.bin")
    picture = _asked_of(
        mailbox,
        mailbox.put(shown),
        [("has:attachment", False), ("has:userlabels", True), ("has:drive", False)],
    )
    file = _asked_of(
        mailbox, mailbox.put(saved, "STARRED"), [("has:attachment", True), ("has:yellow-star", True)]
    )
    return Finding(picture.agrees and file.agrees, f"picture: {picture.saw}; file: {file.saw}")


def search_moments(mailbox: Mailbox) -> Finding:
    """`after:` includes its second, `before:` does not."""
    mail = mailbox.mail("moment")
    mail["Date"] = format_datetime(_MOMENT)
    mail.set_content("moment")
    message = mailbox.put(mail)
    moment = int(_MOMENT.timestamp())
    if int(mailbox.read(message, "minimal")["internalDate"]) != moment * 1000:
        raise Unclear("Gmail did not take the mail's own date")
    asked = [
        (f"after:{moment}", True),
        (f"after:{moment + 1}", False),
        (f"before:{moment}", False),
        (f"before:{moment + 1}", True),
    ]
    return _asked_of(mailbox, message, asked)


def search_senders(mailbox: Mailbox) -> Finding:
    """As many senders as the product names in one search: the last of them counts, and one that is not among them."""
    mail = mailbox.mail("senders")
    mail.set_content("senders")
    among = from_any([*OTHERS[1:], "nobody@crm-gmail.invalid"])
    return _asked(mailbox, mail, [(among, True), (from_any(OTHERS), False)])


def from_any(addresses: Sequence[str]) -> str:
    """A search as the product makes it (shared/domain/sender_search.py)."""
    return f"from:({' OR '.join(addresses)})"


def search_index(mailbox: Mailbox) -> Finding:
    """How soon a search finds a new mail: the product looks beside it for an hour."""
    mail = mailbox.mail("index")
    mail.set_content("index")
    message = mailbox.put(mail)
    took = mailbox.until_found(message, f"subject:{mailbox.token} subject:index")
    return Finding(True, f"found {'at once' if took < 1 else f'after {took:.0f} s'}")


def _asked(mailbox: Mailbox, mail: EmailMessage, asked: Sequence[Asked]) -> Finding:
    return _asked_of(mailbox, mailbox.put(mail), asked)


def _asked_of(mailbox: Mailbox, message: str, asked: Sequence[Asked]) -> Finding:
    """Waits until the index knows the mail, then asks each query once. Raises Unclear."""
    mailbox.until_found(message, mailbox.token)
    answers = [
        (query, message in mailbox.found(f"{mailbox.token} {query}"), wanted) for query, wanted in asked
    ]
    wrong = [
        f"{query.replace(mailbox.token, '')} {'finds' if got else 'does not find'} it"
        for query, got, wanted in answers
        if got != wanted
    ]
    return Finding(not wrong, "; ".join(wrong) or f"{len(asked)} searches as expected")


CHECKS = (
    Check("search-words", "whole words; a dot joins, an underscore belongs to the word", search_words),
    Check("around", "the number of words between the two", around),
    Check("sizes-and-ages", "K is 1024; a value that is none matches nothing", sizes_and_ages),
    Check("has", "files, stars and labels; no picture inside the HTML, nothing of Drive", has),
    Check("search-moments", "after: includes its second, before: does not", search_moments),
    Check("search-senders", "150 senders in one search, and each of them counts", search_senders),
    Check("search-index", "found within the hour that the product looks beside the search", search_index),
)
