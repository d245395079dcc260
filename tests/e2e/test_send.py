"""Writing mail on a whole stack: what is sent arrives, in its thread, once, with exactly what was written."""

import base64
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.data_sets import DOMAIN
from tests.e2e.driver import Driver, Seller
from tests.local.waiting import until

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(64)).decode()


def _send(stack: Driver, seller: Seller, key: str | None = None, **body: Any) -> dict[str, Any]:
    """The answer to one POST /proxy/messages, which must be 201."""
    headers = {"Idempotency-Key": key or secrets.token_urlsafe(16)}
    answer = stack.raw("POST", "/proxy/messages", body, token=seller.token, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _refused(stack: Driver, seller: Seller, key: str | None = None, **body: Any) -> tuple[int, str]:
    headers = {"Idempotency-Key": key or secrets.token_urlsafe(16)}
    answer = stack.raw("POST", "/proxy/messages", body, token=seller.token, headers=headers)
    return answer.status_code, str(answer.json()["code"])


def _read(stack: Driver, seller: Seller, message_id: str) -> dict[str, Any]:
    path = f"/proxy/mailboxes/{seller.mailbox}/messages/{message_id}"
    return dict(stack.call("GET", path, token=seller.token, expect=200))


def _found(stack: Driver, seller: Seller, q: str) -> list[dict[str, Any]]:
    path = f"/proxy/messages?label=&q={q}"
    return list(stack.call("GET", path, token=seller.token, expect=200)["items"])


def _arrived(stack: Driver, seller: Seller, subject: str) -> dict[str, Any]:
    """The one mail with this subject in somebody's mailbox."""
    until(lambda: len(_found(stack, seller, f"subject:{subject}")) == 1, f"{subject} has arrived")
    return _read(stack, seller, _found(stack, seller, f"subject:{subject}")[0]["id"])


def _word() -> str:
    return f"w{secrets.token_hex(6)}"


@pytest.fixture(scope="module")
def pair(stack: Driver) -> tuple[Seller, Seller]:
    """Two sellers who write to each other."""
    return stack.connect_next(), stack.connect_next()


def test_a_mail_with_everything_arrives_as_it_was_written(stack: Driver, pair: tuple[Seller, Seller]) -> None:
    alice, bob = pair
    word = _word()
    _send(
        stack,
        alice,
        to=[{"name": "Bob, the Größe", "address": bob.email}],
        cc=["someone@elsewhere.example"],
        bcc=["hidden@elsewhere.example"],
        subject=f"{word} Angebot für 日本",
        html='<p>Grüße <img src="cid:logo@mail"></p>',
        attachments=[
            {
                "name": "Preise – 2026.pdf",
                "type": "application/pdf",
                "data": base64.b64encode(b"%PDF-1.7").decode(),
            },
            {"name": "logo.png", "type": "image/png", "data": PNG, "cid": "logo@mail"},
        ],
    )
    mail = _arrived(stack, bob, word)
    assert mail["subject"] == f"{word} Angebot für 日本"
    assert mail["from"]["address"] == alice.email
    assert [(row["name"], row["address"]) for row in mail["to"]] == [("Bob, the Größe", bob.email)]
    assert "Grüße" in mail["html"]
    assert mail["text"].strip() == "Grüße"
    assert {(row["name"], row["type"], row["inline"]) for row in mail["attachments"]} == {
        ("Preise – 2026.pdf", "application/pdf", False),
        ("logo.png", "image/png", True),
    }
    assert "hidden@" not in str(mail)
    file = next(row for row in mail["attachments"] if row["name"].endswith(".pdf"))
    path = f"/proxy/mailboxes/{bob.mailbox}/messages/{mail['id']}/attachments/{file['id']}"
    assert stack.raw("GET", path, token=bob.token).content == b"%PDF-1.7"


def test_an_answer_stays_in_its_thread_on_both_sides(stack: Driver, pair: tuple[Seller, Seller]) -> None:
    alice, bob = pair
    word = _word()
    first = _send(stack, alice, to=[bob.email], subject=word, text="May we meet?")
    received = _arrived(stack, bob, word)
    answer = _send(
        stack, bob, reply_to_message=received["id"], mode="reply", text="Gladly.", html="<p>Gladly.</p>"
    )
    assert answer["thread_id"] == received["thread_id"]
    until(lambda: len(_found(stack, alice, f"subject:{word}")) == 2, "the answer has arrived")
    thread = stack.call(
        "GET", f"/proxy/mailboxes/{alice.mailbox}/threads/{first['thread_id']}", token=alice.token, expect=200
    )
    assert [mail["subject"] for mail in thread["items"]] == [word, f"Re: {word}"]
    reply = thread["items"][1]
    headers = {row["name"]: row["value"] for row in reply["headers"]}
    assert headers["In-Reply-To"] == thread["items"][0]["message_id"]
    assert headers["References"].split() == [thread["items"][0]["message_id"]]
    assert reply["to"] == [{"name": reply["to"][0]["name"], "address": alice.email}]
    assert "> May we meet?" in reply["text"]
    assert reply["quote_line"] is not None
    assert 'data-quoted="true"' in reply["html"]


def test_an_answer_to_all_goes_to_all_others(stack: Driver, pair: tuple[Seller, Seller]) -> None:
    alice, bob = pair
    word = _word()
    message = stack.deliver_raw(
        alice.email,
        f"From: Ana <ana@customers.example>\r\nTo: {alice.email}, {bob.email}\r\nCc: cy@customers.example\r\n"
        f"Subject: {word}\r\nMessage-ID: <{word}@customers.example>\r\n\r\nAll of you?\r\n".encode(),
    )
    sent = _read(
        stack, alice, _send(stack, alice, reply_to_message=message, mode="reply_all", text="Yes")["id"]
    )
    assert [row["address"] for row in sent["to"]] == ["ana@customers.example"]
    assert [row["address"] for row in sent["cc"]] == [bob.email, "cy@customers.example"]


@pytest.mark.parametrize("forward_as", ["inline", "attachment"])
def test_a_forward_carries_the_old_mail_and_its_files(
    stack: Driver, pair: tuple[Seller, Seller], forward_as: str
) -> None:
    alice, bob = pair
    word = _word()
    boundary = "x42"
    message = stack.deliver_raw(
        alice.email,
        f"From: Ana <ana@customers.example>\r\nTo: {alice.email}\r\nSubject: {word}\r\nMIME-Version: 1.0\r\n"
        f"Message-ID: <{word}@customers.example>\r\n"
        f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n--{boundary}\r\n"
        f"Content-Type: text/html\r\n\r\n<p>Plans <script>x</script></p>\r\n--{boundary}\r\n"
        'Content-Type: text/csv; name="plan.csv"\r\nContent-Disposition: attachment\r\n\r\na,b\r\n'
        f"--{boundary}--\r\n".encode(),
    )
    _send(
        stack,
        alice,
        to=[bob.email],
        reply_to_message=message,
        mode="forward",
        text="See below",
        forward_as=forward_as,
    )
    mail = _arrived(stack, bob, word)
    assert mail["subject"] == f"Fwd: {word}"
    assert mail["text"].startswith("See below")
    names = [row["name"] for row in mail["attachments"]]
    assert names == (["plan.csv"] if forward_as == "inline" else [f"{word}.eml"])
    assert ("Plans" in mail["text"]) == (forward_as == "inline")


def test_one_key_sends_one_mail_however_often_it_comes(stack: Driver, pair: tuple[Seller, Seller]) -> None:
    alice, bob = pair
    word, key = _word(), secrets.token_urlsafe(16)
    body = {"to": [bob.email], "subject": word, "text": "once"}

    def call(_: int) -> tuple[int, Any]:
        headers = {"Idempotency-Key": key}
        answer = stack.raw("POST", "/proxy/messages", body, token=alice.token, headers=headers)
        return answer.status_code, answer.json()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(call, range(6)))
    assert {status for status, _ in answers} <= {201, 503}
    first = _send(stack, alice, key, **body)
    assert {answer["id"] for status, answer in answers if status == 201} <= {first["id"]}
    assert _refused(stack, alice, key, **{**body, "text": "twice"}) == (409, "key_reused")
    _arrived(stack, bob, word)
    assert [row["id"] for row in _found(stack, alice, f"subject:{word}")] == [first["id"]]


