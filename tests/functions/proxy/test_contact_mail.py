"""A contact's page: the card and the mail exchanged with the contact, live."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.mailbox import Health, Leaving, Mailbox, Settings
from shared.errors import AppError, GrantLost, NotAllowed, NotFound, Throttled, UpstreamDown
from tests.fakes.proxy_fakes import NOON, caller, letter, mail_of, mailbox_of
from tests.functions.proxy.house import House

PATH = "/proxy/contacts/c1/messages"


def _ids(page: Any) -> list[str]:
    return [row["id"] for row in page["items"]]


def test_the_card_comes_with_the_mail_newest_first() -> None:
    house = House()
    house.receive(3)
    page = house.get(PATH).get_json()
    assert page["contact"]["name"] == "Ana Client"
    assert page["contact"]["deals"][0] == {
        "id": "d1", "name": "Roof", "state": "open", "closing_date": "2026-11-30", "amount": 1200.0,
    }  # fmt: skip
    assert _ids(page) == ["m0", "m1", "m2"]
    assert page["next_cursor"] is None
    assert page["sources"] == [
        {"mailbox": house.alice.id, "owner": {"id": "alice", "name": "Alice", "you": True}, "status": "ok"}
    ]


def test_mail_to_any_address_of_the_contact_is_found_in_each_header() -> None:
    house = House()
    house.gmail.mails = [
        mail_of(letter("Ana <ANA@home.example>"), "from"),
        mail_of(letter("alice@own.example", "x@y.example, ana@client.example"), "to", ("SENT",)),
        mail_of(letter("boss@own.example", Cc="ana@home.example"), "cc"),
    ]
    assert set(_ids(house.get(PATH).get_json())) == {"from", "to", "cc"}


def test_hits_of_the_search_that_are_not_the_contacts_are_left_out() -> None:
    house = House()
    house.gmail.mails = [
        mail_of(letter('"ana@client.example" <eve@evil.example>'), "name"),
        mail_of(letter("xana@client.example"), "longer"),
        mail_of(letter("ana@client.example.evil.example"), "domain"),
        *(mail_of(letter(), label, (label,)) for label in ("SPAM", "TRASH", "DRAFT", "CHAT")),
        mail_of(letter(), "true"),
    ]
    assert _ids(house.get(PATH).get_json()) == ["true"]


def test_a_page_of_fifty_costs_three_round_trips_and_1005_units() -> None:
    house = House()
    house.receive(120)
    page = house.get(PATH).get_json()
    assert len(page["items"]) == 50
    assert house.gmail.calls == ["messages.list", "batch", "batch"]
    assert house.gmail.units == 1005
    assert house.mailboxes.reads == 2, "the own row, and the question whose mail is public"


def test_a_second_page_costs_the_same_and_goes_on_where_the_first_ended() -> None:
    house = House()
    house.receive(120)
    first = house.get(PATH).get_json()
    house.gmail.units = 0
    second = house.get(PATH, cursor=first["next_cursor"]).get_json()
    assert _ids(second) == [f"m{at}" for at in range(50, 100)]
    assert house.gmail.units == 1005


@pytest.mark.parametrize("apart_s", [0, 1, 60])
def test_mail_that_arrives_between_pages_neither_repeats_nor_hides_a_row(apart_s: int) -> None:
    house = House()
    house.receive(23, apart_s=apart_s)
    seen: list[str] = []
    cursor = None
    for turn in range(20):
        page = house.get(PATH, limit=5, **({"cursor": cursor} if cursor else {})).get_json()
        seen += _ids(page)
        cursor = page["next_cursor"]
        house.gmail.mails.append(mail_of(letter(), f"new{turn}", at=NOON + timedelta(seconds=1 + turn)))
        if cursor is None:
            break
    assert sorted(seen) == sorted(f"m{at}" for at in range(23))


def test_three_hundred_mails_of_one_second_are_all_shown_and_the_cursor_fits_a_request_line() -> None:
    house = House()
    house.receive(300, apart_s=0)
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 100}
    while True:
        page = house.get(PATH, **query).get_json()
        seen += _ids(page)
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
        assert len(f"GET {PATH}?limit=100&cursor={page['next_cursor']} HTTP/1.1") < 4094
    assert sorted(seen) == sorted(f"m{at}" for at in range(300))


def test_pages_are_filled_where_many_hits_do_not_belong() -> None:
    house = House()
    house.receive(8, "xana@client.example", prefix="other", apart_s=1)
    house.receive(8, prefix="true", apart_s=100)
    page = house.get(PATH, limit=5).get_json()
    assert _ids(page) == [f"true{at}" for at in range(5)]


def test_a_mail_deleted_between_list_and_get_is_no_error() -> None:
    house = House()
    house.receive(3)
    house.gmail.broken["m1"] = NotFound("There is no such message.")
    page = house.get(PATH).get_json()
    assert _ids(page) == ["m0", "m2"]
    assert page["sources"][0]["status"] == "ok"


def test_a_mail_that_cannot_be_had_now_is_not_passed_over() -> None:
    house = House()
    house.receive(5)
    house.gmail.broken["m2"] = Throttled("slow down")
    page = house.get(PATH).get_json()
    assert _ids(page) == ["m0", "m1"]
    assert page["sources"][0]["status"] == "throttled"
    house.gmail.broken.clear()
    rest = house.get(PATH, cursor=page["next_cursor"]).get_json()
    assert _ids(rest) == ["m2", "m3", "m4"]


def test_a_mail_kept_twice_is_one_row() -> None:
    house = House()
    house.receive(2)
    house.gmail.mails.append(
        mail_of(letter(Message_ID="<m1@client.example>"), "copy", at=NOON - timedelta(hours=1))
    )
    assert _ids(house.get(PATH).get_json()) == ["m0", "m1"]


def test_who_has_no_mailbox_still_sees_the_card() -> None:
    page = House().get(PATH, user="carol").get_json()
    assert page["contact"]["id"] == "c1"
    assert (page["items"], page["sources"], page["next_cursor"]) == ([], [], None)


def test_ones_own_mailbox_that_is_leaving_is_not_read_any_more() -> None:
    house = House()
    house.receive(1)
    assert _ids(house.get(PATH).get_json()) == ["m0"], "the control"
    asked = house.opener.opened
    leaving = Leaving(NOON, "alice")
    house.mailboxes.rows[house.alice.id] = replace(house.alice, leaving=leaving)
    page = house.get(PATH).get_json()
    assert (page["items"], page["sources"]) == ([], [])
    assert house.opener.opened == asked


def test_a_contact_without_an_address_costs_no_gmail_call() -> None:
    house = House()
    house.receive(2)
    page = house.get("/proxy/contacts/c2/messages").get_json()
    assert page["items"] == []
    assert house.gmail.calls == []


def _paused(row: Mailbox) -> Mailbox:
    return replace(row, settings=Settings(paused=True))


def _lost(row: Mailbox) -> Mailbox:
    return replace(row, health=Health("grant_lost"))


@pytest.mark.parametrize(("change", "status"), [(_paused, "paused"), (_lost, "needs_reconnect")])
def test_a_mailbox_that_does_not_work_is_named_and_gmail_is_not_asked(change: Any, status: str) -> None:
    house = House(alice=change(mailbox_of(caller())))
    house.receive(2)
    answer = house.get(PATH)
    assert answer.status_code == 200
    assert answer.get_json()["sources"][0]["status"] == status
    assert answer.get_json()["items"] == []
    assert house.opener.opened == 0


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Throttled("slow"), "throttled"),
        (UpstreamDown("down"), "down"),
        (NotAllowed("no", code="blocked_by_admin"), "blocked"),
        (GrantLost("gone"), "needs_reconnect"),
    ],
)
def test_a_mailbox_that_fails_is_named_and_the_page_is_shown(error: AppError, status: str) -> None:
    house = House()
    house.gmail.down = error
    answer = house.get(PATH)
    assert answer.status_code == 200
    assert answer.get_json()["sources"][0]["status"] == status
    assert answer.get_json()["contact"]["id"] == "c1"


def test_a_consent_found_to_be_gone_is_noted_once_in_the_mailbox() -> None:
    house = House()
    house.gmail.down = GrantLost("gone")
    house.get(PATH)
    assert house.mailboxes.rows[house.alice.id].health.code == "grant_lost"


def test_a_source_that_fails_on_a_later_page_can_be_asked_again() -> None:
    house = House()
    house.receive(8)
    cursor = house.get(PATH, limit=5).get_json()["next_cursor"]
    house.gmail.down = UpstreamDown("down")
    failed = house.get(PATH, limit=5, cursor=cursor).get_json()
    assert failed["items"] == []
    house.gmail.down = None
    assert _ids(house.get(PATH, limit=5, cursor=failed["next_cursor"]).get_json()) == ["m5", "m6", "m7"]


@pytest.mark.parametrize("path", ["c9", "..", ".", "x" * 201, "%2e%2e"])
def test_an_unknown_or_impossible_contact_is_not_found(path: str) -> None:
    answer = House().get(f"/proxy/contacts/{path}/messages")
    assert answer.status_code == 404


def test_a_hidden_contact_is_not_found_and_no_gmail_call_is_made() -> None:
    house = House()
    house.contacts.hidden = frozenset({"c1"})
    answer = house.get(PATH)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "contact_not_found")
    assert house.opener.opened == 0


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"page": 2}])
def test_a_query_outside_the_contract_is_refused(query: dict[str, Any]) -> None:
    answer = House().get(PATH, **query)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_fields")


def test_a_cursor_of_another_user_or_contact_or_of_nobody_is_refused() -> None:
    house = House()
    house.receive(3)
    cursor = house.get(PATH, limit=1).get_json()["next_cursor"]
    for answer in (
        house.get(PATH, user="bob", cursor=cursor),
        house.get("/proxy/contacts/c2/messages", cursor=cursor),
        house.get("/proxy/messages", cursor=cursor),
        house.get(PATH, cursor=cursor[:-2] + "AA"),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_cursor")


def test_without_a_token_nothing_is_shown() -> None:
    assert House().get(PATH, user=None).status_code == 401


def test_nothing_of_a_mail_is_logged() -> None:
    house = House()
    house.gmail.mails = [mail_of(letter("CANARYNAME <ana@client.example>", Subject="CANARYSUBJECT"), "m1")]
    house.get(PATH)
    house.gmail.down = UpstreamDown("down")
    house.get(PATH)
    logged = house.log.getvalue()
    assert "source.failed" in logged
    assert not any(word in logged for word in ("CANARY", "ana@client.example", "Ana Client", "snippet"))
