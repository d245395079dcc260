"""A contact's page over ten mailboxes: side by side, newest first; slow and dead ones are named, the rest is shown."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from functions.proxy import read_contact_mail
from local.crm.models import Seed
from tests.e2e.in_process import House, running_house
from tests.local.gmail.running import mail

SELLERS = tuple(f"seller{number}" for number in range(10))
WON = "won@client.example"
CRM = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [
            {"id": name, "name": name, "email": f"{name}@acme.example", "permissions": ["mail_integration"]}
            for name in SELLERS
        ],
        "contacts": [{"id": "won", "name": "Won", "addresses": [WON], "deals": []}],
    }
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(CRM, tmp_path_factory.mktemp("sources")) as house:
        for name in SELLERS:
            house.connect(name)
            house.change(name, sharing="public")
        deliver = house.servers.emulator.boxes.sending.deliver
        for number in range(60):
            owner = f"{SELLERS[number % 10]}@acme.example"
            deliver(owner, mail(f"Mail {number}", WON, owner, Message_ID=f"<{number}@client.example>"))
        # One mail that all ten got.
        for name in SELLERS:
            deliver(
                f"{name}@acme.example",
                mail("To all", WON, "all@acme.example", Message_ID="<all@client.example>"),
            )
        yield house


def _page(house: House, user: str = "seller0") -> dict[str, Any]:
    answer = house.call(house.proxy, "GET", "/proxy/contacts/won/messages?limit=50", user)
    assert isinstance(answer, dict)
    return answer


def _fault(house: House, **order: Any) -> None:
    answer = urllib3.request("POST", f"{house.servers.gmail}/_emulator/faults", json=order)
    assert answer.status < 300, answer.data


def _end_faults(house: House) -> None:
    urllib3.request("DELETE", f"{house.servers.gmail}/_emulator/faults")


@pytest.fixture(autouse=True)
def _no_faults_stay(house: House) -> Iterator[None]:
    yield
    _end_faults(house)


def test_ten_mailboxes_make_one_list_with_each_mail_once(house: House) -> None:
    page = _page(house)
    assert [source["status"] for source in page["sources"]] == ["ok"] * 10
    assert len(page["items"]) == 50
    names = [item["message_id"] for item in page["items"]]
    assert len(set(names)) == 50
    assert names.count("<all@client.example>") == 1
    assert len({item["mailbox"] for item in page["items"]}) == 10
    dates = [item["date"] for item in page["items"]]
    assert dates == sorted(dates, reverse=True)


def test_the_mailboxes_are_asked_side_by_side(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    quota = house.servers.emulator.quota
    spend, asked, all_are_asked = quota.spend, set[str](), threading.Event()

    def answer_when_all_are_asked(email: str, method: str) -> None:
        if method == "messages.list":
            asked.add(email)
            if len(asked) == len(SELLERS):
                all_are_asked.set()
            assert all_are_asked.wait(60), "one was asked after the other"
        spend(email, method)

    monkeypatch.setattr(quota, "spend", answer_when_all_are_asked)
    page = _page(house)
    assert [source["status"] for source in page["sources"]] == ["ok"] * 10


def test_a_slow_mailbox_is_named_as_late_and_the_rest_is_shown_in_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = time.monotonic()
    _page(house)
    # Ten times what this machine needs where none is slow.
    in_time_s = max(3.0, 10 * (time.monotonic() - started))
    monkeypatch.setattr(read_contact_mail, "SOURCES_S", in_time_s)
    slow = "seller3@acme.example"
    _fault(house, kind="timeout", when="after", seconds=60, match="messages.list", user=slow)
    started = time.monotonic()
    page = _page(house)
    assert time.monotonic() - started < in_time_s + 12, "less than what Gmail may take"
    status = {source["owner"]["id"]: source["status"] for source in page["sources"]}
    assert status.pop("seller3") == "late"
    assert set(status.values()) == {"ok"}
    assert len(page["items"]) >= 45


def test_one_slow_mailbox_alone_is_late_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_contact_mail, "SOURCES_S", 0.5)
    for name in SELLERS[1:]:
        house.change(name, sharing="private")
    try:
        _fault(house, kind="timeout", when="after", seconds=60, match="messages.list")
        page = _page(house)
    finally:
        _end_faults(house)
        for name in SELLERS[1:]:
            house.change(name, sharing="public")
    assert [source["status"] for source in page["sources"]] == ["late"]
    assert page["items"] == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"kind": "status", "status": 503}, "down"),
        ({"kind": "status", "status": 429, "retry_after": 60}, "throttled"),
        ({"kind": "reset"}, "down"),
        ({"kind": "truncate"}, "down"),
    ],
)
def test_a_mailbox_that_fails_is_named_and_the_rest_is_shown(
    house: House, fault: dict[str, Any], status: str
) -> None:
    _fault(house, match="messages.list", user="seller4@acme.example", **fault)
    page = _page(house)
    found = {source["owner"]["id"]: source["status"] for source in page["sources"]}
    assert found.pop("seller4") == status
    assert set(found.values()) == {"ok"}
    assert len(page["items"]) >= 45


def test_a_mailbox_whose_consent_is_gone_is_named_and_the_rest_is_shown(house: House) -> None:
    _fault(house, kind="revoke", match="messages.list", user="seller9@acme.example", count=1)
    page = _page(house)
    found = {source["owner"]["id"]: source["status"] for source in page["sources"]}
    assert found.pop("seller9") == "needs_reconnect"
    assert set(found.values()) == {"ok"}
    assert len(page["items"]) >= 45
