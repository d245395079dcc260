"""Attachments are named and served so that nothing can be done with a name or a type."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.attachments import cid_map, find_cid, list_attachments, serve_as
from shared.domain.mail import Header, Part
from shared.domain.mime_parameters import attachment_disposition, file_name, mime_type, parameter


def _part(
    *headers: tuple[str, str], kind: str = "application/pdf", name: str = "", number: str = "1"
) -> Part:
    return Part(number, kind, name, tuple(Header(*row) for row in headers), b"x", 1)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=a.pdf; size=3", "a.pdf"),
        ("attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        ("attachment; filename*0=long-; filename*1=name.pdf", "long-name.pdf"),
        ("attachment; filename*0*=UTF-8''%E6%97%A5; filename*1*=%E6%9C%AC.pdf", "日本.pdf"),
        ('attachment; filename="=?utf-8?b?5pel5pys?=.pdf"', "日本.pdf"),
        ("attachment; filename*=iso-8859-1'de'Gr%FC%DFe.pdf", "Grüße.pdf"),
        ("attachment; filename*=no-such-set''x%FF.pdf", "xÿ.pdf"),
        ('attachment; filename="semi;colon.pdf"', "semi;colon.pdf"),
        ("attachment", "attachment.pdf"),
    ],
)
def test_names_are_read_in_every_form_of_rfc_2231_and_2047(value: str, name: str) -> None:
    assert list_attachments([_part(("Content-Disposition", value))])[0].name == name


def test_a_name_of_content_type_serves_where_there_is_no_other() -> None:
    assert list_attachments([_part(("Content-Type", 'application/pdf; name="b.pdf"'))])[0].name == "b.pdf"


@pytest.mark.parametrize(
    ("wanted", "kind", "name"),
    [
        ("../../etc/passwd", "text/plain", "_.._etc_passwd"),
        ("C:\\Users\\a.exe", "x/y", "C_Users_a.exe"),
        ("a\r\nSet-Cookie: x", "x/y", "a Set-Cookie_ x"),
        ("invoice\u202egnp.exe", "x/y", "invoice gnp.exe"),
        ("", "image/png", "attachment.png"),
        ("...", "text/calendar", "attachment.ics"),
        ("CON", "x/y", "_CON"),
        ("nul.txt", "x/y", "_nul.txt"),
        (".htaccess", "x/y", "htaccess"),
        ("x" * 300 + ".pdf", "x/y", "x" * 146 + ".pdf"),
    ],
)
def test_names_lose_what_could_do_harm(wanted: str, kind: str, name: str) -> None:
    assert file_name(wanted, kind) == name


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=30))
def test_any_name_is_fit_for_a_header_and_comes_back_from_it(wanted: str, kind: str) -> None:
    name = file_name(wanted, kind)
    value = attachment_disposition(name)
    assert re.fullmatch(
        r"attachment; filename=\"[\x20-\x7e]*\"; filename\*=UTF-8''[\w.~%-]+", value, re.ASCII
    )
    assert unquote(value.split("''", 1)[1]) == name
    assert parameter(value, "filename")
    assert not re.search(r'[/\\:*?"<>|\r\n]', name)
    assert 0 < len(name) <= 150


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"<svg onload=alert(1)>", "application/octet-stream"),
        (b"%PDF-1.7", "application/octet-stream"),
        (b"<html>", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (b" \x89PNG\r\n\x1a\n", "application/octet-stream"),
    ],
)
def test_only_true_pictures_are_served_as_what_they_are(content: bytes, kind: str) -> None:
    assert serve_as(content) == kind


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Image/PNG; name=x", "image/png"), ("text/html\r\nX: y", "application/octet-stream"),
        ("", "application/octet-stream"), ("a/b/c", "application/octet-stream"),
    ],
)  # fmt: skip
def test_a_type_is_a_type_or_octet_stream(written: str, kind: str) -> None:
    assert mime_type(written) == kind


def test_a_picture_is_inline_only_where_the_page_shows_it() -> None:
    shown, not_shown = list_attachments(
        [
            _part(("Content-ID", "<logo@x>"), kind="image/png", number="1"),
            _part(("Content-ID", "<other@x>"), kind="image/png", number="2"),
        ],
        "<img src='cid:logo@x'>",
    )
    assert (shown.inline, not_shown.inline) == (True, False)


def test_a_cid_url_finds_its_attachment_and_the_first_of_two_wins() -> None:
    rows = list_attachments(
        [_part(("Content-ID", "<a b@x>"), number="1"), _part(("Content-ID", "<a b@x>"), number="2")]
    )
    assert find_cid(cid_map(rows), "CID:a%20b@x") == "1"
    assert find_cid(cid_map(rows), "cid:none@x") is None
    assert find_cid(cid_map(rows), "https://x.example") is None
