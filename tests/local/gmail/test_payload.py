"""What the Gmail emulator makes of a mail, well-formed or not."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.gmail.mime.tree import MAX_DEPTH, MAX_PARTS
from local.gmail.payload import INLINE_LIMIT, ParsedMail, metadata, parse
from tests.local.gmail.readable import readable

MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))
FALLBACK_MS = 1000


def mail(*lines: str) -> ParsedMail:
    return parse("\r\n".join(lines).encode())


def body_text(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64decode(part["body"]["data"]).decode()


def headers(part: dict[str, Any]) -> list[tuple[str, str]]:
    return [(header["name"], header["value"]) for header in part["headers"]]


def read_everything(parsed: ParsedMail) -> str:
    """Reads every property, as the API's answers do; the answer is what goes over the wire."""
    answer = readable(parsed)
    answer["metadata"] = metadata(parsed.payload, ["subject"])
    answer["search"] = [parsed.text, parsed.words, parsed.attachment_names, parsed.header_words("From")]
    answer["size"] = parsed.size_estimate
    written = json.dumps(answer, ensure_ascii=False)
    written.encode("utf-8")
    return written


def nested(levels: int) -> bytes:
    heads = [f'Content-Type: multipart/mixed; boundary="n{level}"\n\n--n{level}\n' for level in range(levels)]
    return ("From: deep@example.com\n" + "".join(heads) + "\nthe core\n").encode()


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.stem)
def test_each_odd_mail_is_answered_as_written_beside_it(file: Path) -> None:
    expected = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    assert readable(parse(file.read_bytes(), FALLBACK_MS)) == expected


def test_every_odd_mail_has_its_expectation() -> None:
    assert len(MAILS) >= 25
    assert {file.stem for file in MAILS} == {file.stem for file in MAILS[0].parent.glob("*.json")}


def test_metadata_is_the_top_part_without_bodies() -> None:
    parsed = mail("From: a@example.com", "Subject: hi", "X-Other: 1", "", "body")
    assert metadata(parsed.payload) == {
        "mimeType": "text/plain",
        "headers": [
            {"name": "From", "value": "a@example.com"},
            {"name": "Subject", "value": "hi"},
            {"name": "X-Other", "value": "1"},
        ],
    }


def test_metadata_names_are_compared_without_case_and_keep_the_order_of_the_mail() -> None:
    parsed = mail("received: one", "From: a@example.com", "Received: two", "Subject: hi", "", "body")
    assert headers(metadata(parsed.payload, {"RECEIVED", "subject", "absent"})) == [
        ("received", "one"),
        ("Received", "two"),
        ("Subject", "hi"),
    ]


def test_an_attachment_is_fetched_by_the_id_in_the_payload() -> None:
    lines = (
        "--b",
        "Content-Type: application/pdf",
        "",
        "%PDF",
        "--b",
        "Content-Type: image/png",
        "",
        "PNG",
        "--b--",
    )
    parsed = mail("Content-Type: multipart/mixed; boundary=b", "", *lines)
    ids = [part["body"]["attachmentId"] for part in parsed.payload["parts"]]
    assert [parsed.attachments[attachment_id] for attachment_id in ids] == [b"%PDF", b"PNG"]
    assert ids == [part["body"]["attachmentId"] for part in parse(parsed.raw).payload["parts"]]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(("extra", "is_inline"), [(0, True), (1, False)])
def test_text_beyond_the_limit_is_fetched_apart(extra: int, is_inline: bool) -> None:
    body = mail("", "x" * (INLINE_LIMIT + extra)).payload["body"]
    assert body["size"] == INLINE_LIMIT + extra
    assert ("data" in body) is is_inline
    assert ("attachmentId" in body) is not is_inline


def test_a_snippet_ends_at_a_word_and_is_escaped_after_it_is_cut() -> None:
    snippet = mail("", "& word " * 100).snippet
    assert snippet.startswith("&amp; word &amp;")
    assert snippet.endswith(("&amp;", "word"))
    assert 190 <= len(snippet.replace("&amp;", "&")) <= 200


def test_a_snippet_without_spaces_is_cut_anyway() -> None:
    assert mail("", "長" * 500).snippet == "長" * 200


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Thu, 01 Jan 1970 00:00:01 +0000", 1000),
        ("Wed, 04 Nov 2026 09:30:00 -0800", 1_793_813_400_000),
        ("Wed, 04 Nov 2026 09:30:00 -0000", 1_793_784_600_000),
        ("Wed, 04 Nov 2026 09:30:00", 1_793_784_600_000),
        ("Wed, 31 Dec 1969 23:59:59 +0000", 5),
        ("Wed, 04 Nov 99999 09:30:00 +0000", 5),
        ("Wed, 99 Nov 2026 09:30:00 +0000", 5),
        ("Wed, 04 Nov 2026 09:30:00 +99999999999", 5),
        ("", 5),
    ],
)
def test_the_date_header_dates_the_mail_if_it_is_a_date(date: str, expected: int) -> None:
    assert parse(f"Date: {date}\n\n".encode(), 5).internal_date == expected


def test_search_finds_the_words_of_headers_bodies_and_attachment_names() -> None:
    parsed = mail(
        "From: =?utf-8?q?J=C3=B6rg?= <j@example.de>",
        "Subject: Angebot",
        "X-Mailer: never searched",
        "Content-Type: multipart/mixed; boundary=b",
        "",
        "--b",
        "Content-Type: text/html",
        "",
        "<p title='not shown'>Preis<b>liste</b></p><script>track()</script>",
        "--b",
        "Content-Type: text/csv; name=numbers.csv",
        "",
        "not read",
        "--b--",
    )
    assert parsed.words == " jorg j example de angebot preisliste numbers csv "


