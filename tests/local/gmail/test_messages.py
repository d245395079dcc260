"""Messages: listing, reading, writing, sending, threading."""

import base64
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.local.gmail.running import (
    ALICE,
    BOB,
    METADATA,
    READONLY,
    Running,
    deliver,
    mail,
    raw,
    reason,
    running,
    seed_of,
)


def ids(answer: dict[str, Any]) -> list[str]:
    return [message["id"] for message in answer.get("messages", [])]


def test_an_empty_list_has_no_messages_key(gmail: Running) -> None:
    answer = gmail.users().messages().list(userId="me").execute()

    assert answer == {"resultSizeEstimate": 0}


def test_pages_go_from_the_newest_to_the_oldest_and_cover_all(gmail: Running) -> None:
    delivered = [deliver(gmail, mail(f"number {number}"))["id"] for number in range(5)]
    messages = gmail.users().messages()
    found: list[str] = []
    request = messages.list(userId="me", maxResults=2)
    while request is not None:
        answer = request.execute()
        assert len(ids(answer)) <= 2
        found += ids(answer)
        request = messages.list_next(request, answer)

    assert found == delivered[::-1]


@pytest.mark.parametrize("wrong", [{"maxResults": 0}, {"maxResults": 501}, {"pageToken": "mine"}])
def test_bad_paging_is_refused(gmail: Running, wrong: dict[str, Any]) -> None:
    with pytest.raises(HttpError) as refused:
        gmail.users().messages().list(userId="me", **wrong).execute()

    assert reason(refused) == (400, "invalidArgument")


def test_a_page_token_is_good_for_its_own_list_only(gmail: Running) -> None:
    for number in range(3):
        deliver(gmail, mail(f"number {number}"))
    messages = gmail.users().messages()
    token = messages.list(userId="me", maxResults=1).execute()["nextPageToken"]

    with pytest.raises(HttpError) as refused:
        messages.list(userId="me", maxResults=1, labelIds=["INBOX"], pageToken=token).execute()

    assert reason(refused) == (400, "invalidArgument")


def test_labels_narrow_the_list_to_messages_with_all_of_them(gmail: Running) -> None:
    first, second = deliver(gmail, mail("one")), deliver(gmail, mail("two"))
    messages = gmail.users().messages()
    messages.modify(userId="me", id=first["id"], body={"addLabelIds": ["STARRED"]}).execute()

    assert ids(messages.list(userId="me", labelIds=["INBOX", "STARRED"]).execute()) == [first["id"]]
    assert ids(messages.list(userId="me", labelIds=["INBOX"]).execute()) == [second["id"], first["id"]]


def test_spam_and_trash_are_left_out_unless_asked_for(gmail: Running) -> None:
    kept, gone = deliver(gmail, mail("kept"))["id"], deliver(gmail, mail("gone"))["id"]
    messages = gmail.users().messages()
    trashed = messages.trash(userId="me", id=gone).execute()

    assert "INBOX" not in trashed["labelIds"]
    assert ids(messages.list(userId="me").execute()) == [kept]
    assert ids(messages.list(userId="me", includeSpamTrash=True).execute()) == [gone, kept]
    assert ids(messages.list(userId="me", labelIds=["TRASH"]).execute()) == [gone]
    assert ids(messages.list(userId="me", q="in:trash").execute()) == [gone]
    messages.untrash(userId="me", id=gone).execute()
    assert gone in ids(messages.list(userId="me").execute())


def test_a_search_query_selects_messages(gmail: Running) -> None:
    wanted = deliver(gmail, mail("offer", sender="Dora <dora@customer.test>"))["id"]
    deliver(gmail, mail("other"))

    assert ids(gmail.users().messages().list(userId="me", q="from:dora@customer.test").execute()) == [wanted]


def test_an_unknown_label_in_a_list_is_labelid_not_found(gmail: Running) -> None:
    with pytest.raises(HttpError, match="labelId not found") as refused:
        gmail.users().messages().list(userId="me", labelIds=["Label_gone"]).execute()

    assert reason(refused) == (400, "invalidArgument")


