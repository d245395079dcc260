"""Labels: Gmail's own and the user's."""

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.local.gmail.running import Running, deliver, mail, reason


def test_a_new_mailbox_has_gmails_own_labels(gmail: Running) -> None:
    labels = gmail.users().labels().list(userId="me").execute()["labels"]

    assert {"INBOX", "SENT", "TRASH", "SPAM", "DRAFT", "UNREAD", "STARRED", "IMPORTANT"} <= {
        label["id"] for label in labels
    }
    assert {label["type"] for label in labels} == {"system"}


def test_a_label_counts_its_messages_and_threads(gmail: Running) -> None:
    first = deliver(gmail, mail("Offer", Message_ID="<1@c.test>"))
    deliver(gmail, mail("Re: Offer", In_Reply_To="<1@c.test>"))
    users = gmail.users()
    users.messages().modify(userId="me", id=first["id"], body={"removeLabelIds": ["UNREAD"]}).execute()
    inbox = users.labels().get(userId="me", id="INBOX").execute()

    counts = [inbox[name] for name in ("messagesTotal", "messagesUnread", "threadsTotal", "threadsUnread")]
    assert counts == [2, 1, 1, 1]


def test_a_label_is_made_changed_and_deleted(gmail: Running) -> None:
    labels = gmail.users().labels()
    color = {"textColor": "#ffffff", "backgroundColor": "#16a766"}
    made = labels.create(userId="me", body={"name": "Deals", "color": color}).execute()
    assert made["type"] == "user"
    assert made["color"] == color

    patched = labels.patch(userId="me", id=made["id"], body={"name": "Open deals"}).execute()
    assert (patched["name"], patched["color"]) == ("Open deals", color)
    updated = labels.update(userId="me", id=made["id"], body={"id": made["id"], "name": "Plain"}).execute()
    assert "color" not in updated
    labels.delete(userId="me", id=made["id"]).execute()
    with pytest.raises(HttpError) as refused:
        labels.get(userId="me", id=made["id"]).execute()
    assert reason(refused) == (404, "notFound")


def test_two_labels_can_not_differ_in_case_only(gmail: Running) -> None:
    labels = gmail.users().labels()
    labels.create(userId="me", body={"name": "Customers"}).execute()
    other = labels.create(userId="me", body={"name": "Other"}).execute()

    for call in (
        labels.create(userId="me", body={"name": "CUSTOMERS"}),
        labels.patch(userId="me", id=other["id"], body={"name": "customers"}),
    ):
        with pytest.raises(HttpError, match="Label name exists or conflicts") as refused:
            call.execute()
        assert refused.value.resp.status == 409
    renamed = labels.patch(userId="me", id=other["id"], body={"name": "OTHER"}).execute()
    assert renamed["name"] == "OTHER"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x" * 226},
        {"name": "Inbox"},
        {"name": "a//b"},
        {"name": "Fine", "color": {"textColor": "#123456", "backgroundColor": "#000000"}},
        {"name": "Fine", "color": {"textColor": "#000000"}},
        {"name": "Fine", "labelListVisibility": "sometimes"},
    ],
)
def test_a_label_that_gmail_would_not_take_is_400(gmail: Running, body: dict[str, Any]) -> None:
    with pytest.raises(HttpError) as refused:
        gmail.users().labels().create(userId="me", body=body).execute()

    assert reason(refused) == (400, "invalidArgument")


def test_a_name_of_225_characters_is_taken(gmail: Running) -> None:
    name = "x" * 225

    assert gmail.users().labels().create(userId="me", body={"name": name}).execute()["name"] == name


def test_gmails_own_labels_can_not_be_changed_or_deleted(gmail: Running) -> None:
    labels = gmail.users().labels()
    for call in (
        labels.patch(userId="me", id="INBOX", body={"name": "Post"}),
        labels.delete(userId="me", id="INBOX"),
    ):
        with pytest.raises(HttpError) as refused:
            call.execute()
        assert reason(refused) == (400, "invalidArgument")


def test_deleting_a_label_takes_it_off_its_messages(gmail: Running) -> None:
    message_id = deliver(gmail, mail())["id"]
    users = gmail.users()
    label_id = users.labels().create(userId="me", body={"name": "Deals"}).execute()["id"]
    users.messages().modify(userId="me", id=message_id, body={"addLabelIds": [label_id]}).execute()
    users.labels().delete(userId="me", id=label_id).execute()

    message = users.messages().get(userId="me", id=message_id, format="minimal").execute()
    assert message["labelIds"] == ["INBOX", "UNREAD"]
    with pytest.raises(HttpError, match="labelId not found"):
        users.messages().modify(userId="me", id=message_id, body={"addLabelIds": [label_id]}).execute()
