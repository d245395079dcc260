"""How Gmail shows a mail: headers, bodies, attachments, mails in mails."""

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

from local.gmail.mime.tree import MAX_DEPTH
from local.gmail.payload import INLINE_LIMIT
from local.live_check.check import Check, Finding, NotAsked
from local.live_check.mailbox import Mailbox

OUTLINE_LEVELS = 8


def _mask() -> str:
    parts = "parts"
    for _ in range(OUTLINE_LEVELS):
        parts = f"parts(partId,mimeType,filename,headers,body(attachmentId,size),{parts})"
    return f"id,threadId,labelIds,internalDate,payload({parts.removeprefix('parts(')}"


OUTLINE = _mask()
"""The `fields` that the product asks an outline with; a test compares."""


def header_values(mailbox: Mailbox) -> Finding:
    """A subject in an encoded word, and a header folded over two lines."""
    content = mailbox.mail("headers").as_bytes()
    told = b"X-Words: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nX-Folded: one\n two\n"
    shown = _headers(mailbox.read(mailbox.put(told + content)))
    decoded, unfolded = shown.get("X-Words") == "Grüße", shown.get("X-Folded") == "one two"
    words = "decoded" if decoded else "not decoded"
    return Finding(decoded and unfolded, f"encoded words {words}, folds {'gone' if unfolded else 'kept'}")