def test_each_format_shows_its_own_part_of_a_message(gmail: Running) -> None:
    content = mail("formats", body="The body")
    message_id = deliver(gmail, content)["id"]
    get = gmail.users().messages().get

    minimal = get(userId="me", id=message_id, format="minimal").execute()
    assert set(minimal) == {
        "id",
        "threadId",
        "labelIds",
        "snippet",
        "historyId",
        "internalDate",
        "sizeEstimate",
    }
    assert minimal["labelIds"] == ["INBOX", "UNREAD"]
    full = get(userId="me", id=message_id).execute()
    assert base64.urlsafe_b64decode(full["payload"]["body"]["data"]).strip() == b"The body"
    headers = get(userId="me", id=message_id, format="metadata", metadataHeaders=["subject"]).execute()[
        "payload"
    ]["headers"]
    assert headers == [{"name": "Subject", "value": "formats"}]
    assert base64.urlsafe_b64decode(get(userId="me", id=message_id, format="raw").execute()["raw"]) == content


def test_mail_is_kept_byte_for_byte_even_if_malformed(gmail: Running) -> None:
    content = b"Subject: =?utf-8?q?broken\nFrom: a@\n b\xff\xfe\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\x00"
    message_id = deliver(gmail, content)["id"]
    answer = gmail.users().messages().get(userId="me", id=message_id, format="raw").execute()

    assert base64.urlsafe_b64decode(answer["raw"]) == content
    assert gmail.users().messages().get(userId="me", id=message_id).execute()["id"] == message_id


def test_an_attachment_is_read_by_the_id_in_the_payload(gmail: Running) -> None:
    content = (
        b"From: a@b.test\r\nTo: alice@example.com\r\nSubject: file\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nsee file\r\n"
        b"--x\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--x--\r\n"
    )
    message_id = deliver(gmail, content)["id"]
    messages = gmail.users().messages()
    part = messages.get(userId="me", id=message_id).execute()["payload"]["parts"][1]
    attachments = messages.attachments()
    answer = attachments.get(userId="me", messageId=message_id, id=part["body"]["attachmentId"]).execute()

    assert base64.urlsafe_b64decode(answer["data"]) == b"%PDF-"
    with pytest.raises(HttpError) as refused:
        attachments.get(userId="me", messageId=message_id, id="none").execute()
    assert reason(refused) == (404, "notFound")


def test_an_unknown_message_is_404_not_found(gmail: Running) -> None:
    with pytest.raises(HttpError) as refused:
        gmail.users().messages().get(userId="me", id="0123456789abcdef").execute()

    assert reason(refused) == (404, "notFound")


def test_insert_puts_a_mail_under_the_given_labels_and_date(gmail: Running) -> None:
    content = mail("old", Date="Mon, 05 Jan 2026 10:00:00 +0000")
    messages = gmail.users().messages()
    made = messages.insert(
        userId="me", internalDateSource="dateHeader", body={"raw": raw(content), "labelIds": ["STARRED"]}
    ).execute()
    answer = messages.get(userId="me", id=made["id"], format="minimal").execute()

    assert answer["labelIds"] == ["STARRED"]
    assert answer["internalDate"] == "1767607200000"


def test_import_puts_a_mail_into_the_inbox(gmail: Running) -> None:
    made = gmail.users().messages().import_(userId="me", body={"raw": raw(mail())}).execute()

    assert made["labelIds"] == ["INBOX", "UNREAD"]


def test_a_sent_mail_arrives_in_the_inbox_of_its_receiver_only(gmail: Running) -> None:
    content = mail("offer", sender=ALICE, to=f"{BOB}, nobody@elsewhere.test", Bcc="hidden@elsewhere.test")
    sent = gmail.users().messages().send(userId="me", body={"raw": raw(content)}).execute()
    received = gmail.control("GET", f"messages?user={BOB}")

    assert sent["labelIds"] == ["SENT"]
    assert [message["labelIds"] for message in received] == [["INBOX", "UNREAD"]]
    arrived = gmail.users(BOB).messages().get(userId="me", id=received[0]["id"]).execute()
    headers = {header["name"].lower(): header["value"] for header in arrived["payload"]["headers"]}
    assert "bcc" not in headers
    assert "dmarc=pass header.from=example.com" in headers["authentication-results"]