def test_a_draft_is_written_changed_and_sent_once(stack: Driver, pair: tuple[Seller, Seller]) -> None:
    alice, bob = pair
    word = _word()
    draft = stack.call("POST", "/proxy/drafts", {"subject": "Not yet"}, token=alice.token, expect=201)
    path = f"/proxy/drafts/{draft['id']}"
    assert stack.call("POST", f"{path}/send", token=alice.token, expect=422)["code"] == "no_recipients"
    body = {"to": [bob.email], "subject": word, "text": "Now"}
    changed = stack.call("PUT", path, body, token=alice.token, expect=200)
    assert changed["id"] == draft["id"]
    sent = stack.call("POST", f"{path}/send", token=alice.token, expect=201)
    assert stack.call("POST", f"{path}/send", token=alice.token, expect=201) == sent
    assert _arrived(stack, bob, word)["text"].strip() == "Now"
    assert stack.call("DELETE", path, token=alice.token, expect=404)["code"] == "not_found"


def test_a_draft_can_be_deleted(stack: Driver, pair: tuple[Seller, Seller]) -> None:
    alice, _ = pair
    draft = stack.call("POST", "/proxy/drafts", {"subject": "Never"}, token=alice.token, expect=201)
    assert stack.call("DELETE", f"/proxy/drafts/{draft['id']}", token=alice.token, expect=204) is None
    stack.call("DELETE", f"/proxy/drafts/{draft['id']}", token=alice.token, expect=404)