def inline_bodies(mailbox: Mailbox) -> Finding:
    """A short text, a text with a file name, and a text longer than the emulator shows inline."""
    named = mailbox.mail("named")
    named.set_content("short")
    named.add_attachment("a file", filename="file.txt")
    short, file = _parts(mailbox.read(mailbox.put(named)))[1:3]
    long = mailbox.mail("long")
    long.set_content("0123456789abcde\n" * (INLINE_LIMIT // 16 + 1))
    (large,) = _parts(mailbox.read(mailbox.put(long)))
    kinds = [_kind(part) for part in (short, file, large)]
    told = f"short text {kinds[0]}, named text {kinds[1]}, text over {INLINE_LIMIT} bytes {kinds[2]}"
    return Finding(kinds == ["inline", "by id", "by id"], told)


def attachment_ids(mailbox: Mailbox) -> Finding:
    """Whatever ids two calls give, each must open the attachment."""
    mail = mailbox.mail("attachment")
    mail.set_content("see the file")
    mail.add_attachment(b"bytes", maintype="application", subtype="octet-stream", filename="file.bin")
    message = mailbox.put(mail)
    ids = [str(_parts(mailbox.read(message))[2]["body"].get("attachmentId")) for _ in range(2)]
    opened = [mailbox.attachment(message, each) == b"bytes" for each in ids]
    same = "the same id twice" if ids[0] == ids[1] else "two ids"
    return Finding(all(opened), f"{same}, {sum(opened)} of 2 opened it")


def enclosed_mail(mailbox: Mailbox) -> Finding:
    """A forwarded mail as an attachment: an id of its own, and its parts below it."""
    inner = mailbox.mail("inner")
    inner.set_content("inner")
    mail = mailbox.mail("outer")
    mail.set_content("outer")
    mail.add_attachment(inner)
    enclosed = [p for p in _parts(mailbox.read(mailbox.put(mail))) if p["mimeType"] == "message/rfc822"]
    if len(enclosed) != 1:
        return Finding(False, f"{len(enclosed)} parts of type message/rfc822")
    kind, children = _kind(enclosed[0]), len(enclosed[0].get("parts", []))
    return Finding((kind, children) == ("by id", 1), f"{kind}, {children} children")


def nesting(mailbox: Mailbox) -> Finding:
    """A mail of more levels than the emulator shows."""
    levels = MAX_DEPTH + 10
    head = mailbox.mail("deep").as_bytes().rstrip(b"\n") + b"\nMIME-Version: 1.0\n"
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(levels)
    )
    closed = b"".join(b"\n--b%d--" % n for n in reversed(range(levels)))
    inner = b"Content-Type: text/plain\n\nbottom"
    shown = _depth(mailbox.read(mailbox.put(head + opened + inner + closed))["payload"])
    return Finding(shown == MAX_DEPTH, f"{shown} levels of {levels} are shown")


def outline(mailbox: Mailbox) -> Finding:
    """A mask of eight levels in one another: every part of them is shown, and none with its text."""
    mail = mailbox.mail("outline")
    mail.set_content("at the bottom")
    mail.add_attachment(b"bytes", maintype="application", subtype="octet-stream", filename="file.bin")
    for _ in range(OUTLINE_LEVELS - 3):
        inner, mail = mail, mailbox.mail("outline")
        mail.make_mixed()
        mail.attach(_without_own_headers(inner))
    message = mailbox.put(mail)
    asked = mailbox.users.messages().get(userId="me", id=message, format="full", fields=OUTLINE)
    whole, shown = _parts(mailbox.read(message)), _parts(mailbox.call("messages.get", asked))
    same = [part.get("partId") for part in whole] == [part.get("partId") for part in shown]
    by_id = any("attachmentId" in part.get("body", {}) for part in shown)
    texts = sum("data" in part.get("body", {}) for part in shown)
    told = f"{len(shown)} of {len(whole)} parts, {texts} with their text, file {'by id' if by_id else 'without id'}"
    return Finding(same and by_id and not texts, told)


def metadata_beside(mailbox: Mailbox) -> Finding:
    """A token with `gmail.metadata` beside `gmail.readonly` reads no body and searches nothing."""
    if mailbox.second is None:
        raise NotAsked("give --consents to consent a second time, to gmail.metadata beside gmail.readonly")
    mail = mailbox.mail("narrowed")
    mail.set_content("narrowed")
    message, messages = mailbox.put(mail), mailbox.second.users.messages()
    shown = not mailbox.refuses("messages.get", messages.get(userId="me", id=message, format="metadata"))
    body = mailbox.refuses("messages.get", messages.get(userId="me", id=message, format="full"))
    search = mailbox.refuses("messages.list", messages.list(userId="me", q=mailbox.token))
    told = [
        f"{what} {'refused' if no else 'allowed'}" for what, no in (("bodies", body), ("searches", search))
    ]
    return Finding(shown and body and search, ", ".join(told))


def _without_own_headers(mail: EmailMessage) -> EmailMessage:
    for name in [name for name in mail if not name.lower().startswith("content-")]:
        del mail[name]
    return mail


def _headers(message: dict[str, Any]) -> dict[str, str]:
    return {header["name"]: header["value"] for header in message["payload"]["headers"]}


def _parts(message: dict[str, Any]) -> list[dict[str, Any]]:
    return list(_walk(message["payload"]))


def _walk(top: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [top]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += reversed(part.get("parts", []))


def _depth(top: dict[str, Any]) -> int:
    """Levels below the mail itself."""
    levels, row = 0, top.get("parts", [])
    while row:
        levels, row = levels + 1, [child for part in row for child in part.get("parts", [])]
    return levels


def _kind(part: dict[str, Any]) -> str:
    return "by id" if "attachmentId" in part["body"] else "inline" if "data" in part["body"] else "empty"


CHECKS = (
    Check("header-values", "decoded and unfolded", header_values),
    Check("inline-bodies", "short text inline; named or long text by id", inline_bodies),
    Check("attachment-ids", "any id that a call gave opens the attachment", attachment_ids),
    Check("enclosed-mail", "by id, with one child", enclosed_mail),
    Check("nesting", f"{MAX_DEPTH} levels", nesting),
    Check("outline-mask", f"{OUTLINE_LEVELS} levels of fields, no text", outline),
    Check(
        "metadata-beside",
        "gmail.metadata forbids bodies and search, whatever stands beside it",
        metadata_beside,
    ),
)