def test_a_mail_to_oneself_is_one_message_in_both_places(gmail: Running) -> None:
    content = mail("note", sender=ALICE, to=ALICE)
    gmail.users().messages().send(userId="me", body={"raw": raw(content)}).execute()

    stored = gmail.control("GET", f"messages?user={ALICE}")
    assert [message["labelIds"] for message in stored] == [["INBOX", "SENT", "UNREAD"]]


def test_sending_gives_a_new_message_id_and_the_accounts_own_from() -> None:
    seed = seed_of(ALICE, BOB, aliases={ALICE: ("sales@example.com",)})
    with running(seed) as gmail:
        messages = gmail.users().messages()

        def headers_after_sending(sender: str) -> dict[str, str]:
            content = mail("x", sender=sender, to=BOB, Message_ID="<mine@local>")
            sent = messages.send(userId="me", body={"raw": raw(content)}).execute()
            payload = messages.get(userId="me", id=sent["id"]).execute()["payload"]
            return {header["name"].lower(): header["value"] for header in payload["headers"]}

        forged, alias = headers_after_sending("boss@example.com"), headers_after_sending("sales@example.com")

    assert forged["message-id"].endswith("@mail.gmail.com>")
    assert forged["from"] == f"Alice <{ALICE}>"
    assert alias["from"] == "sales@example.com"
    assert "date" in forged


@pytest.mark.parametrize(
    "body", [{}, {"raw": ""}, {"raw": raw(b"Subject: to nobody\r\n\r\nx")}, {"raw": "%%"}]
)
def test_a_mail_that_can_not_be_sent_is_refused(gmail: Running, body: dict[str, str]) -> None:
    with pytest.raises(HttpError) as refused:
        gmail.users().messages().send(userId="me", body=body).execute()

    assert reason(refused) == (400, "invalidArgument")


def test_an_address_inside_an_encoded_name_gets_no_mail(gmail: Running) -> None:
    to = "=?utf-8?q?x=2C_bob=40example=2Ecom=2C?= <dora@customer.test>"
    content = f"From: {ALICE}\r\nTo: {to}\r\n\r\nx".encode()
    gmail.users().messages().send(userId="me", body={"raw": raw(content)}).execute()

    assert gmail.control("GET", f"messages?user={BOB}") == []


def test_an_answer_joins_the_thread_it_refers_to_under_the_same_subject(gmail: Running) -> None:
    first = deliver(gmail, mail("Offer", Message_ID="<1@c.test>"))
    answer = deliver(gmail, mail("RE: Offer", In_Reply_To="<1@c.test>", References="<1@c.test>"))
    renamed = deliver(gmail, mail("Another", In_Reply_To="<1@c.test>"))
    stranger = deliver(gmail, mail("Offer"))

    assert answer["threadId"] == first["threadId"]
    assert renamed["threadId"] != first["threadId"]
    assert stranger["threadId"] != first["threadId"]


def test_a_thread_id_on_send_counts_only_with_fitting_headers(gmail: Running) -> None:
    first = deliver(gmail, mail("Offer", Message_ID="<1@c.test>"))
    messages = gmail.users().messages()

    def send(content: bytes, thread_id: str) -> Any:
        return messages.send(userId="me", body={"raw": raw(content), "threadId": thread_id}).execute()

    fitting = mail("Re: Offer", sender=ALICE, to="carol@customer.test", In_Reply_To="<1@c.test>")
    assert send(fitting, first["threadId"])["threadId"] == first["threadId"]
    assert send(mail("Re: Offer", sender=ALICE, to=BOB), first["threadId"])["threadId"] != first["threadId"]
    with pytest.raises(HttpError) as refused:
        send(fitting, "00000000000000ff")
    assert reason(refused) == (404, "notFound")


def test_batch_modify_changes_the_messages_that_exist(gmail: Running) -> None:
    made = [deliver(gmail, mail(f"n{number}"))["id"] for number in range(3)]
    messages = gmail.users().messages()
    body = {"ids": [*made[:2], "ffffffffffffffff"], "addLabelIds": ["STARRED"], "removeLabelIds": ["INBOX"]}
    assert messages.batchModify(userId="me", body=body).execute() == ""

    assert set(ids(messages.list(userId="me", labelIds=["STARRED"]).execute())) == set(made[:2])
    assert ids(messages.list(userId="me", labelIds=["INBOX"]).execute()) == [made[2]]


