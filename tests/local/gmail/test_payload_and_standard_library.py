"""Well-formed mail is read as Python's own `email` package reads it: an independent reader of the same standards."""

import base64
import email
import email.policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from local.gmail.payload import ParsedMail, parse

# No controls, and no characters that Python's writer of headers changes by itself.
TEXT = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
WORDS = st.lists(TEXT, min_size=1, max_size=6).map(" ".join).filter(lambda text: "=?" not in text)
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30)
CHARSETS = st.sampled_from(["utf-8", "iso-8859-15", "koi8-r", "iso-2022-jp", "gb18030", "big5"])
ENCODINGS = st.sampled_from(["base64", "quoted-printable"])


@st.composite
def leaves(draw: st.DrawFn) -> EmailMessage:
    part = EmailMessage(email.policy.SMTP)
    if draw(st.booleans()):
        charset = draw(CHARSETS)
        text = draw(WORDS).encode(charset, "ignore").decode(charset)
        kind = draw(st.sampled_from(["plain", "html", "x-other"]))
        part.set_content(text, subtype=kind, charset=charset, cte=draw(ENCODINGS))
    else:
        name = draw(NAMES) + draw(st.sampled_from([".pdf", " (1).txt", ";x.bin", ""]))
        part.set_content(draw(st.binary(max_size=60)), "application", "x-thing", filename=name)
    return part


def multiparts(inner: st.SearchStrategy[EmailMessage]) -> st.SearchStrategy[EmailMessage]:
    @st.composite
    def build(draw: st.DrawFn) -> EmailMessage:
        part = EmailMessage(email.policy.SMTP)
        for number, child in enumerate(draw(st.lists(inner, min_size=1, max_size=3))):
            if number == 0:
                make = draw(st.sampled_from(["make_mixed", "make_alternative", "make_related"]))
                getattr(part, make)()
            part.attach(child)
        return part

    return build()


MAILS = st.recursive(leaves(), multiparts, max_leaves=6)


def seen_by_gmail(parsed: ParsedMail) -> list[tuple[str, str, bytes]]:
    found = []
    waiting: list[dict[str, Any]] = [parsed.payload]
    while waiting:
        part = waiting.pop()
        body = part["body"]
        content = base64.urlsafe_b64decode(body.get("data", ""))
        content = parsed.attachments[body["attachmentId"]] if "attachmentId" in body else content
        found.append((part["mimeType"], part["filename"], content))
        waiting.extend(reversed(part.get("parts", [])))
    return found


def seen_by_python(raw: bytes) -> list[tuple[str, str, bytes]]:
    found = []
    for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
        content = part.get_payload(decode=True) or b""
        assert isinstance(content, bytes)
        if part.get_content_maintype() == "text" and not part.get_filename():
            charset = part.get_content_charset() or "utf-8"
            content = content.decode(charset).removeprefix("\ufeff").encode()
        found.append((part.get_content_type(), part.get_filename() or "", content))
    return found


@settings(max_examples=150, deadline=None)
@given(MAILS)
def test_types_names_and_contents_of_all_parts_are_the_same(message: EmailMessage) -> None:
    raw = message.as_bytes(policy=email.policy.SMTP)
    assert seen_by_gmail(parse(raw)) == seen_by_python(raw)


def encoded(text: str) -> str:
    """The text in words of both encodings; Python's own writer loses spaces and encodes the commas of lists."""
    words = []
    for at in range(0, len(text), 8):
        piece = text[at : at + 8].encode()
        in_letters = base64.b64encode(piece).decode()
        in_digits = "".join(f"={byte:02X}" for byte in piece)
        words.append(f"=?utf-8?b?{in_letters}?=" if at % 16 else f"=?UTF-8?Q?{in_digits}?=")
    return "\r\n ".join(words)


@settings(max_examples=150, deadline=None)
@given(WORDS)
def test_a_subject_comes_back_as_it_was_written(subject: str) -> None:
    raw = f"Subject: {encoded(subject)}\r\n\r\n"
    assert parse(raw.encode()).header("Subject") == subject
    assert email.message_from_string(raw, policy=email.policy.default)["Subject"] == subject


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT | WORDS, min_size=1, max_size=4))
def test_every_recipient_comes_back_with_name_and_address(names: list[str]) -> None:
    recipients = [f"{encoded(name)} <u{number}@example.com>" for number, name in enumerate(names)]
    raw = "To: " + ",\r\n ".join(recipients) + "\r\n\r\n"
    found = getaddresses([parse(raw.encode()).header("To")])
    assert found == [(name, f"u{number}@example.com") for number, name in enumerate(names)]
