"""400 mails with a canary in every part go through everything: none of it comes to rest anywhere."""

import io
import json
import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from functions.notify.list_notices import ListNotices, list_notices
from functions.notify.recount_notices import recount_notices
from functions.notify.stream_notices import StreamNotices, stream_notices
from local.crm.models import Seed
from local.gateway import store
from shared.adapters.firestore import documents
from shared.domain import notice
from shared.domain.caller import Caller
from shared.domain.event import parse_event, webhook_body
from shared.domain.policy import Policy
from shared.errors import TryAgain
from shared.log import Log
from tests.e2e.in_process import House, running_house
from tests.e2e.in_process_servers import PROJECT
from tests.local.waiting import until

MAILS = 400
POISON_FROM, POISON_TO = 60, 170
CANARY = "kiwikanarie"
"""Followed by a number and the part that it was planted in; in no address."""
WON, OPEN = "won@client.example", "open@client.example"
SENT = {
    "to": [f"{CANARY}to@elsewhere.example", WON],
    "subject": f"{CANARY}sentsubject",
    "text": f"{CANARY}senttext",
}
REFUSALS = {400: 422, 403: 429, 429: 429, 500: 503}
"""What Gmail answers, and what that is to the caller; a contact's page is shown without the mailbox that failed."""
CONTACT_PAGE = "/proxy/contacts/won/messages"
ANA = Caller("acme", "ana", frozenset())
EVENTS = f"projects/{PROJECT}/topics/events"


def _contact(name: str, state: str) -> dict[str, object]:
    deal = {"id": f"{name}-deal", "name": name, "state": state, "closing_date": None}
    return {"id": name, "name": name, "addresses": [f"{name}@client.example"], "deals": [deal]}


CRM = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [
            {"id": "ana", "name": "Ana", "email": "ana@acme.example", "permissions": ["mail_integration"]},
        ],
        "contacts": [_contact("won", "won"), _contact("open", "open")],
    }
)


def _mail(number: int, sender: str) -> bytes:
    def canary(part: str) -> str:
        return f"{CANARY}{number}{part}"

    mail = EmailMessage()
    mail["From"] = f'"{canary("name")}" <{sender}>'
    mail["To"] = f'"{canary("to")}" <ana@acme.example>, {canary("other")}@elsewhere.example'
    mail["Cc"] = f"{canary('cc')}@elsewhere.example"
    mail["Reply-To"] = f"{canary('reply')}@elsewhere.example"
    mail["Subject"] = canary("subject")
    mail["Message-ID"] = f"<{canary('id')}@client.example>"
    mail["In-Reply-To"] = f"<{canary('parent')}@client.example>"
    mail["X-Mailer"] = canary("header")
    mail["Received"] = f"from {canary('hop')}.example by mx.example; Tue, 24 Nov 2026 12:00:00 +0000"
    mail.set_content(f"{canary('text')}\n")
    mail.add_alternative(f"<p title='{canary('title')}'>{canary('html')}</p>", subtype="html")
    mail.add_attachment(
        canary("file").encode(), maintype="application", subtype="pdf", filename=f"{canary('filename')}.pdf"
    )
    return mail.as_bytes()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(CRM, tmp_path, datetime(2026, 11, 24, 12, 1, tzinfo=UTC)) as house:
        # It keeps its client, and each test has another Firestore.
        store._client.cache_clear()
        house.common.settings = replace(house.common.settings, events_topic=EVENTS)
        house.common.publisher = house.publisher  # type: ignore[assignment]
        house.common.orgs.put("acme", Policy(webhook_url="https://crm.example/hook"))
        yield house


def _hunt(house: House, *others: str) -> list[str]:
    """Every canary in Firestore, in what we published, in what Gmail pushed, and in the other texts."""
    published = [message for _, message in house.publisher.published] + house.servers.pushes
    places = [json.dumps(store.read_store(PROJECT)), *(message.decode() for message in published), *others]
    return [place[max(0, place.index(CANARY) - 80) :][:200] for place in places if CANARY in place]


def _run_everything(house: House, mailbox: str) -> list[str]:
    """Pushes, ticks, poison, an expired cursor, the recount, list, stream, mail read and sent: failures' answers."""
    boxes, senders = house.servers.emulator.boxes, [WON, OPEN, "somebody@nowhere.example"]
    for number in range(MAILS):
        boxes.sending.deliver("ana@acme.example", _mail(number, senders[number % 3]))
        if number == MAILS // 2:
            boxes.history.expire("ana@acme.example")
        if number == POISON_FROM:
            house.servers.emulator.faults.add(
                {"kind": "status", "match": "messages.get", "status": 400, "message": f"{CANARY}poison"}
            )
        if number % 40 == 39:
            until(lambda: house.servers.emulator.pushes.state()["pending"] == 0, "all pushes are published")
            # 8,000 units are more than a user's background work may spend at once.
            house.servers.clock.advance(timedelta(minutes=10).total_seconds())
            # What Gmail does not give is brought again, three times at most.
            with suppress(TryAgain):
                house.hand_on(house.servers.pushes[-1])
        if number == POISON_TO:
            house.servers.emulator.faults.clear()
    for _ in range(3):
        house.servers.clock.advance(timedelta(hours=1).total_seconds())
        house.tick()
    recount_notices(house.notify)
    list_notices(ListNotices(ANA, None, unread=False, limit=100, cursor=None, verify=True), house.notify)
    stream = stream_notices(StreamNotices(ANA, None), house.notify)
    assert b"ready" in b"".join(next(stream) for _ in range(2))
    stream.close()  # type: ignore[attr-defined]
    return _read_and_send(house, mailbox)


