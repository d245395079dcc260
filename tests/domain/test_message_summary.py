"""A mail as a row of a list, and as a whole, in the contract's words."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.authentication import is_confirmed
from shared.domain.clean_html import CleanHtml
from shared.domain.header_text import decode_header, showable
from shared.domain.mail import Header, Mail, MailMetadata, Part
from shared.domain.mailbox import GmailLabel
from shared.domain.message import describe, participants, summarize
from shared.domain.message_body import plan_body, show_body
from tests.fakes.proxy_fakes import NOON, caller, letter, mail_of, mailbox_of

ALICE = caller()
MAILBOX = mailbox_of(ALICE, labels={"customers": GmailLabel("Label_3", "Customers")})

CONTRACT = {
    "id", "mailbox", "owner", "thread_id", "message_id", "from", "to", "cc", "subject", "date", "snippet", "unread",
    "direction", "category", "labels", "has_attachments",
}  # fmt: skip


def _row(raw: str, labels: tuple[str, ...] = ("INBOX", "UNREAD"), viewer: str = "alice") -> dict[str, object]:
    return summarize(mail_of(raw, labels=labels).metadata, MAILBOX, viewer)


def test_a_row_has_the_fields_of_the_contract() -> None:
    row = _row(letter("Ana Müller <ana@client.example>", "alice@own.example", Cc="bo@x.example", Subject="Hello",
                      Message_ID="<1@client.example>"))  # fmt: skip
    assert set(row) >= CONTRACT
    assert row["from"] == {"name": "Ana Müller", "address": "ana@client.example"}
    assert row["to"] == [{"name": "", "address": "alice@own.example"}]
    assert row["cc"] == [{"name": "", "address": "bo@x.example"}]
    assert (row["subject"], row["message_id"]) == ("Hello", "<1@client.example>")
    assert (row["date"], row["unread"], row["direction"]) == ("2026-11-24T12:00:00Z", True, "in")


def test_the_owner_is_told_apart_from_a_colleague() -> None:
    assert _row(letter())["owner"] == {"id": "alice", "name": "Alice", "you": True}
    assert _row(letter(), viewer="bob")["owner"] == {"id": "alice", "name": "Alice", "you": False}


def test_mail_that_was_sent_goes_out() -> None:
    row = _row(letter("alice@own.example", "ana@client.example"), labels=("SENT",))
    assert (row["direction"], row["verified"]) == ("out", True)


def test_the_category_is_read_from_our_own_label() -> None:
    assert _row(letter(), labels=("Label_3", "Label_9"))["category"] == "customers"
    assert _row(letter(), labels=("Label_9",))["category"] is None


def test_a_colleague_is_not_told_the_category_which_may_come_from_a_contact_hidden_from_them() -> None:
    raw = letter("ana@client.example", "alice@own.example", Cc="hidden@client.example")
    assert _row(raw, labels=("Label_3",), viewer="bob")["category"] is None
    assert _row(raw, labels=("Label_3",), viewer="alice")["category"] == "customers", "the control"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ana@a.example, bo@b.example", "ana@a.example, bo@b.example"),
        ("", ""),
        ("undisclosed", "undisclosed"),
        ("ana@a.example\nFrom: bo@b.example", "ana@a.example"),
    ],
)
def test_a_sender_who_is_not_exactly_one_is_shown_as_written_and_has_no_address(
    written: str, name: str
) -> None:
    assert _row(letter(written))["from"] == {"name": name, "address": ""}


def test_a_name_that_looks_like_another_address_does_not_change_the_address() -> None:
    row = _row(letter("ana@client.example <eve@evil.example>"))
    assert row["from"] == {"name": "ana@client.example", "address": "eve@evil.example"}


def test_encoded_words_and_folded_lines_become_one_line_of_text() -> None:
    assert (
        _row(letter(Subject="=?utf-8?q?Angebot_f=C3=BCr?=\n =?utf-8?b?IDIwMjY=?="))["subject"]
        == "Angebot für 2026"
    )


def test_line_breaks_and_bidi_overrides_hidden_in_encoded_words_are_taken_out() -> None:
    subject = "=?utf-8?q?Invoice=0D=0ABcc=3A_evil=40x=2Ey?= =?utf-8?b?4oCuZ25wLmV4ZQ==?="
    shown = _row(letter(Subject=subject))["subject"]
    assert shown == "Invoice Bcc: evil@x.y gnp.exe"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_what_is_shown_of_a_header_is_one_line_that_can_be_encoded(text: str) -> None:
    for shown in (showable(text), decode_header(text), decode_header(f"=?utf-8?q?{text}?=")):
        shown.encode()
        assert "\n" not in shown
        assert "\r" not in shown
        assert "\u202e" not in shown


_NAMES = st.sampled_from(
    ["From", "To", "Cc", "Subject", "Message-ID", "Authentication-Results", "Date", "from"]
)
_HEADERS = st.lists(st.builds(Header, _NAMES, st.text(max_size=80)), max_size=8).map(tuple)


@settings(deadline=None)
@given(_HEADERS, st.text(max_size=40))
def test_no_headers_whatever_raise(headers: tuple[Header, ...], snippet: str) -> None:
    metadata = MailMetadata("m", "t", frozenset({"INBOX"}), NOON, headers, snippet)
    assert set(summarize(metadata, MAILBOX, "alice")) >= CONTRACT
    participants(metadata)
    root = Part("", "text/plain", headers=headers, body=b"x")
    shown = show_body(plan_body(root), {})
    describe(Mail(metadata, root), MAILBOX, "alice", shown=shown, clean=None, attachments=(), images="block")


def test_a_whole_mail_has_content_beside_the_fields_of_a_row() -> None:
    mail = mail_of(letter(Subject="Hi", Bcc="c@own.example", X_Secret="no"))
    shown = show_body(plan_body(mail.root), {})
    clean = CleanHtml("<p>Hello.</p>", None, 2, ("track.example",))
    message = describe(mail, MAILBOX, "alice", shown=shown, clean=clean, attachments=(), images="block")
    assert set(message) >= CONTRACT | {"headers", "text", "html", "attachments"}
    assert message["text"].strip() == "Hello."
    assert (message["html"], message["remote_images"], message["trackers"]) == (
        "<p>Hello.</p>",
        2,
        ["track.example"],
    )
    assert [row["name"] for row in message["headers"]] == ["From", "To", "Subject", "Bcc"]


def test_a_refused_page_is_told_and_its_text_shown() -> None:
    mail = mail_of("Content-Type: text/html\n\n<p>Hello</p>")
    shown = show_body(plan_body(mail.root), {})
    message = describe(
        mail, MAILBOX, "alice", shown=shown, clean=CleanHtml(None, "depth"), attachments=(), images="show"
    )
    assert (message["html"], message["text"], message["notes"]) == (None, "Hello", ["html_refused"])


GMAIL = (
    "mx.google.com; dkim=pass header.i=@client.example header.s=s1 header.b=abc; spf=pass (google.com: domain of x@y"
    " designates 1.2.3.4) smtp.mailfrom=x@y.example; dmarc=pass (p=NONE) header.from=client.example"
)
FORGED = "mx.google.com; dmarc=pass header.from=client.example"


@pytest.mark.parametrize(
    ("results", "confirmed"),
    [
        ([GMAIL], True),
        (["mx.google.com; dkim=pass header.i=@client.example"], True),
        (["mx.google.com; dkim=pass header.d=example"], False),
        (["mx.google.com; spf=pass smtp.mailfrom=bounce@client.example"], True),
        (["mx.google.com; spf=pass smtp.mailfrom=bounce@mail.client.example"], False),
        (["mx.google.com; dmarc=pass header.from=other.example"], False),
        (["mx.google.com; dmarc=fail header.from=client.example"], False),
        (["mx.google.com; dkim=fail header.i=@client.example; spf=softfail smtp.mailfrom=a@client.example"], False),
        (["mail.evil.example; dmarc=pass header.from=client.example"], False),
        (["mx.google.com.evil.example; dmarc=pass header.from=client.example"], False),
        (["mx.google.com; spf=fail smtp.mailfrom=a@evil.example", FORGED], False),
        (['mx.google.com; spf=pass smtp.mailfrom="a;dmarc=pass header.from=client.example"@evil.example'], False),
        (["mx.google.com; spf=fail (a;dmarc=pass header.from=client.example;) smtp.mailfrom=a@evil.example"], False),
        (["mx.google.com; spf=fail ((a) ;dmarc=pass header.from=client.example;"], False),
        (['mx.google.com; dmarc=pass header.from=client.example; spf=fail smtp.mailfrom="a'], False),
        (['mx.google.com; dmarc=pass header.from=client.example; spf=fail smtp.mailfrom="a\\"'], False),
        ([], False),
        ([""], False),
    ],
)  # fmt: skip
def test_only_gmails_own_and_topmost_word_confirms_a_sender(results: list[str], confirmed: bool) -> None:
    assert is_confirmed(results, "ana@client.example") is confirmed


def test_a_quoted_string_that_nothing_closes_is_read_once() -> None:
    def seconds(length: int) -> float:
        results = ['mx.google.com; spf=fail smtp.mailfrom="' + '\\"' * length]
        started = time.thread_time()
        for _ in range(100):
            is_confirmed(results, "ana@client.example")
        return time.thread_time() - started

    short, long = (min(seconds(length) for _ in range(5)) for length in (900, 3_600))
    assert long < 8 * short, "four times the length, not sixteen times the work"


def test_a_sender_whom_gmail_does_not_confirm_is_unverified_and_still_shown() -> None:
    assert _row(letter())["verified"] is False
    row = _row("Authentication-Results: mx.google.com; dmarc=pass header.from=client.example\n" + letter())
    assert row["verified"] is True


def test_participants_are_exact_addresses_and_never_names() -> None:
    mail = mail_of(
        letter('"x@client.example" <eve@evil.example>', "Bo <BO@b.example>, c@c.example", Cc="d@d.example")
    )
    assert participants(mail.metadata) == {"eve@evil.example", "bo@b.example", "c@c.example", "d@d.example"}


def test_a_snippet_is_plain_text() -> None:
    metadata = replace(mail_of(letter()).metadata, snippet="1 < 2\u202e\nnext")
    assert summarize(metadata, MAILBOX, "alice")["snippet"] == "1 < 2 next"
