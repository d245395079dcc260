"""Lists with an ETag: nothing new is a 304 for 2 units; whatever is new is never hidden by one."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import urllib3
from werkzeug.test import TestResponse

from functions.proxy.nothing_new import SETTLED_AFTER
from tests.e2e.in_process import House, running_house
from tests.e2e.sending_desk import CRM

WON = "won@client.example"
OWN, CONTACT = "/proxy/messages?label=INBOX", "/proxy/contacts/won/messages"
SEARCH = f"/proxy/messages?q=from:{WON}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(CRM, tmp_path_factory.mktemp("etags")) as house:
        house.connect("ana")
        house.connect("ben")
        house.deliver("ana", WON, WON, "stranger@nowhere.example")
        yield house


def _get(house: House, path: str, tag: str | None = None, user: str = "ana") -> TestResponse:
    token = house.servers.signer.token_for(next(row for row in CRM.users if row.id == user))
    headers = {"Authorization": f"Bearer {token}"} | ({"If-None-Match": tag} if tag else {})
    return house.proxy.get(path, headers=headers)


def _json(house: House, path: str, tag: str | None = None) -> dict[str, Any]:
    answer = _get(house, path, tag).json
    assert isinstance(answer, dict)
    return answer


def _tagged(house: House, path: str, known: str = '"any"') -> str:
    """The tag of a list that is read ten minutes after its mailbox was first seen as it is."""
    first = _get(house, path, known)
    assert first.status_code == 200
    house.servers.clock.advance(SETTLED_AFTER.total_seconds())
    return _get(house, path, first.headers["ETag"]).headers["ETag"]


@pytest.mark.parametrize("path", [OWN, CONTACT, f"{OWN}&limit=1", f"{CONTACT}?limit=1"])
def test_nothing_new_is_a_304_for_2_units(house: House, path: str) -> None:
    tag = _tagged(house, path)
    answers: list[TestResponse] = []
    cost = house.cost_of(lambda: answers.append(_get(house, path, tag)))
    (answer,) = answers
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    assert (cost.units, cost.requests, cost.round_trips) == (2, 1, 1)


@pytest.mark.parametrize("path", [OWN, CONTACT])
def test_without_if_none_match_a_list_costs_nothing_more_and_has_no_tag(house: House, path: str) -> None:
    answers: list[TestResponse] = []
    plain = house.cost_of(lambda: answers.append(_get(house, path)))
    tagged = house.cost_of(lambda: answers.append(_get(house, path, '"any"')))
    assert "ETag" not in answers[0].headers
    assert (tagged.units - plain.units, tagged.round_trips - plain.round_trips) == (1, 1)
    assert answers[0].json == answers[1].json


def _deliver(house: House) -> None:
    house.deliver("ana", WON)


def _star(house: House) -> None:
    row = _json(house, OWN)["items"][0]
    house.call(
        house.proxy,
        "POST",
        f"/proxy/messages/{row['id']}/flags",
        "ana",
        {"starred": "STARRED" not in row["labels"]},
    )


def _deliver_elsewhere(house: House) -> None:
    house.deliver("ana", "stranger@nowhere.example")


@pytest.mark.parametrize("change", [_deliver, _star, _deliver_elsewhere])
@pytest.mark.parametrize("path", [OWN, CONTACT])
def test_a_change_is_shown_and_the_new_tag_holds(
    house: House, change: Callable[[House], None], path: str
) -> None:
    tag = _tagged(house, path)
    change(house)
    answer = _get(house, path, tag)
    assert answer.status_code == 200
    assert answer.json == _get(house, path).json
    assert answer.headers["ETag"] != tag
    assert _get(house, path, _tagged(house, path, tag)).status_code == 304


def test_a_mail_that_arrives_while_the_list_is_read_is_not_hidden_by_its_tag(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = house.common.gmail
    open_mailbox = opener.open

    def open_and_meddle(mailbox: Any) -> Any:
        gmail = open_mailbox(mailbox)
        get_listed = gmail.get_listed

        def meddled(*args: Any) -> Any:
            _deliver(house)  # after the list
            _star(house)  # a listed mail, after that
            return get_listed(*args)

        gmail.get_listed = meddled  # type: ignore[assignment,method-assign]
        return gmail

    with monkeypatch.context() as patch:
        patch.setattr(opener, "open", _once(open_and_meddle, open_mailbox))
        tag = _get(house, OWN, '"any"').headers["ETag"]
    assert _get(house, OWN, tag).status_code == 200


def _once(first: Callable[[Any], Any], then: Callable[[Any], Any]) -> Callable[[Any], Any]:
    waiting = [first]

    def call(mailbox: Any) -> Any:
        return waiting.pop()(mailbox) if waiting else then(mailbox)

    return call


def _is_listed_at_last(house: House, path: str, within: float) -> bool:
    """Polls as a page does, while Gmail's search lags a minute behind: whether a new mail is ever shown."""
    tag = _tagged(house, path)
    shown = _json(house, path)["items"]
    new = house.deliver("ana", WON)[0]
    house.servers.emulator.faults.add({"kind": "index_lag", "match": "messages.list", "seconds": 60})
    for _ in range(6):
        answer = _get(house, path, tag)
        tag = answer.headers["ETag"]
        shown = answer.json["items"] if answer.status_code == 200 else shown  # type: ignore[index]
        house.servers.clock.advance(within / 5)
    house.servers.emulator.faults.clear()
    return new in [row["id"] for row in shown]


