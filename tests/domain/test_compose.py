"""What leaves is what was meant: header by header, file by file, and not a line more."""

import random
import subprocess
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from shared.domain.addresses import Address
from shared.domain.compose import compose, marked_boundary, says_what_is_meant
from shared.domain.message_body import plan_body, show_body
from shared.domain.outgoing import (
    MIME_LIMIT,
    Composition,
    OutgoingFile,
    check_recipients,
    outgoing_address,
    outgoing_file,
    read_address,
)
from shared.domain.outgoing_headers import field
from shared.errors import BadInput, TooLarge
from tests.deploy.booting import find_python
from tests.deploy.repository import ROOT, is_not_tried
from tests.domain.hostile_compositions import check, headers_that_leave
from tests.fakes.proxy_fakes import mail_of
from tests.seeds import drawn_seed

ANA = Address("Ana", "ana@client.example")
PLAIN = Composition(
    sender=Address("Alice", "alice@own.example"),
    mark="a1b2",
    message_id="<a1b2@own.example>",
    to=(ANA,),
    subject="Hello",
    text="Hello there.",
)


@pytest.mark.parametrize("version", ["3.11", "3.13"])
def test_20_000_hostile_compositions_leave_with_exactly_the_intended_headers(version: str) -> None:
    python = find_python(version)
    if python is None:
        is_not_tried(f"THIS MACHINE HAS NO PYTHON {version}: no header injection was tried on it")
    command = [str(python), "-m", "tests.domain.hostile_compositions", "20000", str(drawn_seed())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"20000 compositions on Python {version}."), done.stdout


def test_control_a_writer_that_lets_line_breaks_through_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # What the standard library itself does with such a subject where it is trusted.
    monkeypatch.setattr("shared.domain.compose.text_value", lambda text: text.replace("Bcc", "x\r\nBcc"))
    monkeypatch.setattr("shared.domain.compose.field", lambda name, value: f"{name}: {value}\r\n".encode())
    with pytest.raises(BadInput) as refused:
        check(replace(PLAIN, subject="Invoice Bcc: evil@x.example"))
    assert refused.value.code == "not_composable"
    monkeypatch.setattr("shared.domain.compose.says_what_is_meant", lambda _raw, _mail: True)
    with pytest.raises(AssertionError):
        check(replace(PLAIN, subject="Invoice Bcc: evil@x.example"))


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?Invoice=0D=0ABcc=3A_evil=40x.example?=",
        "Invoice\r\nBcc: evil@x.example",
        "Invoice\n\nBcc: evil@x.example",
        "=?utf-8?b?SW52b2ljZQ0KQmNjOiBldmlsQHguZXhhbXBsZQ==?= \x85",
    ],
)
def test_a_line_break_in_a_subject_makes_no_header(subject: str) -> None:
    raw = bytes(compose(replace(PLAIN, subject=subject)))
    assert headers_that_leave(raw) == ["From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"]
    assert b"evil" not in raw.split(b"\r\n")[3].lower().partition(b":")[0]
    assert str(message_from_bytes(raw, policy=policy.default)["Subject"]).startswith(
        "Invoice Bcc: evil@x.example"
    )


def test_a_value_that_would_end_its_line_is_never_written() -> None:
    with pytest.raises(ValueError, match="Subject"):
        field("Subject", "Invoice\r\nBcc: evil@x.example")


def test_bytes_that_say_something_else_are_found_out() -> None:
    raw = bytes(compose(PLAIN))
    assert says_what_is_meant(raw, PLAIN)
    for changed in (
        raw.replace(b"Subject: Hello", b"Subject: Hello\r\nBcc: evil@x.example"),
        raw.replace(b"ana@client.example", b"ana@client.example, evil@x.example"),
        raw.replace(b"Subject: Hello", b"Subject: Hullo"),
        raw.replace(b"text/plain", b"text/html"),
    ):
        assert changed != raw
        assert not says_what_is_meant(changed, PLAIN)


def test_a_mail_with_everything_is_read_again_whole() -> None:
    files = (
        outgoing_file("Angebot – Größe.pdf", "application/pdf", b"%PDF" + bytes(range(256)) * 400),
        outgoing_file("logo.png", "image/png", b"\x89PNG\r\n\x1a\n", "logo@mail"),
    )
    mail = replace(PLAIN, html='<p>Grüße <img src="cid:logo@mail"></p>', text="Grüße", files=files)
    read = mail_of(bytes(compose(mail)))
    plan = plan_body(read.root)
    shown = show_body(plan, {})
    assert shown.text == "Grüße"
    assert shown.pages[0][1] == mail.html
    found = sorted((part.filename, part.body) for part in plan.attachments)
    assert found == sorted((file.name, file.content) for file in files)
    kinds = [part.mime_type for part in read.root.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/related", "multipart/alternative", "text/plain", "text/html",
        "image/png", "application/pdf",
    ]  # fmt: skip