def test_batch_modify_takes_at_most_a_thousand_ids(gmail: Running) -> None:
    body = {"ids": [f"{number:016x}" for number in range(1001)], "addLabelIds": ["STARRED"]}
    with pytest.raises(HttpError) as refused:
        gmail.users().messages().batchModify(userId="me", body=body).execute()

    assert reason(refused) == (400, "invalidArgument")


@pytest.mark.parametrize("label", ["Label_gone", "SENT", "DRAFT"])
def test_a_label_that_is_gone_or_gmails_own_can_not_be_put_on(gmail: Running, label: str) -> None:
    message_id = deliver(gmail, mail())["id"]
    with pytest.raises(HttpError) as refused:
        gmail.users().messages().modify(userId="me", id=message_id, body={"addLabelIds": [label]}).execute()

    assert reason(refused) == (400, "invalidArgument")


def test_delete_and_batch_delete_remove_for_good(gmail: Running) -> None:
    made = [deliver(gmail, mail(f"n{number}"))["id"] for number in range(3)]
    messages = gmail.users().messages()
    messages.delete(userId="me", id=made[0]).execute()
    messages.batchDelete(userId="me", body={"ids": made[1:]}).execute()

    assert gmail.control("GET", f"messages?user={ALICE}") == []


def test_threads_are_listed_once_with_their_newest_message_first(gmail: Running) -> None:
    first = deliver(gmail, mail("Offer", Message_ID="<1@c.test>"))
    second = deliver(gmail, mail("Other"))
    third = deliver(gmail, mail("Re: Offer", In_Reply_To="<1@c.test>"))
    threads = gmail.users().threads()
    found: list[str] = []
    request = threads.list(userId="me", maxResults=1)
    while request is not None:
        answer = request.execute()
        found += [thread["id"] for thread in answer["threads"]]
        request = threads.list_next(request, answer)

    assert found == [first["threadId"], second["threadId"]]
    thread = threads.get(userId="me", id=first["threadId"], format="minimal").execute()
    assert [message["id"] for message in thread["messages"]] == [first["id"], third["id"]]


def test_changing_a_thread_changes_all_its_messages(gmail: Running) -> None:
    first = deliver(gmail, mail("Offer", Message_ID="<1@c.test>"))
    deliver(gmail, mail("Re: Offer", In_Reply_To="<1@c.test>"))
    threads = gmail.users().threads()
    answer = threads.modify(userId="me", id=first["threadId"], body={"removeLabelIds": ["UNREAD"]}).execute()
    assert [message["labelIds"] for message in answer["messages"]] == [["INBOX"], ["INBOX"]]
    threads.trash(userId="me", id=first["threadId"]).execute()
    assert "threads" not in threads.list(userId="me").execute()
    threads.untrash(userId="me", id=first["threadId"]).execute()
    assert len(threads.list(userId="me").execute()["threads"]) == 1


def test_the_metadata_scope_shows_no_body_and_searches_nothing(gmail: Running) -> None:
    message_id = deliver(gmail, mail())["id"]
    messages = gmail.users(ALICE, METADATA).messages()

    assert messages.get(userId="me", id=message_id, format="metadata").execute()["payload"]["headers"]
    for refused_call in (
        messages.get(userId="me", id=message_id, format="full"),
        messages.get(userId="me", id=message_id, format="raw"),
        messages.list(userId="me", q="hello"),
    ):
        with pytest.raises(HttpError) as refused:
            refused_call.execute()
        assert reason(refused)[0] == 403


def test_the_metadata_scope_narrows_the_wider_one_beside_it(gmail: Running) -> None:
    message_id = deliver(gmail, mail())["id"]
    alone = gmail.users(ALICE, READONLY).messages()
    both = gmail.users(ALICE, METADATA, READONLY).messages()
    for method, asked in (
        ("list", {"q": "subject:hello"}),
        ("get", {"id": message_id, "format": "full"}),
    ):
        assert getattr(alone, method)(userId="me", **asked).execute()
        with pytest.raises(HttpError) as refused:
            getattr(both, method)(userId="me", **asked).execute()
        assert reason(refused)[0] == 403