@pytest.mark.parametrize("path", [CONTACT, SEARCH])
@pytest.mark.parametrize("within", [120, 700, 7000])
def test_a_mail_that_the_search_does_not_know_yet_is_shown_once_it_does(
    house: House, path: str, within: float
) -> None:
    assert _is_listed_at_last(house, path, within)


@pytest.mark.parametrize("path", [CONTACT, SEARCH])
def test_control_a_tag_that_holds_at_once_hides_it(
    house: House, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.proxy.nothing_new.SETTLED_AFTER", timedelta(0))
    assert not _is_listed_at_last(house, path, 120)


def test_a_search_is_read_anew_until_it_is_settled_and_then_holds(house: House) -> None:
    house.deliver("ana", WON)
    first = _get(house, CONTACT, '"any"').headers["ETag"]
    house.servers.clock.advance(SETTLED_AFTER.total_seconds() - 60)
    early = _get(house, CONTACT, first)
    house.servers.clock.advance(120)
    late = _get(house, CONTACT, early.headers["ETag"])
    held = _get(house, CONTACT, late.headers["ETag"])
    assert [early.status_code, late.status_code, held.status_code] == [200, 200, 304]


def test_a_tag_is_good_for_its_caller_and_question_only(house: House) -> None:
    tag = _tagged(house, OWN)
    for path, user in (
        (CONTACT, "ana"),
        (f"{OWN}&limit=2", "ana"),
        ("/proxy/messages?label=SENT", "ana"),
        (OWN, "ben"),
    ):
        assert _get(house, path, tag, user).status_code == 200
    for forged in ('"x"', "*", '""', tag[:-3] + 'AA"', '"' + "A" * 5000 + '"', "\xff"):
        assert _get(house, OWN, forged).status_code == 200
    assert _get(house, OWN, f'"other", W/{tag}').status_code == 304


def test_a_contact_that_changed_is_shown_though_the_mail_did_not(house: House) -> None:
    tag = _tagged(house, CONTACT)
    card = {"name": "Won & Sons", "kind": "contact", "addresses": [WON], "visible_to": "all"}
    answer = urllib3.request("PUT", f"{house.servers.crm}/contacts/won", json=card)
    assert answer.status < 300, answer.data
    assert _json(house, CONTACT, tag)["contact"]["name"] == "Won & Sons"


def test_a_page_that_a_colleague_shares_has_no_tag(house: House) -> None:
    house.change("ben", sharing="public")
    assert "ETag" not in _get(house, CONTACT, '"any"').headers
    house.change("ben", sharing="private")
    assert "ETag" in _get(house, CONTACT, '"any"').headers


def test_a_tag_from_long_ago_leads_to_a_whole_list(house: House) -> None:
    tag = _tagged(house, OWN)
    house.servers.emulator.faults.add({"kind": "expire_history", "count": 1})
    answer = _get(house, OWN, tag)
    assert answer.status_code == 200
    assert _get(house, OWN, answer.headers["ETag"]).status_code == 304
