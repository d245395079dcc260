"""Drafts and the addresses that mail may be sent from."""

import base64

import pytest
from googleapiclient.errors import HttpError

from tests.local.gmail.running import ALICE, BOB, Running, deliver, mail, raw, reason, running, seed_of


def test_a_draft_is_made_replaced_listed_and_deleted(gmail: Running) -> None:
    drafts = gmail.users().drafts()
    made = drafts.create(userId="me", body={"message": {"raw": raw(mail("first"))}}).execute()
    changed = drafts.update(
        userId="me", id=made["id"], body={"message": {"raw": raw(mail("second"))}}
    ).execute()

    assert changed["id"] == made["id"]
    assert changed["message"]["id"] != made["message"]["id"]
    listed = drafts.list(userId="me").execute()["drafts"]
    assert [(draft["id"], draft["message"]["id"]) for draft in listed] == [
        (made["id"], changed["message"]["id"])
    ]
    stored = drafts.get(userId="me", id=made["id"], format="raw").execute()["message"]
    assert b"Subject: second" in base64.urlsafe_b64decode(stored["raw"])
    drafts.delete(userId="me", id=made["id"]).execute()
    assert "drafts" not in drafts.list(userId="me").execute()


def test_a_draft_can_be_sent_once(gmail: Running) -> None:
    drafts = gmail.users().drafts()
    content = mail("offer", sender=ALICE, to=BOB)
    draft = drafts.create(userId="me", body={"message": {"raw": raw(content)}}).execute()
    sent = drafts.send(userId="me", body={"id": draft["id"]}).execute()

    assert sent["labelIds"] == ["SENT"]
    assert sent["threadId"] == draft["message"]["threadId"]
    assert sent["id"] != draft["message"]["id"]
    assert len(gmail.control("GET", f"messages?user={BOB}")) == 1
    for call in (
        drafts.send(userId="me", body={"id": draft["id"]}),
        drafts.get(userId="me", id=draft["id"]),
    ):
        with pytest.raises(HttpError) as refused:
            call.execute()
        assert reason(refused) == (404, "notFound")
    assert len(gmail.control("GET", f"messages?user={BOB}")) == 1


def test_a_draft_without_a_receiver_stays_a_draft(gmail: Running) -> None:
    drafts = gmail.users().drafts()
    draft = drafts.create(
        userId="me", body={"message": {"raw": raw(b"Subject: unfinished\r\n\r\n")}}
    ).execute()
    with pytest.raises(HttpError) as refused:
        drafts.send(userId="me", body={"id": draft["id"]}).execute()

    assert reason(refused) == (400, "invalidArgument")
    assert drafts.get(userId="me", id=draft["id"]).execute()["id"] == draft["id"]


def test_an_answer_is_drafted_in_the_thread_it_answers(gmail: Running) -> None:
    first = deliver(gmail, mail("Offer", Message_ID="<1@c.test>"))
    content = mail("Re: Offer", sender=ALICE, to="carol@customer.test", In_Reply_To="<1@c.test>")
    body = {"message": {"raw": raw(content), "threadId": first["threadId"]}}
    drafts = gmail.users().drafts()
    draft = drafts.create(userId="me", body=body).execute()
    sent = drafts.send(userId="me", body={"id": draft["id"]}).execute()

    assert draft["message"]["threadId"] == sent["threadId"] == first["threadId"]


def test_deleting_a_drafts_message_ends_the_draft(gmail: Running) -> None:
    users = gmail.users()
    draft = users.drafts().create(userId="me", body={"message": {"raw": raw(mail())}}).execute()
    users.messages().delete(userId="me", id=draft["message"]["id"]).execute()

    with pytest.raises(HttpError) as refused:
        users.drafts().get(userId="me", id=draft["id"]).execute()
    assert reason(refused) == (404, "notFound")


def test_send_as_lists_the_account_first_and_then_its_aliases() -> None:
    with running(seed_of(ALICE, aliases={ALICE: ("sales@example.com",)})) as gmail:
        send_as = gmail.users().settings().sendAs()
        listed = send_as.list(userId="me").execute()["sendAs"]
        alias = send_as.get(userId="me", sendAsEmail="sales@example.com").execute()

        assert [(entry["sendAsEmail"], entry.get("isPrimary", False)) for entry in listed] == [
            (ALICE, True),
            ("sales@example.com", False),
        ]
        assert alias["verificationStatus"] == "accepted"
        with pytest.raises(HttpError) as refused:
            send_as.get(userId="me", sendAsEmail="other@example.com").execute()
        assert reason(refused) == (404, "notFound")


def test_mail_to_an_alias_or_a_plus_address_arrives(gmail: Running) -> None:
    assert deliver(gmail, mail(), to="alice+crm@example.com")["id"]
    with running(seed_of(ALICE, aliases={ALICE: ("sales@example.com",)})) as other:
        assert deliver(other, mail(), to="Sales@Example.com")["id"]
