"""What a check is, and what it may find."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from local.live_check.mailbox import Mailbox

Verdict = Literal["as built", "differs", "unclear", "not asked"]


@dataclass(frozen=True)
class Finding:
    """What Gmail did. `saw` is told to people and kept in the report: our own words and numbers, never a mail's."""

    agrees: bool
    saw: str


@dataclass(frozen=True)
class Check:
    """`id` is the one that docs/traps.md gives to the behaviour; `expects` is what the emulator does."""

    id: str
    expects: str
    ask: Callable[[Mailbox], Finding]


class NotAsked(Exception):
    """The check needs something that this run was not given; the message says what."""
