"""What a health code means to a person: who must act, and one sentence."""

from collections.abc import Mapping
from typing import Final

_SENTENCES: Final[Mapping[str, tuple[str | None, str]]] = {
    "ok": (None, "All is well."),
    "grant_lost": ("user", "Google has ended the consent. Connect the mailbox again; nothing is lost."),
    "scope_missing": (
        "user",
        "Reading and labelling mail is not allowed any more. Connect again and allow it.",
    ),
    "scope_partly_missing": (
        "user",
        "Something you use is not allowed any more. Connect again and allow it.",
    ),
    "token_unreadable": ("user", "The stored consent cannot be read any more. Connect the mailbox again."),
    "topic_not_granted": (
        "operator",
        "Gmail may not announce new mail to this system; the operator must allow it.",
    ),
    "watch_lapsed": (
        "operator",
        "Gmail has stopped announcing new mail; it is found within the hour instead.",
    ),
}


def describe(code: str) -> tuple[str | None, str]:
    """Who must act on a health code (None: nobody), and the sentence for the page."""
    return _SENTENCES.get(code, ("operator", "Something is wrong that has no name yet; ask the operator."))
