"""Settings, picks, policy, audit and the preview, over the real adapters, a Firestore and the Gmail emulator."""

import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from local.crm.models import Seed
from shared.domain.audit import departed
from shared.domain.caller import Caller
from shared.domain.mailbox import mailbox_id
from shared.errors import AppError, GrantLost
from tests.e2e.in_process import Cost, House, running_house
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World

USERS = [
    {"id": "ana", "name": "Ana", "roles": ["sales"]},
    {"id": "ben", "name": "Ben", "roles": ["sales"]},
    {"id": "cleo", "name": "Cleo", "roles": ["boss"]},
    {"id": "adm", "name": "Adm", "permissions": ["mail_integration", "mail_admin"]},
]
CRM = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [
            {"permissions": ["mail_integration"], **user, "email": f"{user['id']}@acme.example"}
            | ({"superior": "cleo"} if user["id"] == "ana" else {})
            for user in USERS
        ],
        "contacts": [
            {"id": "open", "name": "Open", "addresses": ["open@client.example"]},
            {"id": "bens", "name": "Bens", "addresses": ["b@client.example"], "visible_to": ["ben"]},
            {"id": "anas", "name": "Anas", "addresses": ["a@client.example"], "visible_to": ["ana"]},
        ],
    }
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(CRM, tmp_path) as house:
        house.connect("ana")
        yield house


