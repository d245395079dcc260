"""Messages that old mail systems produce and tidy libraries do not: odd or missing charsets, bounces."""

from dataclasses import dataclass
from datetime import datetime
from email.charset import Charset
from email.header import Header
from email.utils import format_datetime

from local.demo.mime import Letter, Mailbox


@dataclass(frozen=True)
class OddCharset:
    """How one old mailer writes: the charset of the body, its transfer encoding, whether it says so."""

    kind: str
    charset: str
    transfer_encoding: str
    labelled: bool
    language: str


ODD_CHARSETS = (
    OddCharset("iso_2022_jp", "iso-2022-jp", "7bit", True, "ja"),
    OddCharset("shift_jis", "shift_jis", "8bit", True, "ja"),
    OddCharset("windows_1256", "windows-1256", "8bit", True, "ar"),
    OddCharset("iso_8859_15", "iso-8859-15", "8bit", True, "fr"),
    OddCharset("unlabelled_8bit", "iso-8859-1", "8bit", False, "de"),
)


def in_charset(letter: Letter, odd: OddCharset) -> bytes:
    """The letter's text in an old charset. Characters that it lacks become `?`."""
    headers = [
        ("From", _mailbox(letter.sender, odd)),
        ("To", ", ".join(_mailbox(one, odd) for one in letter.to)),
        ("Subject", _words(letter.subject, odd)),
        ("Date", format_datetime(letter.sent_at)),
        ("Message-ID", letter.message_id),
        ("MIME-Version", "1.0"),
    ]
    if odd.labelled:
        headers.append(("Content-Type", f"text/plain; charset={odd.charset}"))
        headers.append(("Content-Transfer-Encoding", odd.transfer_encoding))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return head.encode(_raw_charset(odd), "replace") + b"\r\n" + _encoded(letter.text, odd)


def _encoded(text: str, odd: OddCharset) -> bytes:
    return text.replace("\n", "\r\n").encode(odd.charset, "replace")


def _raw_charset(odd: OddCharset) -> str:
    # Without a declared charset the subject, too, comes as bare 8-bit octets, as old gateways send it.
    return "ascii" if odd.labelled else odd.charset


def _words(text: str, odd: OddCharset) -> str:
    if not odd.labelled or text.isascii():
        return text
    safe = text.encode(odd.charset, "replace").decode(odd.charset)
    charset = Charset(odd.charset)
    # Shift_JIS would be rewritten to ISO-2022-JP on output; a real old mailer keeps its own.
    charset.output_charset = charset.output_codec = odd.charset
    return Header(safe, charset).encode(linesep="\r\n")


def _mailbox(mailbox: Mailbox, odd: OddCharset) -> str:
    name, address = mailbox
    return f"{_words(name, odd)} <{address}>" if name.isascii() or odd.labelled else f"<{address}>"


def bounce(failed: Letter, recipient: str, reporting_host: str, sent_at: datetime, message_id: str) -> bytes:
    """A delivery status notification for `failed` (RFC 3464), with the headers of the returned message."""
    original = "".join(
        f"{name}: {value}\r\n"
        for name, value in (
            ("From", f"<{failed.sender[1]}>"),
            ("To", f"<{recipient}>"),
            ("Subject", Header(failed.subject, "utf-8").encode(linesep="\r\n")),
            ("Date", format_datetime(failed.sent_at)),
            ("Message-ID", failed.message_id),
        )
    )
    boundary = f"dsn-{message_id.strip('<>').split('@')[0]}"
    head = (
        f"From: Mail Delivery Subsystem <mailer-daemon@{reporting_host}>\r\n"
        f"To: <{failed.sender[1]}>\r\n"
        "Subject: Delivery Status Notification (Failure)\r\n"
        f"Date: {format_datetime(sent_at)}\r\n"
        f"Message-ID: {message_id}\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status;\r\n"
        f' boundary="{boundary}"\r\n\r\n'
    )
    parts = (
        ("text/plain; charset=us-ascii", f"Your message to {recipient} could not be delivered.\r\n"),
        (
            "message/delivery-status",
            f"Reporting-MTA: dns; {reporting_host}\r\n\r\n"
            f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 no such mailbox\r\n",
        ),
        ("text/rfc822-headers", original),
    )
    body = "".join(f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{content}\r\n" for kind, content in parts)
    return f"{head}{body}--{boundary}--\r\n".encode("ascii")
