"""Each check of `./dev live-check` says "as built" of the emulator, and notices a Gmail that does otherwise."""

import itertools
import re
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.live_check import reading, searching
from local.live_check.__main__ import new_token, practised, users
from local.live_check.mailbox import MARK, ConsentAgain, Mailbox, Patience, Unclear, encode
from local.live_check.practice import ADDRESS, NARROWED, Place, practice
from local.live_check.run import FOUND, Outcome, report, run, table
from local.live_check.sign_in import METADATA, NARROW
from local.live_check.table import CHECKS, ELSEWHERE
from shared.adapters.gmail_reading import OUTLINE_FIELDS
from shared.domain.sender_search import ADDRESSES_PER_QUERY, sender_queries
from tests.deploy.repository import ROOT
from tests.local.live_check.twisting import Twist, every_part, twisted
from tests.local.waiting import until

WHEN = datetime(2026, 11, 28, tzinfo=UTC)
QUICK = Patience(seconds=0, repeats=0, pause=lambda seconds: None)
READONLY = NARROW.split()[1]
LOOKING = "looking"
"""A token that is not the run's, whose own end with the second consent."""


@pytest.fixture
def place() -> Iterator[Place]:
    with practice() as place:
        yield place


def mailbox(place: Place, root: str | None = None) -> Mailbox:
    patience = Patience(seconds=60, repeats=0, pause=lambda seconds: None) if root is None else QUICK
    opened, second = users("practice", root or place.root), practised(place, root or place.root)
    return Mailbox(opened, new_token(), patience, place.topic, place.pushes, second)


def ask(place: Place, root: str | None = None, *names: str) -> Outcome:
    checks = [check for check in CHECKS if not names or check.id in names]
    return run(mailbox(place, root), checks, lambda row: None)


def left_in(place: Place) -> list[Any]:
    found = users(LOOKING, place.root).messages().list(userId="me", includeSpamTrash=True).execute()
    return list(found.get("messages", []))


def told(place: Place) -> list[Mapping[str, Any]]:
    """The notifications of all that has changed until now."""
    until(lambda: place.emulator.pushes.state()["pending"] == 0, "all is told")
    return place.pushes()


def test_the_ids_of_the_page_are_those_that_are_checked_or_told_to_be_checked_elsewhere() -> None:
    page = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")
    marked = re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE) + re.findall(
        r"Emulated \(`([a-z-]+)`\)", page
    )
    assert len(marked) == len(set(marked))
    assert set(marked) == {check.id for check in CHECKS} | set(ELSEWHERE)


def test_nothing_on_the_page_is_called_emulated_without_an_id() -> None:
    page = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")
    dated, _, tables = page.partition("## Emulated: the Gmail API")
    without = re.findall(r"Emulated(?! \(`[a-z-]+`\)):", dated)
    rows = [line for line in tables.splitlines() if line.startswith("| ") and "---" not in line]
    assert without == []
    assert [row for row in rows if not re.match(r"\| (`[a-z-]+`|id) \|", row)] == []


GOOGLE = re.compile(r"Google|Gmail|gmail\.|historyId|Secret Manager|Pub/Sub|Firestore|api_endpoint|from:")
"""What makes a trap one about Google."""


def unproven(page: str) -> list[str]:
    """The dated traps about Google that carry neither a known id, nor a page's address, nor code that is there."""
    known = {check.id for check in CHECKS} | set(ELSEWHERE)
    traps = re.split(r"^- ", page.partition("## Emulated: the Gmail API")[0], flags=re.MULTILINE)[1:]
    places = (ROOT, Path(sysconfig.get_path("purelib")))

    def rests(trap: str) -> bool:
        seen = re.findall(r"Seen in `([\w./]+)`", trap)
        ids = known & set(re.findall(r"\(`([a-z-]+)`\)", trap))
        return bool(
            ids or "](https://" in trap or any((place / file).exists() for place in places for file in seen)
        )

    return [trap.splitlines()[0] for trap in traps if GOOGLE.search(trap) and not rests(trap)]


