"""Compositions as an attacker, a mail program and an unlucky user would write them, from a seed.

`python -m tests.domain.hostile_compositions 20000` composes so many and reads each again with the standard library
of the Python it runs on; it needs nothing else installed.
"""

import random
import sys
from collections.abc import Iterator
from email import policy
from email.parser import BytesHeaderParser
from typing import Any

from shared.domain.addresses import Address
from shared.domain.compose import HEADERS, compose
from shared.domain.outgoing import Composition, OutgoingFile, message_id_for, outgoing_address, outgoing_file
from shared.errors import BadInput

SCRAPS = (
    "\r\n", "\n", "\r", "\0", "\t", "\x0b", "\x0c", "\x1b", "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\ufeff",
    "\ud800", "Bcc: evil@x.example", "\r\nBcc: evil@x.example\r\n", "\nTo: evil@x.example", "\r\n\r\n<script>",
    "=?utf-8?q?Invoice=0D=0ABcc=3A_evil=40x.example?=", "=?utf-8?b?DQpCY2M6IGV2aWxAeC5leGFtcGxl?=", "=?x?q?=00?=",
    "=?utf-8?q?a?= =?utf-8?q?b?=", "=?", "?=", ",", ";", ":", '"', "\\", "<", ">", "@", "(", ")", "[", "]", "%0d%0a",
    "Ana", "Müller", "Ωμέγα", "日本語の件名", "👩‍👩‍👧", "مرحبا", "é" * 60, "x" * 90, " ", "  ", "Re: ", "a@b.example",
    "--=_", "--", ".", "..", "/", "Doe, Jane", "O'Neil", "=20", "=\r\n", "_" * 40, "\u00a0", "\u200d",
)  # fmt: skip
LOCALS = (
    "ana",
    "j.doe",
    "a+b",
    "ünï",
    "x" * 64,
    "o'neil",
    "a\u202eb",
    "a\x85b",
    "a b",
    "a\r\nb",
    "evil@x",
    '"a b"',
    "",
)
DOMAINS = (
    "client.example",
    "exämple.example",
    "straße.example",
    "x",
    "[192.0.2.1]",
    "日本.example",
    "a\nb.example",
    "",
)
TYPES = (
    "application/pdf",
    "image/png",
    "message/rfc822",
    "multipart/mixed",
    "text/html",
    "x/y\r\nBcc: e@x",
    "",
)


def text(rng: random.Random, most: int = 8) -> str:
    """A text of up to `most` scraps."""
    return "".join(rng.choice(SCRAPS) for _ in range(rng.randrange(most)))


def address(rng: random.Random) -> Address | None:
    """An address that passed the checks, or None for one that was refused."""
    try:
        return outgoing_address(text(rng, 4), f"{rng.choice(LOCALS)}@{rng.choice(DOMAINS)}")
    except BadInput:
        return None


def files(rng: random.Random) -> Iterator[OutgoingFile]:
    for at in range(rng.choice((0, 0, 0, 1, 2))):
        cid = rng.choice(("", f"p{at}@x"))
        yield outgoing_file(text(rng), rng.choice(TYPES), text(rng).encode("utf-8", "replace"), cid)


def composition(rng: random.Random) -> Composition:
    """One mail. Sender and Message-IDs are such as the product itself writes."""

    def some(most: int) -> tuple[Address, ...]:
        return tuple(row for _ in range(rng.randrange(most)) if (row := address(rng)) is not None)

    mark = f"{rng.getrandbits(128):032x}"
    chain = tuple(f"<{rng.getrandbits(40)}@mail{at}.example>" for at in range(rng.randrange(21)))
    return Composition(
        sender=outgoing_address(text(rng, 4), "alice@own.example"),
        mark=mark,
        message_id=message_id_for(mark, f"alice@{rng.choice(('own.example', 'exämple.example'))}"),
        to=some(5),
        cc=some(3),
        bcc=some(3),
        reply_to=address(rng) if rng.random() < 0.2 else None,
        subject=text(rng, 12),
        text=text(rng),
        html=rng.choice((None, f"<p>{text(rng)}</p>")),
        files=tuple(files(rng)),
        in_reply_to=chain[-1] if chain else "",
        references=chain,
    )


def headers_that_leave(raw: bytes) -> list[str]:
    """The names of the fields, as the newest parser of the standard library reads them."""
    return list(_read(raw).keys())


def _read(raw: bytes) -> Any:
    # Headers only: `compose` itself reads the parts again, and in the newest classes they take eight times as long.
    return BytesHeaderParser(policy=policy.default).parsebytes(raw)


def check(mail: Composition) -> None:
    """Raises AssertionError where anything else than what was meant would leave."""
    raw = bytes(compose(mail))
    read = _read(raw)
    names = read.keys()
    given = {
        "Reply-To": mail.reply_to, "To": mail.to, "Cc": mail.cc, "Bcc": mail.bcc,
        "In-Reply-To": mail.in_reply_to, "References": mail.references,
    }  # fmt: skip
    assert names == [name for name in HEADERS if given.get(name, True)], names
    assert all(len(line) <= 998 for line in raw.split(b"\r\n")), "a line is too long for SMTP"
    assert not set(raw.replace(b"\r\n", b"")) & set(b"\r\n"), "a bare line end"
    for name, meant in (("From", (mail.sender,)), ("To", mail.to), ("Cc", mail.cc), ("Bcc", mail.bcc)):
        found = [row.addr_spec for row in read[name].addresses] if name in read else []
        assert len(found) == len(meant), (name, found)
        plain = [row.address for row in meant if row.address.isascii()]
        assert [address for address in found if address.isascii() and "\ufffd" not in address] == plain, (
            name,
            found,
        )


def main(count: int, seed: int) -> None:
    """Composes `count` mails and says how many were checked."""
    rng = random.Random(seed)  # noqa: S311 - a seeded test
    for at in range(count):
        mail = composition(rng)
        try:
            check(mail)
        except (AssertionError, BadInput, ValueError) as fault:
            raise SystemExit(f"seed {seed}, number {at}: {fault!r}\n{mail!r}") from fault
    print(f"{count} compositions on Python {sys.version.split()[0]}, seed {seed}: as meant")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
