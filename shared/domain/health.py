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
    "other_push_client": (
        "operator",
        "Another topic of the same Google Cloud project announces this account's new mail; ours is found "
        "within the hour instead.",
    ),
    "messages_set_aside": (
        "operator",
        "Some messages cannot be read in Gmail; the completeness report names them, and they are tried again.",
    ),
    "watch_lapsed": (
        "operator",
        "Gmail has stopped announcing new mail; it is found within the hour instead.",
    ),
}


def describe(code: str) -> tuple[str | None, str]:
    """Who must act on a health code (None: nobody), and the sentence for the page."""
    return _SENTENCES.get(code, ("operator", "Something is wrong that has no name yet; ask the operator."))
