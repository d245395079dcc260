"""Attachments pass through in pieces, whole or not at all."""

import base64
import random
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from shared.adapters.base64_json import PIECE, decoded
from shared.adapters.gmail_sending import SendingGmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from shared.domain.message_body import plan_body
from shared.errors import NotFound, UpstreamDown
from tests.local.gmail.running import ALICE, MODIFY, Running, running, seed_of

CONTENT = random.Random(5).randbytes(300_001)  # noqa: S311 - a seeded test


def _json(content: bytes, *, pad: bytes | None = None) -> bytes:
    letters = base64.urlsafe_b64encode(content)
    if pad is not None:
        letters = letters.replace(b"=", pad)
    return b'{\n  "data": "' + letters + b'"\n}\n'


def _cut(whole: bytes, size: int) -> list[bytes]:
    return [whole[at : at + size] for at in range(0, len(whole), size)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 4096, PIECE, PIECE + 1, 10**6])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5, 300_001])
def test_the_bytes_are_the_same_however_the_answer_is_cut(size: int, length: int) -> None:
    if size <= 64 and length > 100:
        length = 5_000
    content = CONTENT[:length]
    assert b"".join(decoded(_cut(_json(content), size))) == content


@pytest.mark.parametrize("pad", [b"", b"\\u003d", b"\\u003D"])
def test_padding_may_be_missing_or_escaped(pad: bytes) -> None:
    for length in range(1, 7):
        whole = _json(CONTENT[:length], pad=pad)
        assert all(b"".join(decoded(_cut(whole, size))) == CONTENT[:length] for size in (1, 3, 100))


def test_an_answer_without_data_is_an_empty_attachment() -> None:
    assert b"".join(decoded([b"{", b"}\n"])) == b""


@pytest.mark.parametrize(
    "whole",
    [b"", b'{"data": "', b'{"data": "QUJD', b'{"data": "QUJD"', b'{"data": "QU*D"}',
     b'{"data": "QUJD"} {}', b'{"data": "QUJD\\n"}', b"<html>", b'{"error": {}}', b"x" * 5000, b'{"data": "QUJDR"}',
     b'{"data": "QUJD"' + b" " * 99],
)  # fmt: skip
def test_what_is_cut_off_or_something_else_is_an_error_and_no_short_file(whole: bytes) -> None:
    for size in (1, 1000):
        with pytest.raises(UpstreamDown):
            b"".join(decoded(_cut(whole, size)))


@pytest.fixture(scope="module")
def gmail() -> Iterator[Running]:
    with running(seed_of(ALICE)) as server:
        yield server


def _client(gmail: Running) -> SendingGmailClient:
    token = gmail.tokens.grant(ALICE, MODIFY)
    return SendingGmailClient(HttpPool(), f"http://127.0.0.1:{gmail.port}/", Bearer(lambda _: token))


def _receive(gmail: Running, content: bytes) -> tuple[str, str]:
    """A mail with this attachment: its id and the attachment's."""
    head = b'From: a@b.example\r\nContent-Type: application/zip; name="a.zip"\r\n'
    head += b"Content-Transfer-Encoding: base64\r\n\r\n"
    boxes = gmail.emulator.boxes
    message_id = boxes.sending.deliver(ALICE, head + base64.encodebytes(content)).id
    (part,) = plan_body(_client(gmail).get_mail(message_id).root).attachments
    return message_id, part.attachment_id or ""


def _peak_of(pieces: Iterator[bytes], content: bytes) -> int:
    """Bytes that are held at most while the content passes, from when its first piece is here."""
    at = len(first := next(pieces))
    assert content.startswith(first)
    tracemalloc.start()
    try:
        for piece in pieces:
            assert content[at : at + len(piece)] == piece
            at += len(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert at == len(content)
    return peak


def test_a_large_attachment_takes_less_than_a_megabyte_of_memory(gmail: Running) -> None:
    content = random.Random(6).randbytes(6 * 1024 * 1024)  # noqa: S311 - a seeded test
    message_id, attachment_id = _receive(gmail, content)
    client = _client(gmail)
    # The emulator runs in this process, and what its thread copies may count too; what ours takes counts each time.
    peak = min(_peak_of(client.stream_attachment(message_id, attachment_id), content) for _ in range(5))
    assert peak < 1024 * 1024, peak


def test_control_reading_it_whole_takes_more(gmail: Running) -> None:
    message_id, attachment_id = _receive(gmail, bytes(3 * 1024 * 1024))
    client = _client(gmail)
    tracemalloc.start()
    try:
        client.get_attachment(message_id, attachment_id)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak > 1024 * 1024


def test_an_outline_has_the_parts_and_none_of_their_bytes(gmail: Running) -> None:
    text = b"Dear Alice, " * 8_000
    head = b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\n' + text
    file = (
        b'\r\n--x\r\nContent-Type: image/png; name="a.png"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA'
    )
    message_id = gmail.emulator.boxes.sending.deliver(ALICE, head + file + b"\r\n--x--\r\n").id
    sizes: list[int] = []
    pool = _Counting(sizes)
    token = gmail.tokens.grant(ALICE, MODIFY)
    client = SendingGmailClient(pool, f"http://127.0.0.1:{gmail.port}/", Bearer(lambda _: token))

    outline = client.get_outline(message_id)
    whole = client.get_mail(message_id)
    assert client.units == 40
    # The control: with the bodies it is more than the text; without them hardly more than its headers.
    assert sizes[1] > len(text) > 20 * sizes[0], sizes
    assert [part.body for part in outline.root.walk()] == [None] * 3
    for name in ("id", "mime_type", "filename", "headers", "size"):
        assert [getattr(p, name) for p in outline.root.walk()] == [
            getattr(p, name) for p in whole.root.walk()
        ]
    assert outline.metadata.label_ids == whole.metadata.label_ids
    (part,) = plan_body(outline.root).attachments
    assert client.get_attachment(message_id, part.attachment_id or "") == bytes(3)


class _Counting(HttpPool):
    """Notes how many bytes each answer has."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self._sizes = sizes

    def send(self, *args: Any, **more: Any) -> Any:
        answer = super().send(*args, **more)
        self._sizes.append(len(answer.data))
        return answer


def test_a_missing_attachment_is_told_before_the_first_byte(gmail: Running) -> None:
    message_id, _ = _receive(gmail, b"x")
    with pytest.raises(NotFound):
        _client(gmail).stream_attachment(message_id, "no-such-attachment")


def test_an_answer_cut_off_in_the_middle_is_an_error_after_the_pieces_that_came(gmail: Running) -> None:
    message_id, attachment_id = _receive(gmail, CONTENT)
    gmail.control("POST", "faults", {"kind": "truncate", "match": "messages.attachments.get", "count": 1})
    pieces = _client(gmail).stream_attachment(message_id, attachment_id)
    assert CONTENT.startswith(next(pieces))
    with pytest.raises(UpstreamDown):
        list(pieces)


def test_a_fault_before_the_first_byte_is_asked_again(gmail: Running) -> None:
    message_id, attachment_id = _receive(gmail, CONTENT)
    gmail.control(
        "POST", "faults", {"kind": "status", "status": 503, "match": "messages.attachments.get", "count": 1}
    )
    assert b"".join(_client(gmail).stream_attachment(message_id, attachment_id)) == CONTENT