def test_each_trap_about_google_carries_an_id_or_says_where_it_is_from() -> None:
    assert unproven((ROOT / "docs" / "traps.md").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("mark", ["", "Emulated (`no-such-id`): that.", "Seen in `google/nowhere.py`."])
def test_control_a_trap_that_rests_on_nothing_is_told(mark: str) -> None:
    assert unproven(f"- **Gmail forgets.** {mark}\n- **Python does not.** Never.\n") == [
        f"**Gmail forgets.** {mark}"
    ]


def test_the_emulator_is_as_the_page_says_and_nothing_stays_in_the_mailbox(place: Place) -> None:
    outcome = ask(place)
    assert {row.id: row.verdict for row in outcome.rows} == {check.id: "as built" for check in CHECKS}, table(
        outcome.rows
    )
    assert outcome.passed
    assert outcome.left_behind == 0
    assert left_in(place) == []
    labels = users(LOOKING, place.root).labels().list(userId="me").execute()["labels"]
    assert [label["name"] for label in labels if label["type"] == "user"] == []


def test_the_units_that_a_run_tells_are_those_that_were_charged(place: Place) -> None:
    box = mailbox(place)
    box.beside(users("practice", place.root))
    outcome = run(box, CHECKS, lambda row: None)
    assert outcome.units == place.emulator.quota.report()["users"][ADDRESS]["units"]


def _header(name: str, value: str) -> Twist:
    def twist(message: dict[str, Any]) -> None:
        for header in message.get("payload", {}).get("headers", []):
            if header["name"].lower() == name.lower():
                header["value"] = value

    return twist


def _inline_file(message: dict[str, Any]) -> None:
    for part in every_part(message):
        if part.get("filename") == "file.txt":
            part["body"] = {"size": 6, "data": encode(b"a file")}


def _childless(message: dict[str, Any]) -> None:
    for part in every_part(message):
        if part.get("mimeType") == "message/rfc822":
            part["parts"] = []


def _shallow(message: dict[str, Any]) -> None:
    for part in message.get("payload", {}).get("parts", []):
        part["parts"] = []


def _shallow_outline(message: dict[str, Any]) -> None:
    # Of a message in full, and not of its outline, Gmail tells the size.
    if "sizeEstimate" not in message:
        _shallow(message)


def _emptied(answer: dict[str, Any]) -> None:
    answer.clear()


def _other_bytes(answer: dict[str, Any]) -> None:
    answer["data"] = encode(b"other")


def _forgiven(answer: dict[str, Any]) -> int | None:
    if "error" not in answer:
        return None
    answer.clear()
    answer["id"] = "nothing"
    return 200


def _other_words(answer: dict[str, Any]) -> None:
    if "error" in answer:
        answer["error"]["message"] = "Not found"


def _with_a_key(answer: dict[str, Any]) -> None:
    answer.setdefault("messages", [])


ONE, LIST = r"/messages/\w+$", r"/messages$"
SEARCHES = ("search-words", "around", "sizes-and-ages", "has", "search-moments", "search-senders")
OTHERWISE: list[tuple[str, str, Twist | None, str]] = [
    ("header-values", ONE, _header("X-Words", "=?utf-8?q?Gr=C3=BC=C3=9Fe?="), ""),
    ("header-values", ONE, _header("X-Folded", "one\r\n two"), ""),
    ("inline-bodies", ONE, _inline_file, ""),
    ("attachment-ids", r"/attachments/", _other_bytes, ""),
    ("enclosed-mail", ONE, _childless, ""),
    ("nesting", ONE, _shallow, ""),
    ("outline-mask", ONE, None, "fields"),
    ("outline-mask", ONE, _shallow_outline, ""),
    ("metadata-beside", LIST, None, "q"),
    ("metadata-beside", ONE, None, "format"),
    # A Gmail whose search finds whatever is there.
    *((name, LIST, None, "q") for name in SEARCHES),
    ("search-index", LIST, _emptied, ""),
    ("sent-boundary", ONE, _header("Content-Type", 'multipart/alternative; boundary="another"'), ""),
    ("fresh-message", r"/history$", _emptied, ""),
    ("draft-once", r"/drafts/send$", _forgiven, ""),
    ("label-refusals", r"/labels$", _forgiven, ""),
    ("label-refusals", r"/modify$", _forgiven, ""),
    ("label-refusals", r"/modify$", _other_words, ""),
    ("empty-list", LIST, _with_a_key, ""),
    ("cursor-expired", r"/history$", _forgiven, ""),
]


@pytest.mark.parametrize(("name", "path", "twist", "drop"), OTHERWISE)
def test_a_gmail_that_does_otherwise_is_noticed(
    name: str, path: str, twist: Twist | None, drop: str, place: Place
) -> None:
    with twisted(place, path, twist, drop) as root:
        (row,) = ask(place, root, name).rows
    assert row.verdict in FOUND, row


def test_a_gmail_that_tells_nothing_through_pubsub_is_noticed(place: Place) -> None:
    place.emulator.faults.add({"kind": "drop_push"})
    (row,) = ask(place, place.root, "pushes").rows
    assert (row.verdict, row.saw) == ("unclear", "no notification covered the changes within 0 s")


@pytest.mark.parametrize("silent_for", [0, 1])
def test_a_subscription_that_cannot_be_read_leaves_no_watch_and_the_rest_is_asked(
    silent_for: int, place: Place
) -> None:
    calls = itertools.count()

    def hear() -> list[Mapping[str, Any]]:
        if next(calls) >= silent_for:
            raise Unclear("nothing can be read")
        return []

    box = Mailbox(users("practice", place.root), new_token(), QUICK, place.topic, hear)
    asked = [check for check in CHECKS if check.id in {"pushes", "empty-list"}]
    verdicts = {row.id: row.verdict for row in run(box, asked, lambda row: None).rows}
    assert verdicts == {"pushes": "unclear", "empty-list": "as built"}

    told(place)
    later = mailbox(place)
    later.put(later.mail("unwatched"), "INBOX")
    assert told(place) == []


def test_a_network_that_is_gone_costs_no_report(place: Place) -> None:
    box = mailbox(place)
    box.users = users("practice", "http://nowhere.invalid/")
    outcome = run(box, [check for check in CHECKS if not check.is_last], lambda row: None)
    assert {row.verdict for row in outcome.rows} <= {"unclear", "not asked"}
    assert outcome.left_behind is None


def test_a_google_that_ends_one_consent_alone_is_noticed(place: Place) -> None:
    second = replace(practised(place, place.root), end=lambda: True)
    box = Mailbox(users("practice", place.root), new_token(), QUICK, second=second)
    (row,) = run(box, [check for check in CHECKS if check.id == "revoke-ends-all"], lambda row: None).rows
    assert (row.verdict, "not refused" in row.saw) == ("differs", True)


@pytest.mark.parametrize(
    ("allowed", "named", "opened", "verdict"),
    [
        ({READONLY}, {READONLY}, "practice", "as built"),
        ({READONLY}, {READONLY}, NARROWED, "differs"),
        ({READONLY}, {READONLY, METADATA}, "practice", "differs"),
        ({READONLY, METADATA}, {READONLY, METADATA}, NARROWED, "unclear"),
    ],
    ids=["gone and not named", "in force and not named", "gone and named", "not unticked"],
)
def test_a_refresh_that_tells_of_a_scope_otherwise_than_it_is_is_noticed(
    allowed: set[str], named: set[str], opened: str, verdict: str, place: Place
) -> None:
    again = ConsentAgain(frozenset(allowed), frozenset(named), users(opened, place.root))
    second = replace(practised(place, place.root), again=lambda: again)
    box = Mailbox(users("practice", place.root), new_token(), QUICK, second=second)
    (row,) = run(box, [check for check in CHECKS if check.id == "scope-unticked"], lambda row: None).rows
    assert row.verdict == verdict, row.saw


def test_there_is_a_gmail_that_does_otherwise_for_every_check() -> None:
    elsewhere = {"pushes", "revoke-ends-all", "scope-unticked"}
    assert {row[0] for row in OTHERWISE} | elsewhere == {check.id for check in CHECKS}


def test_the_outline_that_is_asked_is_the_products_own() -> None:
    assert reading.OUTLINE == OUTLINE_FIELDS


@pytest.mark.parametrize("name", ["metadata-beside", "scope-unticked", "revoke-ends-all"])
def test_without_a_second_consent_nothing_is_asked_of_it(name: str, place: Place) -> None:
    box = Mailbox(users("practice", place.root), new_token(), QUICK)
    (row,) = run(box, [check for check in CHECKS if check.id == name], lambda row: None).rows
    assert (row.verdict, "--consents" in row.saw) == ("not asked", True)


def test_without_a_subscription_notifications_are_not_asked_for(place: Place) -> None:
    box = Mailbox(users("practice", place.root), new_token(), QUICK)
    (row,) = run(box, [check for check in CHECKS if check.id == "pushes"], lambda row: None).rows
    assert (row.verdict, "--subscription" in row.saw) == ("not asked", True)


def test_a_refused_call_costs_one_verdict_and_the_rest_is_asked(place: Place) -> None:
    place.emulator.faults.add({"kind": "status", "match": "messages.attachments.get", "status": 503})
    outcome = ask(place)
    verdicts = {row.id: row.verdict for row in outcome.rows}
    assert verdicts.pop("attachment-ids") == "unclear"
    assert set(verdicts.values()) == {"as built"}
    assert not outcome.passed
    assert left_in(place) == []


def test_an_interrupted_run_cleans_up(place: Place) -> None:
    def interrupt(row: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(mailbox(place), CHECKS, interrupt)
    assert left_in(place) == []


def test_a_run_that_may_not_delete_says_that_it_does_not_know_what_is_left(place: Place) -> None:
    place.emulator.faults.add({"kind": "status", "match": "messages.batchDelete", "status": 403})
    outcome = ask(place, None, "header-values")
    assert outcome.left_behind is None
    assert not outcome.passed
    assert len(left_in(place)) == 1


def test_a_token_that_dies_during_the_run_costs_no_report_and_proves_nothing(place: Place) -> None:
    def die(row: object) -> None:
        place.end()

    outcome = run(mailbox(place), CHECKS, die)
    assert [row.verdict for row in outcome.rows] == ["as built", *("unclear" for _ in CHECKS[1:])]
    assert outcome.left_behind is None
    assert "Mails left behind: unknown" in report(outcome, WHEN, "abc1234")
    assert len(left_in(place)) == 1


def test_a_mail_of_somebody_else_stays_even_if_it_comes_during_the_run(place: Place) -> None:
    box = mailbox(place)
    theirs = f"From: a@b.test\r\nSubject: not ours\r\n{MARK}: another run\r\n\r\nHello".encode()
    body = {"raw": encode(theirs), "labelIds": ["INBOX"]}
    kept = users("practice", place.root).messages().insert(userId="me", body=body).execute()
    assert run(box, CHECKS[:1], lambda row: None).left_behind == 0
    assert [row["id"] for row in left_in(place)] == [kept["id"]]


def test_the_report_holds_ids_and_numbers_and_nothing_of_the_mailbox(place: Place) -> None:
    box = mailbox(place)
    outcome = run(box, CHECKS, lambda row: None)
    text = report(outcome, WHEN, "abc1234")
    for secret in (box.token, ADDRESS, "practice", "Live check", "nobody@"):
        assert secret not in text
    assert all(f"| {check.id} | as built |" in text for check in CHECKS)
    assert all(f"- {name}: " in text for name in ELSEWHERE)


def test_a_refusal_is_told_by_its_status_alone(place: Place) -> None:
    # Its text holds the URL, and that the words of a search.
    place.emulator.faults.add(
        {"kind": "status", "match": "messages.list", "status": 403, "message": "canary"}
    )
    outcome = ask(place, None, "around")
    assert outcome.rows[0].saw == "Gmail answered 403"
    assert "canary" not in report(outcome, WHEN, "abc1234")


def test_gmail_is_asked_for_as_many_senders_as_the_product_names_in_one_search() -> None:
    assert len(searching.OTHERS) == ADDRESSES_PER_QUERY
    assert sender_queries(searching.OTHERS) == (searching.from_any(searching.OTHERS),)
