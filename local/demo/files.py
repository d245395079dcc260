"""Small valid files to attach: PDF, PNG, iCalendar, and one large archive."""

import random
import struct
import zlib
from datetime import datetime, timedelta


def pdf(title: str) -> bytes:
    """A one-page PDF 1.4 that shows `title` (ISO 32000-1; characters outside ASCII become `?`)."""
    shown = title.encode("ascii", "replace").decode().translate({ord(c): f"\\{c}" for c in "\\()"})
    stream = f"BT /F1 18 Tf 72 740 Td ({shown}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def png(rng: random.Random, width: int = 160, height: int = 90) -> bytes:
    """A PNG with a soft gradient between two random colours (8-bit RGB)."""
    left, right = ([rng.randrange(60, 240) for _ in range(3)] for _ in range(2))
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            share = (x + y) / (width + height)
            rows += bytes(round(a + (b - a) * share) for a, b in zip(left, right, strict=True))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def ics(title: str, start: datetime, organizer: str, uid: str) -> bytes:
    """An invitation of one hour (RFC 5545, method REQUEST)."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//demo data set//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{start:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{title[:15]}",
        f"ORGANIZER:mailto:{organizer}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def archive(rng: random.Random, size: int) -> bytes:
    """Bytes that do not compress, named like a technical drawing archive by its caller."""
    return rng.randbytes(size)
