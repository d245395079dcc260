"""Mails that attack by themselves or by the reader's hand, written for this project; every one acts in Chromium.

In a line, `RUN` tells the page around the mail that a script ran, `URL` and `HOST` are a foreign machine's, and
`NUMBER` is the attack's own, so that what acted is known by name.
"""

from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from tests.domain.live_attacks.gestures import AWAITED
from tests.domain.live_attacks.handlers import FIRED, FOCUSED
from tests.domain.live_attacks.loads import ASKED, ASKED_ON_CLICK
from tests.domain.live_attacks.scripts import PARSED
from tests.domain.live_attacks.styles import PAINTED, PAINTED_ON_HOVER

MACHINE: Final = "bad.example"
_CONTROLS: Final = {"[TAB]": "\t", "[LF]": "\n", "[FF]": "\f"}
# 0.1 s of silence, 8 kHz, 8 bit, one channel: the shortest that a player calls a sound.
_WAV: Final = (
    b"RIFF\x44\x03\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"
    b"\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x20\x03\x00\x00" + b"\x80" * 800
)


@dataclass(frozen=True)
class Attack:
    """One hostile mail. `gesture` is what the reader's hand does to it, empty where it acts by itself."""

    number: int
    html: str
    gesture: str

    def __str__(self) -> str:
        return f"{self.number}: {self.html}"


def _attack(number: int, line: str, gesture: str) -> Attack:
    run = f"top.postMessage({number},`*`)"
    words = _CONTROLS | {
        "BASE64HTML": b64encode(f"<script>{run}</script>".encode()).decode(),
        "BASE64": b64encode(run.encode()).decode(),
        "PICTURE": "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=",
        "WAV": b64encode(_WAV).decode(),
        "RUN": run,
        "URL": f"https://{number}.{MACHINE}",
        "HOST": f"{number}.{MACHINE}",
        "NUMBER": str(number),
    }
    for word, meaning in words.items():
        line = line.replace(word, meaning)
    return Attack(number, line, gesture)


def _all() -> tuple[Attack, ...]:
    groups = [("", line) for line in (*PARSED, *FIRED, *ASKED, *PAINTED)]
    groups += [("alone", line) for line in FOCUSED]
    groups += [("click", line) for line in ASKED_ON_CLICK]
    groups += [("hover", line) for line in PAINTED_ON_HOVER]
    groups += [(hand, line) for hand, lines in AWAITED.items() for line in lines.strip().split("\n")]
    return tuple(_attack(number, line, gesture) for number, (gesture, line) in enumerate(groups, start=1))


ATTACKS: Final = _all()
