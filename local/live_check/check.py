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
    """`id` is the one that docs/traps.md gives to the behaviour; `expects` is what the emulator does.

    `is_last`: it ends what the others need, so that it is asked when all is cleaned up.
    """

    id: str
    expects: str
    ask: Callable[[Mailbox], Finding]
    is_last: bool = False


class NotAsked(Exception):
    """The check needs something that this run was not given; the message says what."""