@pytest.mark.parametrize("levels", [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 10_000])
def test_deeply_nested_multiparts_keep_their_words(levels: int) -> None:
    parsed = parse(nested(levels))
    assert "the core" in parsed.text
    depth, part = 0, parsed.payload
    while "parts" in part:
        depth, part = depth + 1, part["parts"][0]
    assert depth == min(levels, MAX_DEPTH)
    read_everything(parsed)


def test_parts_beyond_the_limit_stay_in_the_last_one() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\npart\n" * (MAX_PARTS * 3) + b"--b--\n"
    parts = parse(raw).payload["parts"]
    assert len(parts) == MAX_PARTS - 1
    assert body_text(parts[0]) == "part"
    assert body_text(parts[-1]).count("part") == MAX_PARTS * 2 + 2


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: " + b"x" * 2_000_000 + b"\n\nbody",
        b"Subject: x" + b"\n y" * 500_000 + b"\n\nbody",
        b"a:\n" * 500_000 + b"\nbody",
        b"X" * 2_000_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\n\nbody",
        b"Subject: " + b"=?" * 1_000_000 + b"\n\nbody",
        b'Content-Type: text/plain; charset="' + b"x" * 1_000_000 + b"\n\nbody",
        b"Content-Type: a" + b";b=" * 500_000 + b"\n\nbody",
        b"Content-Type: text/plain; boundary=b" + b" " * 500_000 + b"x\n\nbody",
        b"Content-Type: " + b" " * 1_000_000 + b"/\n\nbody",
        b"Content-Disposition: x; filename*0*=''" + b"%" * 500_000 + b"\n\nbody",
        b"Content-Type: multipart/mixed; boundary=" + b"b" * 500_000 + b"\n\n" + b"--b\n" * 100_000,
        b"Content-Type: text/html\n\n" + b"<!--" * 300_000,
        b"Content-Type: text/html\n\n" + b"<a href='" * 200_000,
        b"Content-Type: text/html\n\n" + b"<script>" * 200_000,
        b"Content-Type: text/html\n\n" + b"&" * 1_000_000,
        b"From: " + b'"' * 1_000_001 + b"\n\nbody",
        b'From: "' + b"\\" * 1_000_001 + b"=?utf-8?q?a?=\n\nbody",
        b"Content-Transfer-Encoding: base64\n\n" + b"=" * 1_000_000,
        b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * 1_000_000,
        b"Content-Transfer-Encoding: uuencode\n\nbegin 644 a\n" + b"M\n" * 300_000,
        b"Date: " + b"1 " * 500_000 + b"\n\nbody",
    ],
    ids=lambda raw: raw[:60].decode("latin-1"),
)
def test_a_mail_made_to_be_slow_is_read_in_a_moment(raw: bytes) -> None:
    started = time.process_time()
    read_everything(parse(raw))
    # It takes a second or two; in steps that grow with the square of the length it would be minutes.
    assert time.process_time() - started < 20


def exercise(raw: bytes) -> None:
    read_everything(parse(raw))


MIME_SCRAPS = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Type: text/html; charset=",
        b"Content-Disposition: attachment; filename*0*=",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: x-uuencode\n",
        b"begin 644 x\n",
        b"Date: Mon, 1 Jan 2026 00:00:00 +0000\n",
        b"--b\n",
        b"--b--\n",
        b"\n",
        b"\r\n",
        b"=?utf-7?q?+2AA-?=",
        b"=?utf-16?b?2AA=?=",
        b"<!--",
        b"\x00",
    ]
)
CHARSETS = st.sampled_from(
    ["utf-16", "utf-32", "utf-7", "hz", "iso2022_kr", "zlib", "rot13", "undefined", "mbcs"]
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_read_without_an_error(raw: bytes) -> None:
    exercise(raw)


@settings(max_examples=300, deadline=None)
@given(st.lists(MIME_SCRAPS | st.binary(max_size=12), max_size=30))
def test_scraps_of_mime_in_any_order_are_read_without_an_error(scraps: list[bytes]) -> None:
    exercise(b"".join(scraps))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(MAILS), st.data())
def test_mutilated_mails_are_read_without_an_error(file: Path, data: st.DataObject) -> None:
    raw = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 6), label="wounds")):
        at = data.draw(st.integers(0, len(raw)), label="at")
        end = data.draw(st.integers(at, min(len(raw), at + 40)), label="end")
        raw[at:end] = data.draw(MIME_SCRAPS | st.binary(max_size=8), label="instead")
    exercise(bytes(raw))


@settings(max_examples=200, deadline=None)
@given(CHARSETS | st.text(max_size=12), st.binary(max_size=40))
def test_any_charset_name_on_any_bytes_is_read_without_an_error(charset: str, content: bytes) -> None:
    exercise(f'Content-Type: text/plain; charset="{charset}"\n\n'.encode("utf-8", "replace") + content)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\x00"), max_size=60))
def test_a_utf8_body_comes_back_as_it_was(text: str) -> None:
    raw = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    payload = parse(raw + base64.encodebytes(text.encode())).payload
    assert (body_text(payload) if text.encode() else "") == text.removeprefix("\ufeff")