@pytest.mark.parametrize("mode", ["reply", "forward"])
def test_what_was_written_is_listed_and_can_be_saved_again_without_quoting_twice(
    stack: Driver, pair: tuple[Seller, Seller], mode: str
) -> None:
    alice, bob = pair
    word = _word()
    _send(stack, bob, to=[alice.email], subject=word, text="The question\n> and what it quotes")
    answered = _arrived(stack, alice, word)
    body = {"to": [bob.email], "bcc": ["won@customers.example"], "text": "On Monday\nwrote:", "mode": mode}
    body["reply_to_message"] = answered["id"]
    draft = stack.call("POST", "/proxy/drafts", body, token=alice.token, expect=201)
    for _ in range(2):
        listed = _drafts(stack, alice)[0]
        assert {key: listed[key] for key in draft} == draft
        assert (listed["text"], listed["forward"]) == ("On Monday\nwrote:", mode == "forward")
        assert listed["in_reply_to"] == answered["message_id"]
        assert [row["address"] for row in listed["bcc"]] == ["won@customers.example"]
        draft = stack.call("PUT", f"/proxy/drafts/{draft['id']}", body, token=alice.token, expect=200)
    stack.call("POST", f"/proxy/drafts/{draft['id']}/send", token=alice.token, expect=201)
    arrived = _arrived(stack, bob, f"{'Re' if mode == 'reply' else 'Fwd'}: {word}")
    assert arrived["text"].count("The question") == 1


def test_drafts_of_others_of_other_programs_and_of_mail_on_its_way_are_not_listed(
    stack: Driver, pair: tuple[Seller, Seller]
) -> None:
    alice, bob = pair
    before = _drafts(stack, alice)
    stack.call("POST", "/proxy/drafts", {"subject": "Bob's"}, token=bob.token, expect=201)
    html = {"subject": "With a form", "text": "a", "html": "<b>a</b>"}
    stack.call("POST", "/proxy/drafts", html, token=alice.token, expect=201)
    _send(stack, alice, to=[bob.email])
    assert _drafts(stack, alice) == before


