"""One's own mailbox: lists, one mail, threads, attachments, flags."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.mail import Mail, Part
from shared.domain.mailbox import GmailLabel, Leaving
from shared.errors import Throttled, UpstreamDown
from tests.fakes.proxy_fakes import NOON, caller, letter, mail_of, mailbox_of
from tests.functions.proxy.house import House

RICH = """From: Ana <ana@client.example>
To: alice@own.example
Subject: Offer
Message-ID: <rich@client.example>
Content-Type: multipart/mixed; boundary="m"

--m
Content-Type: multipart/related; boundary="r"

--r
Content-Type: text/html; charset=utf-8

<p onclick="x()">Grüße</p><img src="cid:logo@x"><img src="https://shop.example/a.png">
<img src="https://track.example/p" width="1" height="1"><script>top.x=1</script>
--r
Content-Type: image/png
Content-ID: <logo@x>
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAA=
--r--
--m
Content-Type: text/html; name="page.html"
Content-Disposition: attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.html

<script>top.x=1</script>
--m--
"""


def _house(*mails: Mail) -> House:
    house = House()
    house.gmail.mails = list(mails) or [mail_of(RICH, "rich")]
    return house


def _mail(house: House, message_id: str = "rich", **query: Any) -> Any:
    answer = house.get(f"/proxy/mailboxes/{house.alice.id}/messages/{message_id}", **query)
    assert answer.status_code == 200
    return answer.get_json()


def test_the_inbox_is_listed_unless_another_label_is_asked_for() -> None:
    house = _house(mail_of(letter(), "in"), mail_of(letter(), "sent", ("SENT",)))
    assert [row["id"] for row in house.get("/proxy/messages").get_json()["items"]] == ["in"]
    assert [row["id"] for row in house.get("/proxy/messages", label="SENT").get_json()["items"]] == ["sent"]
    assert len(house.get("/proxy/messages", label="").get_json()["items"]) == 2


def test_a_search_looks_into_all_mail_as_gmails_own_does_unless_a_label_is_named() -> None:
    house = House()
    house.gmail.mails = [mail_of(letter(), "in"), mail_of(letter(), "sent", ("SENT",))]

    def found(**query: str) -> set[str]:
        return {row["id"] for row in house.get("/proxy/messages", **query).get_json()["items"]}

    assert found(q="Hello") == {"in", "sent"}
    assert found(q="Hello", label="INBOX") == {"in"}
    assert found(q=" ") == found(q="") == found() == {"in"}


def test_a_category_is_taken_for_a_label_and_a_search_is_passed_on() -> None:
    house = House(alice=mailbox_of(caller(), labels={"customers": GmailLabel("Label_3", "Customers")}))
    house.gmail.mails = [mail_of(letter(), "won", ("Label_3",)), mail_of(letter(), "other")]
    page = house.get("/proxy/messages", label="customers", q="subject:roof").get_json()
    assert [(row["id"], row["category"]) for row in page["items"]] == [("won", "customers")]
    assert house.gmail.queries == ["subject:roof"]


def test_lists_are_turned_page_by_page_to_the_end() -> None:
    house = House()
    house.receive(12)
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 5}
    while True:
        page = house.get("/proxy/messages", **query).get_json()
        seen += [row["id"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == [f"m{at}" for at in range(12)]


def test_a_cursor_of_another_search_is_refused() -> None:
    house = House()
    house.receive(3)
    cursor = house.get("/proxy/messages", limit=1).get_json()["next_cursor"]
    assert house.get("/proxy/messages", limit=1, q="x", cursor=cursor).get_json()["code"] == "invalid_cursor"


def test_an_unknown_label_and_no_mailbox_are_not_found() -> None:
    assert House().get("/proxy/messages", label="Label_gone").get_json()["code"] == "label_not_found"
    assert House().get("/proxy/messages", user="carol").get_json()["code"] == "not_connected"


def test_a_row_that_cannot_be_read_now_fails_the_list_rather_than_being_left_out() -> None:
    house = House()
    house.receive(2)
    house.gmail.broken["m1"] = Throttled("slow", retry_after_s=7)
    answer = house.get("/proxy/messages")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_a_mail_is_opened_safe_in_one_round_trip_and_20_units() -> None:
    house = _house()
    mail = _mail(house)
    assert (house.gmail.calls, house.gmail.units, house.mailboxes.reads) == (["messages.get"], 20, 1)
    assert mail["text"].startswith("Grüße")
    assert "script" not in mail["html"]
    assert "onclick" not in mail["html"]
    assert (mail["remote_images"], mail["trackers"]) == (2, ["track.example"])
    assert "shop.example" not in mail["html"]
    assert [(row["name"], row["inline"]) for row in mail["attachments"]] == [
        ("attachment.png", True), ("Grüße.html", False),
    ]  # fmt: skip


def test_remote_pictures_are_shown_when_asked_for_but_never_trackers() -> None:
    mail = _mail(_house(), images="show")
    assert 'src="https://shop.example/a.png"' in mail["html"]
    assert "track.example" not in mail["html"]


def test_an_inline_picture_is_had_from_the_address_in_the_page() -> None:
    house = _house()
    page = _mail(house)["html"]
    path = page.split('src="')[1].split('"')[0]
    answer = house.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "image/png"
    assert answer.data.startswith(b"\x89PNG")


def test_an_attachment_is_saved_and_never_shown() -> None:
    house = _house()
    row = _mail(house)["attachments"][1]
    answer = house.get(f"/proxy/mailboxes/{house.alice.id}/messages/rich/attachments/{row['id']}")
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Gr__e.html\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.html"
    )


@pytest.mark.parametrize("aid", ["9", "0", "0.0", "x", "..", "root"])
def test_what_is_no_attachment_is_not_found(aid: str) -> None:
    house = _house()
    assert house.get(f"/proxy/mailboxes/{house.alice.id}/messages/rich/attachments/{aid}").status_code == 404


def test_an_attachment_that_gmail_keeps_apart_is_fetched() -> None:
    apart = Part("1", "application/pdf", "a.pdf", attachment_id="big", size=3)
    root = Part("", "multipart/mixed", parts=(Part("0", "text/plain", body=b"hi"), apart))
    house = _house(Mail(mail_of(letter(), "m1").metadata, root))
    house.gmail.bodies["big"] = b"PDF"
    answer = house.get(f"/proxy/mailboxes/{house.alice.id}/messages/m1/attachments/1")
    assert answer.data == b"PDF"
    assert house.gmail.units == 40


def test_an_attachment_over_25_mb_is_refused_before_it_is_fetched() -> None:
    apart = Part("1", "application/pdf", "a.pdf", attachment_id="big", size=26 * 1024 * 1024)
    house = _house(Mail(mail_of(letter(), "m1").metadata, Part("", "multipart/mixed", parts=(apart,))))
    answer = house.get(f"/proxy/mailboxes/{house.alice.id}/messages/m1/attachments/1")
    assert (answer.status_code, answer.get_json()["code"]) == (413, "attachment_too_large")


def test_a_large_body_is_fetched_and_one_that_does_not_come_is_noted() -> None:
    root = Part("", "text/plain", attachment_id="big", size=2_000_000)
    house = _house(Mail(mail_of(letter(), "m1").metadata, root))
    house.gmail.bodies["big"] = b"long words"
    assert _mail(house, "m1")["text"] == "long words"
    house.gmail.broken["big"] = UpstreamDown("down")
    mail = _mail(house, "m1")
    assert (mail["text"], mail["notes"]) == ("", ["body_too_large"])


def test_a_bomb_is_shown_as_text() -> None:
    house = _house(mail_of("Content-Type: text/html\n\n" + "<div>" * 9000 + "words", "bomb"))
    mail = _mail(house, "bomb")
    assert (mail["html"], mail["text"].strip(), mail["notes"]) == (None, "words", ["html_refused"])


def test_plain_text_stays_text() -> None:
    mail = _mail(_house(mail_of("Content-Type: text/plain\n\n<b>not bold</b> https://x.example", "p")), "p")
    assert mail["html"] is None
    assert mail["text"].strip() == "<b>not bold</b> https://x.example"


def test_plain_pieces_beside_a_page_are_escaped_in_it() -> None:
    page = "--m\nContent-Type: text/html\n\n<p>page</p>\n"
    raw = f'Content-Type: multipart/mixed; boundary="m"\n\n{page}--m\n\n<script>\n--m--\n'
    mail = _mail(_house(mail_of(raw, "p")), "p")
    assert "&lt;script&gt;" in mail["html"]
    assert "<script" not in mail["html"]


def test_a_thread_is_read_in_one_call() -> None:
    house = _house(mail_of(letter(Subject="a"), "m1"), mail_of(letter(Subject="b"), "m2"))
    answer = house.get(f"/proxy/mailboxes/{house.alice.id}/threads/t-m1")
    assert [row["id"] for row in answer.get_json()["items"]] == ["m1"]
    assert (house.gmail.units, house.mailboxes.reads) == (40, 1)


def _conversation(root: Part, count: int) -> tuple[House, Any]:
    """A house with a thread of mails like `root`, oldest first, and what opening it answers."""
    heads = [mail_of(letter(), f"m{at}", at=NOON + timedelta(minutes=at)).metadata for at in range(count)]
    house = _house(*(Mail(replace(head, thread_id="t"), root) for head in heads))
    house.gmail.bodies["big"] = b"long words"
    answer = house.get(f"/proxy/mailboxes/{house.alice.id}/threads/t")
    assert answer.status_code == 200
    return house, answer.get_json()["items"]


def test_a_conversation_costs_at_most_two_hundred_units_and_its_newest_bodies_are_fetched() -> None:
    apart = Part("0", "text/plain", attachment_id="big", size=2_000_000)
    house, items = _conversation(apart, 30)
    assert house.gmail.units == 200
    told = [(row["text"], row["notes"]) for row in items]
    assert told == [("", ["body_too_large"])] * 22 + [("long words", [])] * 8


def test_of_a_conversation_as_much_html_is_made_safe_as_one_call_may_and_the_rest_is_text() -> None:
    page = Part("0", "text/html", body=b"<p>" + b"word " * 100_000)
    _, items = _conversation(page, 12)
    told = [(row["html"] is not None, row["text"].startswith("word word"), row["notes"]) for row in items]
    assert told == [(False, True, ["html_refused"])] * 4 + [(True, True, [])] * 8


def test_of_pages_too_large_for_html_each_mail_of_a_conversation_shows_its_text() -> None:
    page = Part("0", "text/html", body=b"<p>" + b"word " * 500_000)
    _, items = _conversation(page, 4)
    told = [(row["html"], row["text"][:9], row["notes"]) for row in items]
    assert told == [(None, "word word", ["html_refused"])] * 4


def test_a_page_too_large_for_html_leaves_the_allowance_to_the_others() -> None:
    large, small = (Part("0", "text/html", body=b"<p>" + b"word " * count) for count in (500_000, 100_000))
    house = _house(
        Mail(mail_of(letter(), "m1").metadata, Part("", "multipart/mixed", parts=(*(large,) * 4, small)))
    )
    assert _mail(house, "m1")["html"].count("<p>") == 1


def test_one_mail_of_many_large_pages_is_held_to_the_same_measure() -> None:
    page = Part("0", "text/html", body=b"<p>" + b"word " * 100_000)
    house = _house(Mail(mail_of(letter(), "m1").metadata, Part("", "multipart/mixed", parts=(page,) * 40)))
    mail = _mail(house, "m1")
    assert mail["html"].count("<p>") == 8
    assert mail["notes"] == ["html_refused", "body_not_shown", "body_cut"]


@pytest.mark.parametrize("path", ["messages/m1", "messages/m1/attachments/1", "threads/t-m1"])
def test_a_foreign_mailbox_answers_as_one_that_does_not_exist_to_the_byte(path: str) -> None:
    house = House()
    house.bobs.mails = [mail_of(letter(), "m1")]
    answers = [
        house.get(f"/proxy/mailboxes/{mailbox}/{path}")
        for mailbox in (house.bob.id, "aaaaaaaaaaaaaaaaaaaaaaaaaa", house.alice.id)
    ]
    problems = [{**answer.get_json(), "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert problems[0] == problems[1] == problems[2]
    assert house.bobs.calls == []


def test_control_the_owner_of_that_mailbox_does_see_the_mail() -> None:
    house = House()
    house.bobs.mails = [mail_of(letter(), "m1")]
    assert house.get(f"/proxy/mailboxes/{house.bob.id}/messages/m1", user="bob").status_code == 200


@pytest.mark.parametrize("identifier", ["a b", "x" * 65, "a%2Fb", "é", "a%00"])
def test_ids_that_gmail_cannot_have_never_reach_it(identifier: str) -> None:
    house = _house()
    assert house.get(f"/proxy/mailboxes/{house.alice.id}/messages/{identifier}").status_code == 404
    assert house.gmail.calls == []


@pytest.mark.parametrize(
    ("flags", "labels"),
    [
        ({"read": True}, {"INBOX"}),
        ({"read": False}, {"INBOX", "UNREAD"}),
        ({"starred": True}, {"INBOX", "UNREAD", "STARRED"}),
        ({"archived": True}, {"UNREAD"}),
        ({"archived": False, "read": True, "starred": False}, {"INBOX"}),
        ({}, {"INBOX", "UNREAD"}),
    ],
)
def test_flags_change_gmails_labels(flags: dict[str, bool], labels: set[str]) -> None:
    house = _house(mail_of(letter(), "m1", ("INBOX", "UNREAD")))
    answer = house.post("/proxy/messages/m1/flags", flags)
    assert answer.status_code == 200
    assert set(answer.get_json()["labels"]) == labels


@pytest.mark.parametrize("body", [{"read": "yes"}, {"label": "x"}, [], {"read": 1}])
def test_flags_outside_the_contract_are_refused(body: Any) -> None:
    answer = _house().post("/proxy/messages/rich/flags", body)
    assert answer.status_code == 422


def test_flags_of_a_missing_mail_are_not_found() -> None:
    assert House().post("/proxy/messages/none/flags", {"read": True}).status_code == 404
    assert House().post("/proxy/messages/none/flags", {}).status_code == 404


def test_the_date_is_when_gmail_received_it() -> None:
    mail = _mail(_house(mail_of(letter(Date="Mon, 1 Jan 2001 00:00:00 +0000"), "m1", at=NOON)), "m1")
    assert mail["date"] == "2026-11-24T12:00:00Z"


def test_ones_own_mailbox_that_is_leaving_is_not_there_any_more() -> None:
    house = House()
    path = f"/proxy/mailboxes/{house.alice.id}/messages/none"
    leaving = Leaving(datetime(2026, 11, 24, tzinfo=UTC), "alice")
    house.mailboxes.rows[house.alice.id] = replace(house.alice, leaving=leaving)
    asked = house.opener.opened
    assert house.get(path).status_code == 404
    assert house.opener.opened == asked