def test_text_is_made_from_html_where_there_is_none() -> None:
    shown = show_body(
        plan_body(mail_of(bytes(compose(replace(PLAIN, text=" ", html="<p>One</p><p>Two</p>")))).root), {}
    )
    assert shown.text.split() == ["One", "Two"]


def test_a_mail_of_plain_text_has_no_html() -> None:
    assert [part.mime_type for part in mail_of(bytes(compose(PLAIN))).root.walk()] == [
        "multipart/alternative",
        "text/plain",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "From me\n.\n..\n--=_a1b2a--\n--=_a1b2a\n",
        "tab\tand trailing space \nnext",
        "é" * 5000,
        "x" * 5000,
        "",
        "=3D=\n=",
    ],
)
def test_text_arrives_as_it_was_written(text: str) -> None:
    shown = plan_body(mail_of(bytes(compose(replace(PLAIN, text=text)))).root).segments[0].text
    assert shown is not None
    assert (shown.body or b"").decode().replace("\r\n", "\n") == text


def test_every_boundary_carries_the_mark() -> None:
    raw = bytes(compose(replace(PLAIN, html="<p>x</p>", files=(outgoing_file("a.txt", "text/plain", b"a"),))))
    message = message_from_bytes(raw)
    boundaries = [part.get_boundary() for part in message.walk() if part.is_multipart()]
    assert len(set(boundaries)) == len(boundaries) == 2
    assert all(str(boundary).startswith(marked_boundary("a1b2")) for boundary in boundaries)


def test_a_mail_above_25_mb_is_refused_and_one_below_is_not() -> None:
    fits = OutgoingFile("a.bin", "application/octet-stream", bytes(MIME_LIMIT * 57 // 79))
    assert len(compose(replace(PLAIN, files=(fits,)))) <= MIME_LIMIT
    with pytest.raises(TooLarge) as refused:
        compose(replace(PLAIN, files=(replace(fits, content=bytes(MIME_LIMIT * 3 // 4)),)))
    assert refused.value.code == "mail_too_large"


@pytest.mark.parametrize(
    "length", [0, 1, 2, 3, 56, 57, 58, 113, 114, 115, 1024 * 57 - 1, 1024 * 57, 1024 * 57 + 1]
)
def test_the_size_of_a_mail_is_known_before_its_files_are_encoded(length: int) -> None:
    content = random.Random(length).randbytes(length)  # noqa: S311 - a seeded test
    letter = compose(replace(PLAIN, files=(outgoing_file("a.bin", "application/zip", content),)))
    raw = bytes(letter)
    assert len(letter) == len(raw) == sum(map(len, letter))
    assert says_what_is_meant(
        raw, replace(PLAIN, files=(outgoing_file("a.bin", "application/zip", content),))
    )
    assert mail_of(raw).root.parts[1].body == content


def _peak_mb(work: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1024**2
    finally:
        tracemalloc.stop()


LARGE = replace(PLAIN, files=(OutgoingFile("a.bin", "application/zip", bytes(18 * 1024**2)),))


def test_a_mail_of_25_mb_is_composed_and_read_in_less_than_a_megabyte() -> None:
    assert _peak_mb(lambda: [None for _ in compose(LARGE)]) < 1


def test_control_the_same_mail_as_one_piece_takes_all_its_25_mb() -> None:
    assert _peak_mb(lambda: bytes(compose(LARGE))) > 24


def test_a_hundred_recipients_are_allowed_and_no_more() -> None:
    many = tuple(Address("", f"r{number}@client.example") for number in range(100))
    check_recipients(replace(PLAIN, to=many[:40], cc=many[40:60], bcc=many[60:]))
    compose(replace(PLAIN, to=many))
    for wrong, code in (
        (replace(PLAIN, to=many, bcc=(ANA,)), "too_many_recipients"),
        (replace(PLAIN, to=()), "no_recipients"),
    ):
        with pytest.raises(BadInput) as refused:
            check_recipients(wrong)
        assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "", "ana", "ana@", "ana@x, evil@x.example", "ana@x\r\nBcc: evil@x.example",
        "alice@allowed.example<bob@evil.example>x",
        "<ana@x> <evil@x>", "ana@x\u202e.example", "ana\x85@x.example",
    ],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_address(text)
    assert refused.value.code == "invalid_address"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("ana@exämple.example", "ana@xn--exmple-cua.example"),
        ("ana@straße.example", "ana@straße.example"),
        ("ünï@exämple.example", "ünï@exämple.example"),
        ("Ana@Client.Example", "Ana@Client.Example"),
    ],
)
def test_domains_become_ascii_unless_that_could_be_another_domain(given: str, written: str) -> None:
    assert outgoing_address("", given).address == written