def _drafts(stack: Driver, seller: Seller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stack.call("GET", "/proxy/drafts", token=seller.token, expect=200)["items"]
    return found


def test_only_ones_own_addresses_may_stand_in_from(stack: Driver, pair: tuple[Seller, Seller]) -> None:
    alice, bob = pair
    aliases = stack.call("GET", "/proxy/aliases", token=alice.token, expect=200)["items"]
    assert [(row["address"], row["verified"], row["default"]) for row in aliases] == [
        (alice.email, True, True)
    ]
    assert _refused(stack, alice, to=[bob.email], **{"from": bob.email}) == (422, "not_an_alias")
    assert _refused(stack, alice, to=[bob.email], **{"from": f"x <{alice.email}>, {bob.email}"}) == (
        422,
        "not_an_alias",
    )
    _send(stack, alice, to=[bob.email], **{"from": alice.email.upper()})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"subject": "nobody"}, 422, "no_recipients"),
        ({"to": ["ana@x\r\nBcc: evil@x.example"]}, 422, "invalid_address"),
        ({"to": [f"r{n}@x.example" for n in range(60)], "cc": [f"c{n}@x.example" for n in range(41)]}, 422,
         "too_many_recipients"),
        ({"to": ["a@x.example"], "attachments": [{"name": "a", "data": "*"}]}, 422, "invalid_base64"),
        ({"to": ["a@x.example"], "mode": "reply"}, 422, "mode_without_message"),
        ({"to": ["a@x.example"], "headers": {"X": "y"}}, 422, "invalid_fields"),
        ({"reply_to_message": "0000000000000000", "mode": "reply"}, 404, "not_found"),
        ({"reply_to_message": "../x", "mode": "reply"}, 404, "not_found"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_with_its_reason(
    stack: Driver, pair: tuple[Seller, Seller], body: dict[str, Any], status: int, code: str
) -> None:
    assert _refused(stack, pair[0], **body) == (status, code)


def test_a_key_is_needed_and_a_mail_above_25_mb_is_too_large(
    stack: Driver, pair: tuple[Seller, Seller]
) -> None:
    alice, bob = pair
    answer = stack.raw("POST", "/proxy/messages", {"to": [bob.email]}, token=alice.token)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_missing")
    big = {"name": "big.bin", "data": "A" * (26 * 1024 * 1024)}
    assert _refused(stack, alice, to=[bob.email], attachments=[big]) == (413, "mail_too_large")


def test_header_injection_by_the_subject_of_an_answered_mail_does_not_work(
    stack: Driver, pair: tuple[Seller, Seller]
) -> None:
    alice, _ = pair
    word = _word()
    message = stack.deliver_raw(
        alice.email,
        f"From: ana@customers.example\r\nTo: {alice.email}\r\nMessage-ID: <{word}@x>\r\n"
        f"Subject: =?utf-8?q?{word}=0D=0ABcc=3A_evil=40{DOMAIN}?=\r\n\r\nHi\r\n".encode(),
    )
    sent = _read(stack, alice, _send(stack, alice, reply_to_message=message, mode="reply", text="x")["id"])
    assert [row["name"] for row in sent["headers"] if row["name"] == "Bcc"] == []
    assert sent["subject"] == f"Re: {word} Bcc: evil@{DOMAIN}"


def test_a_key_that_was_used_is_told_as_held_and_erased_on_leaving(stack: Driver) -> None:
    leaver = stack.connect_next()
    _send(stack, leaver, to=["ana@customers.example"], subject="Bye")
    assert stack.call("GET", "/oauth/mailbox/data", token=leaver.token, expect=200)["sends"] == 1
    receipt = stack.call("DELETE", "/oauth/mailbox", token=leaver.token, expect=200)
    assert receipt["erased"]["sends"] == 1
