"""Every code of the server's that a page shows has words, in English and in French."""

import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from functions.labeler.sentences import SENTENCES
from functions.labeler.undo_labels import Because
from functions.proxy import read_contact_mail
from shared.domain.audit import Action
from shared.domain.categories import CATEGORIES
from shared.domain.health import MEANINGS, WARNINGS
from shared.domain.label_run import RunState
from shared.domain.mailbox import Settings, Sharing, Status
from shared.domain.message_body import Note
from shared.domain.policy import Policy
from shared.errors import Act

WORDS = Path(__file__).resolve().parents[2] / "web" / "src" / "words"
OF_A_SOURCE = {status for _, status in read_contact_mail._STATUS} | {"late", "left_out", "down"}
CODES: dict[str, Iterable[str]] = {
    "act": get_args(Act),
    "audit": get_args(Action),
    "category": CATEGORIES,
    "field": {field.name for kind in (Settings, Policy) for field in fields(kind)} | {"scopes", "health"},
    "note": get_args(Note),
    "run": get_args(RunState),
    "sharing": get_args(Sharing),
    "skip": get_args(Because),
    "source": OF_A_SOURCE,
    "status": get_args(Status),
}


def unsaid(kind: str, codes: Iterable[str], language: str) -> set[str]:
    """The codes for which this language has no sentence."""
    words = set(
        re.findall(r'^  "([^"]+)": ".+",$', (WORDS / f"{language}.ts").read_text("utf-8"), re.MULTILINE)
    )
    return {code for code in codes if f"{kind}.{code}" not in words}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_words(kind: str, language: str) -> None:
    assert list(CODES[kind])
    assert unsaid(kind, CODES[kind], language) == set()


def test_control_a_code_that_nobody_worded_is_found() -> None:
    assert unsaid("audit", ["mailbox.painted"], "en") == {"mailbox.painted"}


def test_what_the_server_says_in_sentences_it_says_in_both_languages() -> None:
    for code, meaning in (*MEANINGS.items(), *WARNINGS.items()):
        assert meaning.en, code
        assert meaning.fr not in ("", meaning.en), code
    for code, (english, french) in SENTENCES.items():
        assert english, code
        assert french not in ("", english), code