def ask(
    house: House, method: str, path: str, user: str = "ana", body: object = None, **headers: str
) -> TestResponse:
    token = house.servers.signer.token_for(next(one for one in CRM.users if one.id == user))
    sent = {"Authorization": f"Bearer {token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return house.oauth.open(path, method=method, json=body, headers=sent)


def at_once(*works: Callable[[], object]) -> None:
    """Runs them on threads that start together."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        work()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def fix(house: House, **sharing: object) -> None:
    assert ask(house, "PUT", "/oauth/org", "adm", {"sharing": sharing}).status_code == 200


CHANGES: Mapping[str, object] = {"sharing": "custom", "never_shared": ["law.example"], "paused": True}


def test_changes_of_different_fields_at_the_same_time_are_all_kept(house: House) -> None:
    for _ in range(5):
        ask(
            house, "PATCH", "/oauth/mailbox", body={"sharing": "private", "never_shared": [], "paused": False}
        )
        answers: list[int] = []

        def change(body: Mapping[str, object], answers: list[int] = answers) -> None:
            answers.append(ask(house, "PATCH", "/oauth/mailbox", body=body).status_code)

        at_once(*[lambda pair=pair: change(dict([pair])) for pair in CHANGES.items()])

        shown = ask(house, "GET", "/oauth/mailbox").get_json()
        assert answers == [200] * 3
        assert (shown["settings"]["sharing"], shown["settings"]["never_shared"], shown["status"]) == (
            "custom", ["law.example"], "paused",
        )  # fmt: skip


def test_labels_turned_on_twice_at_the_same_time_are_three_labels(house: House) -> None:
    ask(house, "PATCH", "/oauth/mailbox", body={"mailmagnet": True})

    at_once(*[lambda: ask(house, "PATCH", "/oauth/mailbox", body={"labels": True}) for _ in range(3)])

    row = ask(house, "GET", "/oauth/mailbox").get_json()
    gmail = house.common.gmail.open(house.common.mailboxes.get(row["id"]))  # type: ignore[arg-type]
    made = {label.id: label.name for label in gmail.list_labels() if label.id.startswith("Label_")}
    assert made == {label["id"]: label["name"] for label in row["labels"].values()}
    assert len(made) == 3


def test_a_change_with_an_old_etag_is_refused_and_nothing_is_changed(house: House) -> None:
    etag = ask(house, "GET", "/oauth/mailbox").headers["ETag"]
    first = ask(house, "PATCH", "/oauth/mailbox", body={"sharing": "custom"}, If_Match=etag)
    second = ask(house, "PATCH", "/oauth/mailbox", body={"paused": True}, If_Match=etag)
    now = ask(house, "GET", "/oauth/mailbox")

    assert (first.status_code, second.status_code) == (200, 412)
    assert now.get_json()["status"] == "connected"
    assert now.headers["ETag"] == first.headers["ETag"] != etag
    for good in ("*", f'"other", {now.headers["ETag"]}'):
        assert ask(house, "PATCH", "/oauth/mailbox", body={"paused": False}, If_Match=good).status_code == 200
    weak = f"W/{now.headers['ETag']}"
    assert ask(house, "PATCH", "/oauth/mailbox", body={"paused": True}, If_Match=weak).status_code == 412


def test_background_writes_do_not_make_an_etag_stale(house: House) -> None:
    etag = ask(house, "GET", "/oauth/mailbox").headers["ETag"]
    row = house.common.mailboxes.get(mailbox_id("acme", "ana"))
    assert row is not None
    house.common.mailboxes.update(row, "labeling", "health")
    assert ask(house, "GET", "/oauth/mailbox").headers["ETag"] == etag
    assert ask(house, "PATCH", "/oauth/mailbox", body={"paused": True}, If_Match=etag).status_code == 200


def test_of_several_changes_with_one_etag_exactly_one_is_made(house: House) -> None:
    etag = ask(house, "GET", "/oauth/mailbox").headers["ETag"]
    answers: list[int] = []

    def change(number: int) -> None:
        body = {"never_shared": [f"d{number}.example"]}
        answers.append(ask(house, "PATCH", "/oauth/mailbox", body=body, If_Match=etag).status_code)

    at_once(*[lambda number=number: change(number) for number in range(4)])
    assert sorted(answers) == [200, 412, 412, 412]


def test_what_the_admin_fixes_holds_and_the_owners_choice_is_there_again_afterwards(house: House) -> None:
    ask(house, "PATCH", "/oauth/mailbox", body={"sharing": "custom"})
    assert ask(house, "PUT", "/oauth/mailbox/shares/open").status_code == 200

    fix(house, users={"ana": "public"}, roles={"sales": "private"})
    shown = ask(house, "GET", "/oauth/mailbox").get_json()["settings"]
    same = ask(house, "PATCH", "/oauth/mailbox", body={"sharing": "private"})
    other = ask(house, "PATCH", "/oauth/mailbox", body={"sharing": "custom"})
    picks = [ask(house, m, "/oauth/mailbox/shares/open") for m in ("PUT", "DELETE")]
    picks.append(ask(house, "GET", "/oauth/mailbox/shares"))
    fix(house)
    after = ask(house, "GET", "/oauth/mailbox").get_json()["settings"]

    assert (shown["sharing"], shown["fixed"]) == ("private", ["sharing"])
    assert same.status_code == 200
    assert (other.status_code, other.get_json()["code"]) == (403, "fixed_by_admin")
    assert [(p.status_code, p.get_json()["code"]) for p in picks] == [(409, "custom_sharing_off")] * 3
    assert (after["sharing"], after["fixed"]) == ("custom", [])
    listed = ask(house, "GET", "/oauth/mailbox/shares").get_json()
    assert [row["contact_id"] for row in listed["items"]] == ["open"]


def test_only_a_contact_that_the_owner_sees_can_be_picked_and_any_pick_can_be_ended(house: House) -> None:
    ask(house, "PATCH", "/oauth/mailbox", body={"sharing": "custom"})
    answers = [ask(house, "PUT", f"/oauth/mailbox/shares/{c}").status_code for c in ("open", "bens", "none")]
    ended = [ask(house, "DELETE", f"/oauth/mailbox/shares/{c}").status_code for c in ("open", "open", "none")]
    assert (answers, ended) == ([200, 404, 404], [204, 204, 204])
    assert ask(house, "GET", "/oauth/mailbox/shares").get_json() == {"items": [], "next_cursor": None}


def test_picks_are_listed_in_pages_whose_cursor_is_good_for_their_owner_only(house: House) -> None:
    house.connect("ben")
    for user in ("ana", "ben"):
        ask(house, "PATCH", "/oauth/mailbox", user, {"sharing": "custom"})
    for contact in ("open", "anas"):
        ask(house, "PUT", f"/oauth/mailbox/shares/{contact}")
    first = ask(house, "GET", "/oauth/mailbox/shares?limit=1").get_json()
    rest = f"/oauth/mailbox/shares?limit=1&cursor={first['next_cursor']}"
    second = ask(house, "GET", rest).get_json()
    assert sorted(row["contact_id"] for page in (first, second) for row in page["items"]) == ["anas", "open"]
    assert ask(house, "GET", rest, "ben").get_json()["code"] == "invalid_cursor"
    assert ask(house, "GET", "/oauth/mailbox/shares?limit=1000").status_code == 200
    assert ask(house, "GET", "/oauth/mailbox/shares?limit=1001").status_code == 422


def test_every_change_is_an_entry_with_what_was_before_and_after(house: House) -> None:
    ask(house, "PATCH", "/oauth/mailbox", body={"sharing": "custom", "never_shared": ["doctor@x.example"]})
    ask(house, "PUT", "/oauth/mailbox/shares/open")
    ask(house, "DELETE", "/oauth/mailbox/shares/open")
    webhook = {"url": "https://crm.example/hook/secret-path?token=abc"}
    policy = {"superiors_see": True, "webhook": webhook}
    assert ask(house, "PUT", "/oauth/org", "adm", policy).status_code == 200
    assert ask(house, "PUT", "/oauth/org", "adm", policy).status_code == 200, "again: no entry"

    whole = ask(house, "GET", "/oauth/org/audit", "adm")
    own = ask(house, "GET", "/oauth/mailbox/audit").get_json()["items"]

    told = [(e["actor"], e["action"], e["owner"], e["changes"]) for e in whole.get_json()["items"]]
    assert told == [
        ("adm", "policy.changed", None, {
            "superiors_see": {"from": False, "to": True},
            "webhook_url": {"from": None, "to": "https://crm.example"},
        }),
        ("ana", "share.removed", "ana", {}),
        ("ana", "share.added", "ana", {}),
        ("ana", "settings.changed", "ana", {
            "sharing": {"from": "private", "to": "custom"}, "never_shared": {"from": 0, "to": 1},
        }),
        ("ana", "mailbox.connected", "ana", {}),
    ]  # fmt: skip
    assert [entry["action"] for entry in own] == [action for _, action, owner, _ in told if owner == "ana"]
    assert "doctor" not in whole.text
    assert "secret-path" not in whole.text


def test_the_audit_of_the_organisation_is_the_admins(house: House) -> None:
    for path in ("/oauth/org/audit", "/oauth/org/mailboxes"):
        assert ask(house, "GET", path).status_code == 403
    assert ask(house, "GET", "/oauth/mailbox/audit", "ben").get_json() == {"items": [], "next_cursor": None}


def test_the_health_of_the_mailboxes_comes_in_pages_without_the_owners_lists(house: House) -> None:
    house.connect("ben")
    ask(house, "PATCH", "/oauth/mailbox", body={"never_shared": ["doctor@x.example"]})
    first = ask(house, "GET", "/oauth/org/mailboxes?limit=1", "adm")
    second = ask(
        house, "GET", f"/oauth/org/mailboxes?limit=1&cursor={first.get_json()['next_cursor']}", "adm"
    )
    rows = [row for page in (first, second) for row in page.get_json()["items"]]
    assert sorted(row["owner"]["id"] for row in rows) == ["ana", "ben"]
    assert all("never_shared" not in row["settings"] for row in rows)


def test_leaving_erases_picks_and_audit_and_leaves_the_admin_the_fact(house: House) -> None:
    ask(house, "PATCH", "/oauth/mailbox", body={"sharing": "custom"})
    ask(house, "PUT", "/oauth/mailbox/shares/open")
    held = ask(house, "GET", "/oauth/mailbox/data").get_json()
    receipt = ask(house, "DELETE", "/oauth/mailbox").get_json()["erased"]
    after = ask(house, "GET", "/oauth/mailbox/data").get_json()
    left = ask(house, "GET", "/oauth/org/audit", "adm").get_json()["items"]

    assert ([row["contact_id"] for row in held["shares"]], len(held["audit"])) == (["open"], 3)
    assert (receipt["shares"], receipt["audit"]) == (1, 3)
    assert (after["shares"], after["audit"]) == ([], [])
    assert [(row["action"], row["owner"]) for row in left] == [
        ("mailbox.disconnected", departed("acme", "ana")), ("mailbox.connected", departed("acme", "ana")),
    ]  # fmt: skip


def test_an_admin_who_names_the_policy_that_was_read_overwrites_no_other(house: House) -> None:
    read = ask(house, "GET", "/oauth/org", "adm")
    tag = read.headers["ETag"]
    first = ask(house, "PUT", "/oauth/org", "adm", {"time_zone": "Europe/Paris"}, If_Match=tag)
    late = ask(house, "PUT", "/oauth/org", "adm", {"time_zone": "Asia/Tokyo"}, If_Match=tag)
    assert (first.status_code, late.status_code) == (200, 412)
    after = ask(house, "GET", "/oauth/org", "adm")
    assert (after.get_json()["time_zone"], after.headers["ETag"]) == ("Europe/Paris", first.headers["ETag"])
    assert ask(house, "PUT", "/oauth/org", "adm", {"time_zone": "Asia/Tokyo"}).status_code == 200


def preview(house: House, **change: object) -> dict[str, Any]:
    answer = ask(house, "POST", "/oauth/mailbox/settings:preview", body=change)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


NOBODY = {"colleagues": 0, "contacts": 0, "names": [], "contact_names": []}


def test_the_preview_names_who_would_see_mail_of_which_contacts_and_changes_nothing(house: House) -> None:
    before = ask(house, "GET", "/oauth/mailbox").data
    # Cleo is Ana's superior, and superiors do not see; of Ben's own contact Ana is not told the name.
    expected = {"colleagues": 2, "contacts": 2, "names": ["Adm", "Ben"], "contact_names": ["Open"]}
    told = preview(house, sharing="public")
    assert (told["newly_visible"], told["no_longer_visible"], told["complete"]) == (expected, NOBODY, True)
    assert ask(house, "GET", "/oauth/mailbox").data == before

    ask(house, "PATCH", "/oauth/mailbox", body={"sharing": "custom"})
    ask(house, "PUT", "/oauth/mailbox/shares/open")
    ask(house, "PUT", "/oauth/mailbox/shares/anas")
    one = {"colleagues": 2, "contacts": 1, "names": ["Adm", "Ben"], "contact_names": ["Open"]}
    assert preview(house, sharing="private")["no_longer_visible"] == one
    bens = {"colleagues": 1, "contacts": 1, "names": ["Ben"], "contact_names": []}
    assert preview(house, sharing="public")["newly_visible"] == bens
    assert preview(house, paused=True)["newly_visible"] == NOBODY


def test_the_preview_knows_that_a_paused_mailbox_shares_nothing(house: House) -> None:
    everybody = {"colleagues": 2, "contacts": 2, "names": ["Adm", "Ben"], "contact_names": ["Open"]}
    ask(house, "PATCH", "/oauth/mailbox", body={"sharing": "public"})
    assert preview(house, paused=True)["no_longer_visible"] == everybody
    ask(house, "PATCH", "/oauth/mailbox", body={"paused": True})
    assert preview(house, paused=False)["newly_visible"] == everybody
    assert preview(house, sharing="private")["no_longer_visible"] == NOBODY


def test_the_preview_goes_by_the_policy(house: House) -> None:
    policy = {"share_with": {"users": ["ben"]}, "superiors_see": True}
    ask(house, "PUT", "/oauth/org", "adm", policy)
    assert preview(house, sharing="public")["newly_visible"]["names"] == ["Ben"]
    fix(house, all="private")
    refused = ask(house, "POST", "/oauth/mailbox/settings:preview", body={"sharing": "public"})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "fixed_by_admin")


def test_the_preview_says_what_it_cannot_count(house: House) -> None:
    told = preview(house, never_shared=["law.example"])
    assert (told["complete"], told["not_counted"]) == (False, ["never_shared"])


def test_a_preview_costs_no_gmail_call(house: House) -> None:
    cost = house.cost_of(lambda: preview(house, sharing="public"))
    assert cost == Cost(reads=3, crm_calls=2), "mailbox, policy, and a query that finds no pick"


def test_reading_the_own_mailbox_is_one_read(house: House) -> None:
    ask(house, "GET", "/oauth/mailbox")
    assert house.cost_of(lambda: ask(house, "GET", "/oauth/mailbox")) == Cost(reads=1)


def test_a_pause_loses_nothing_and_the_next_tick_after_it_looks(house: House) -> None:
    ask(house, "PATCH", "/oauth/mailbox", body={"mailmagnet": True})
    ask(house, "PATCH", "/oauth/mailbox", body={"paused": True})
    (message,) = house.deliver("ana", "open@client.example")
    for push in list(house.servers.pushes):
        house.hand_on(push)
    mailbox = mailbox_id("acme", "ana")
    assert house.common.notices.count(mailbox) == 0
    assert house.common.syncs.with_work(10) == []

    ask(house, "PATCH", "/oauth/mailbox", body={"paused": False})

    assert house.common.syncs.with_work(10) == [mailbox]
    house.tick()
    assert [n.message_id for n in house.common.notices.get_many(mailbox, [message])] == [message]
    state = house.common.syncs.get(mailbox)
    assert state is not None
    assert not state.due


def test_after_a_pause_gmail_announces_mail_again(house: House) -> None:
    ask(house, "PATCH", "/oauth/mailbox", body={"mailmagnet": True})
    paused = ask(house, "PATCH", "/oauth/mailbox", body={"paused": True}).get_json()
    house.servers.clock.advance(8 * 24 * 3600)
    after = ask(house, "PATCH", "/oauth/mailbox", body={"paused": False}).get_json()
    assert paused["watch"]["expires_at"] is None
    assert after["watch"]["expires_at"] > house.servers.clock.now().isoformat()


def test_settings_that_gmail_refuses_stay_as_they_were() -> None:
    world = World()
    mailbox = world.connect()

    def refuse(*_: object) -> None:
        raise GrantLost("gone", code="grant_lost")

    world.opener.open = refuse  # type: ignore[method-assign,assignment]
    who: Caller = caller("alice")
    with pytest.raises(AppError):
        change_settings(ChangeSettings(who, SettingsChange(mailmagnet=True)), world.oauth)
    assert not world.row(mailbox).settings.mailmagnet
    assert world.row(mailbox).health.code == "grant_lost"
