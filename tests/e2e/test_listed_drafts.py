"""Which drafts are listed to go on with: those of which saving the listed text again loses nothing."""

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from functions.proxy import drafts
from tests.e2e.sending_desk import Desk, running_desk

FILE = {"name": "mine.txt", "type": "text/plain", "data": "bWluZQ=="}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(tmp_path_factory.mktemp("drafts")) as desk:
        yield desk


def _is_listed(desk: Desk, **more: Any) -> bool:
    """Whether a forward of a mail with HTML and a file is, saved with so much of its own."""
    old = EmailMessage()
    old["From"], old["To"], old["Subject"] = "won@client.example", "ana@acme.example", "Offer"
    old.set_content("The offer")
    old.add_alternative("<b>The offer</b>", subtype="html")
    old.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="offer.pdf")
    answered = desk.house.servers.emulator.boxes.sending.deliver("ana@acme.example", old.as_bytes()).id
    body = {"text": "See below", "reply_to_message": str(answered), "mode": "forward", **more}
    status, draft = desk.call("POST", "/proxy/drafts", body)
    assert status == 201, draft
    _, listed = desk.call("GET", "/proxy/drafts")
    return draft["id"] in [row["id"] for row in listed["items"]]


OWN = [{"attachments": [FILE]}, {"html": "<i>See below</i>"}, {"forward_as": "attachment"}]


def test_a_forward_with_nothing_but_the_old_mails_files_and_form_is_listed(desk: Desk) -> None:
    assert _is_listed(desk)


@pytest.mark.parametrize("more", OWN)
def test_a_forward_with_files_or_a_form_of_its_own_is_not_listed(desk: Desk, more: dict[str, Any]) -> None:
    assert not _is_listed(desk, **more)


@pytest.mark.parametrize("more", OWN)
def test_control_a_forward_that_is_marked_as_one_whatever_it_holds_is_listed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    monkeypatch.setattr(drafts, "_kind", lambda _: "forward")
    assert _is_listed(desk, **more)


def test_a_draft_with_a_page_too_large_to_be_shown_is_not_listed_as_plain_text(desk: Desk) -> None:
    body = {"text": "See below", "html": "<p>" + "word " * 110_000}
    status, draft = desk.call("POST", "/proxy/drafts", body)
    assert status == 201, draft
    _, listed = desk.call("GET", "/proxy/drafts")
    assert draft["id"] not in [row["id"] for row in listed["items"]]