def _read_and_send(house: House, mailbox: str) -> list[str]:
    """Opens a list, a mail, its thread and its attachment and sends a mail; then the same while Gmail fails."""
    listed = house.call(house.proxy, "GET", CONTACT_PAGE, "ana")["items"][0]
    mail = f"/proxy/mailboxes/{mailbox}/messages/{listed['id']}"
    attachment = house.call(house.proxy, "GET", mail, "ana")["attachments"][0]["id"]
    thread = f"/proxy/mailboxes/{mailbox}/threads/{listed['thread_id']}"
    reads = ["/proxy/messages", CONTACT_PAGE, mail, thread, f"{mail}/attachments/{attachment}"]
    for path in reads:
        assert CANARY.encode() in house.proxy_bytes(path, "ana"), f"the control: {path} shows the mail"
    house.call(house.proxy, "POST", "/proxy/messages", "ana", SENT, key="key-of-a-mail")

    bodies = []
    for status, answered in REFUSALS.items():
        for match in ("messages.*", "threads.*", "drafts.*"):
            fault = {"kind": "status", "match": match, "status": status, "message": f"{CANARY}gmail"}
            house.servers.emulator.faults.add({**fault, "retry_after": "600"})
        for call in (*reads, None):
            answer = _call(house, call, f"key-of-{status}")
            assert answer.status_code == (200 if call == CONTACT_PAGE else answered), (status, call)
            bodies.append(answer.text)
        house.servers.emulator.faults.clear()
    return bodies


def _call(house: House, path: str | None, key: str) -> TestResponse:
    """Reads a path, or sends the mail where there is none; it may fail."""
    headers = {"Authorization": f"Bearer {house.servers.signer.token_for(CRM.users[0])}"}
    if path is not None:
        return house.proxy.get(path, headers=headers)
    return house.proxy.post("/proxy/messages", json=SENT, headers=headers | {"Idempotency-Key": key})


@pytest.mark.parametrize("allow_list", [True, False], ids=["as_it_is", "with_the_allow_list_off"])
def test_of_400_mails_nothing_but_id_from_and_received_time_is_stored_or_told(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, allow_list: bool
) -> None:
    if not allow_list:
        # What it would have kept from Firestore is found there: it is not the list alone that keeps the mail out.
        _without_allow_list(monkeypatch)
    # What libraries log, too.
    caplog.set_level(logging.DEBUG)
    lines = io.StringIO()
    house.common.log._logger = Log(lines, strict=True)._logger
    mailbox = house.connect("ana")
    house.change("ana", mailmagnet=True, labels=True)

    bodies = _run_everything(house, mailbox)

    assert house.common.notices.count(mailbox) == len([n for n in range(MAILS) if n % 3 < 2])
    for told in ("notices.collected", "message.set_aside", "event.published", "history.expired"):
        assert f'"{told}"' in lines.getvalue(), "the control: this is the log"
    events = [message for topic, message in house.publisher.published if topic == EVENTS]
    assert len(events) > MAILS / 2, "the control: the CRM is told"
    bodies += [webhook_body(parse_event(message)) for message in events]
    assert any("gmail" in body for body in bodies), "the control: Gmail's refusals are among them"
    assert len(caplog.text) > 10_000, "the control: libraries do log"
    assert _hunt(house, lines.getvalue(), caplog.text, *bodies) == []


def _without_allow_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_allowed", lambda _path, fields: dict(fields))


def _leak(house: House) -> None:
    fields = {"from": WON, "received_at": datetime.now(UTC), "subject": f"{CANARY}leaked"}
    house.common.documents.create("mailboxes/m/notices/n", fields)


def test_a_field_outside_the_allow_list_cannot_be_written(house: House) -> None:
    with pytest.raises(ValueError, match="allow-list"):
        _leak(house)
    assert _hunt(house) == []


def test_the_control_with_the_allow_list_off_the_canary_is_found(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_allow_list(monkeypatch)
    _leak(house)
    assert len(_hunt(house)) == 1


def test_the_control_a_collector_that_keeps_the_whole_from_header_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful = notice._earned

    def careless(mails: Mapping[str, Any], known: Collection[str]) -> Iterator[notice.Notice]:
        for each in careful(mails, known):
            yield replace(each, sender=mails[each.message_id].values("From")[0])

    house.connect("ana")
    house.change("ana", mailmagnet=True)
    monkeypatch.setattr(notice, "_earned", careless)

    # `from` is in the allow-list: the hunt alone can tell.
    house.servers.emulator.boxes.sending.deliver("ana@acme.example", _mail(1, WON))
    until(lambda: house.servers.emulator.pushes.state()["pending"] == 0, "all pushes are published")
    house.hand_on(house.servers.pushes[-1])

    (found,) = _hunt(house)
    assert f"{CANARY}1name" in found
