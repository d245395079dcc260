"""Mail as real mailboxes hold it, well-formed or not: each file of odd_mails is shown as written beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.gmail import fields
from local.gmail.payload import INLINE_LIMIT, ParsedMail
from shared.adapters.gmail_answers import mail_of
from shared.adapters.gmail_reading import OUTLINE_FIELDS
from shared.domain.attachments import part_id
from shared.domain.message_body import plan_body
from tests.domain.seen_mail import USUAL, seen

FOLDER = Path(__file__).parent / "odd_mails"
MAILS = sorted(FOLDER.glob("*.eml"))
WITHOUT_A_DEFAULT = {"subject", "from", "to", "date", "text"}


def _expectation(file: Path) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    return {**USUAL, **written}


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.stem)
def test_each_odd_mail_is_shown_as_written_beside_it(file: Path) -> None:
    assert seen(file.read_bytes()) == _expectation(file)


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.stem)
def test_an_outline_names_the_same_attachments_as_the_whole_mail(file: Path) -> None:
    answer = {"id": "m1", "threadId": "t1", "payload": ParsedMail(file.read_bytes()).payload}
    outline = fields.apply(fields.parse(OUTLINE_FIELDS), answer)
    whole, masked = (plan_body(mail_of(given).root).attachments for given in (answer, outline))
    assert [(part_id(p), p.size, p.filename) for p in masked] == [
        (part_id(p), p.size, p.filename) for p in whole
    ]


def test_every_odd_mail_has_its_expectation_and_there_are_many() -> None:
    assert len(MAILS) >= 120
    assert {file.stem for file in MAILS} == {file.stem for file in FOLDER.glob("*.json")}


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.stem)
def test_each_expectation_says_all_that_is_compared(file: Path) -> None:
    written = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    assert set(written) >= WITHOUT_A_DEFAULT
    assert set(written) <= WITHOUT_A_DEFAULT | set(USUAL)


def test_a_body_that_gmail_keeps_apart_because_it_is_large_is_shown() -> None:
    lines = ["Grüße"] * (INLINE_LIMIT // 5)
    head = "From: ana@client.example\nContent-Type: text/plain; charset=iso-8859-1\n\n"
    shown = seen((head + "\n".join(lines)).encode("latin-1"))
    assert shown["text"][:2] == ["Grüße", "Grüße"]
    assert shown["notes"] == ["body_cut"]
    assert shown["attachments"] == []


@pytest.mark.parametrize("key", sorted(WITHOUT_A_DEFAULT | set(USUAL)))
def test_control_one_changed_word_of_an_expectation_is_noticed(key: str) -> None:
    file = FOLDER / "inline_pictures_by_cid.eml"
    changed = {**_expectation(file), key: "something else"}
    assert seen(file.read_bytes()) != changed


def test_control_a_reader_that_ignores_charsets_is_noticed() -> None:
    file = FOLDER / "koi8_r_declared.eml"
    raw = file.read_bytes()
    assert seen(raw) == _expectation(file)
    assert seen(raw.replace(b"koi8-r", b"iso-8859-1")) != _expectation(file)
