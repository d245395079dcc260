"""What both Gmail emulators are asked to do with a mailbox, its messages apart.

Each scenario is one story in an empty mailbox of its own.
A scenario returns facts: plain values by name, without the ids, dates and sizes that each emulator may choose.
"""

import time
from typing import Any

from googleapiclient.errors import HttpError

from tests.contracts.gmail_calls import (
    Facts,
    get,
    headers_of,
    insert,
    labels_of,
    mail,
    outcome,
    raw,
)


def profile(gmail: Any) -> Facts:
    insert(gmail, mail("One"))
    try:
        answer = gmail.users().getProfile(userId="me").execute()
    except HttpError as refusal:
        return {"getProfile": refusal.resp.status}
    return {"getProfile": 200, "totals": (answer["messagesTotal"], answer["threadsTotal"])}


def labels(gmail: Any) -> Facts:
    resource = gmail.users().labels()
    made = resource.create(userId="me", body={"name": "Open Deals"}).execute()
    patched = resource.patch(userId="me", id=made["id"], body={"name": "Open deals 2"}).execute()
    message = insert(gmail, mail("One"), ["INBOX", made["id"]])
    counted = resource.get(userId="me", id=made["id"]).execute()
    listed = resource.list(userId="me").execute()["labels"]
    facts = {
        "made": (made["name"], made["type"], made["labelListVisibility"], made["messageListVisibility"]),
        "patched keeps the id": patched["id"] == made["id"],
        "patched": patched["name"],
        "counted": (counted["messagesTotal"], counted["threadsTotal"]),
        "system labels": sorted(label["id"] for label in listed if label["type"] == "system"),
        "user labels": [label["name"] for label in listed if label["type"] == "user"],
        "list entries count messages": "messagesTotal" in listed[0],
        "same name": outcome(resource.create(userId="me", body={"name": "Open deals 2"})),
        "same name in capitals": outcome(resource.create(userId="me", body={"name": "OPEN DEALS 2"})),
        "name of a system label": outcome(resource.create(userId="me", body={"name": "INBOX"})),
        "no name": outcome(resource.create(userId="me", body={})),
        "delete a system label": outcome(resource.delete(userId="me", id="INBOX")),
        "delete": outcome(resource.delete(userId="me", id=made["id"])),
    }
    return {
        **facts,
        "get after delete": outcome(resource.get(userId="me", id=made["id"])),
        "delete again": outcome(resource.delete(userId="me", id=made["id"])),
        "message after delete": labels_of(get(gmail, message["id"])),
        "modify with the deleted label": outcome(
            gmail.users().messages().modify(userId="me", id=message["id"], body={"addLabelIds": [made["id"]]})
        ),
    }


def batching(gmail: Any) -> Facts:
    made = insert(gmail, mail("one"))["id"]
    seen: list[Any] = []

    def note(_: str, answer: Any, error: Exception | None) -> None:
        seen.append(answer["labelIds"] if error is None else getattr(error, "status_code", "unreadable"))

    batch = gmail.new_batch_http_request(callback=note)
    for message_id in (made, "0123456789abcdef"):
        batch.add(gmail.users().messages().get(userId="me", id=message_id))
    try:
        batch.execute()
    except HttpError as refusal:
        return {"batch": refusal.resp.status}
    return {"batch": 200, "parts": seen}


def watching(gmail: Any) -> Facts:
    insert(gmail, mail("one"))
    users = gmail.users()
    answer = users.watch(userId="me", body={"topicName": "projects/contract-tests/topics/gmail"}).execute()
    days = (int(answer["expiration"]) / 1000 - time.time()) / 86400
    return {
        "keys": sorted(answer),
        "days": round(days),
        "no topic": outcome(users.watch(userId="me", body={})),
        "stop": outcome(users.stop(userId="me")),
        "stop again": outcome(users.stop(userId="me")),
    }


def threads(gmail: Any) -> Facts:
    first = insert(gmail, mail("Question", Message_ID="<q1@kunde.example>"))
    reply = mail("Re: Question", In_Reply_To="<q1@kunde.example>", References="<q1@kunde.example>")
    reply.replace_header("Date", "Mon, 02 Nov 2026 11:00:00 +0000")
    second = insert(gmail, reply, ["INBOX"], threadId=first["threadId"])
    insert(gmail, mail("Something else"))
    resource = gmail.users().threads()
    thread = resource.get(userId="me", id=first["threadId"]).execute()
    listed = resource.list(userId="me").execute()["threads"]
    change = {"addLabelIds": ["STARRED"], "removeLabelIds": ["INBOX"]}
    modified = resource.modify(userId="me", id=first["threadId"], body=change).execute()
    return {
        "same thread": second["threadId"] == first["threadId"],
        "messages": [entry["id"] for entry in thread["messages"]] == [first["id"], second["id"]],
        "listed": (len(listed), sorted(listed[0])),
        "modify answers": sorted(modified["messages"][0].keys() & {"id", "labelIds", "threadId"}),
        "labels after": [labels_of(get(gmail, entry["id"])) for entry in thread["messages"]],
        "unknown id": outcome(resource.get(userId="me", id="0123456789abcdef")),
    }


def drafts(gmail: Any) -> Facts:
    resource = gmail.users().drafts()

    def body(subject: str) -> dict[str, Any]:
        return {"message": {"raw": raw(mail(subject, to="nobody@elsewhere.example"))}}

    made = resource.create(userId="me", body=body("First words")).execute()
    read = resource.get(userId="me", id=made["id"]).execute()
    listed = resource.list(userId="me").execute()["drafts"]
    updated = resource.update(userId="me", id=made["id"], body=body("Better words")).execute()
    subject = headers_of(resource.get(userId="me", id=made["id"]).execute()["message"], "Subject")
    sent = resource.send(userId="me", body={"id": made["id"]}).execute()
    thrown_away = resource.create(userId="me", body=body("Never mind")).execute()
    facts = {
        "made": sorted(made["message"].keys() & {"id", "threadId", "labelIds"}),
        "labels": labels_of(read["message"]),
        "listed": [(entry["id"] == made["id"], sorted(entry["message"])) for entry in listed],
        "update keeps the draft's id": updated["id"] == made["id"],
        "update changes the message's id": updated["message"]["id"] != made["message"]["id"],
        "subject after the update": subject,
        "sent": labels_of(get(gmail, sent["id"])),
        "sent stays in its thread": sent["threadId"] == updated["message"]["threadId"],
        "get after send": outcome(resource.get(userId="me", id=made["id"])),
        "send again": outcome(resource.send(userId="me", body={"id": made["id"]})),
        "delete": outcome(resource.delete(userId="me", id=thrown_away["id"])),
    }
    gone = outcome(gmail.users().messages().get(userId="me", id=thrown_away["message"]["id"]))
    return {**facts, "message after delete": gone}


def history(gmail: Any) -> Facts:
    messages = gmail.users().messages()
    start = get(gmail, insert(gmail, mail("before"))["id"])["historyId"]
    changed = insert(gmail, mail("after"))["id"]
    messages.modify(userId="me", id=changed, body={"addLabelIds": ["STARRED"]}).execute()
    messages.modify(userId="me", id=changed, body={"removeLabelIds": ["UNREAD"]}).execute()
    messages.delete(userId="me", id=changed).execute()
    resource = gmail.users().history()
    kinds = ("messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted")

    def changes(**parameters: Any) -> list[tuple[str, Any]]:
        answer = resource.list(userId="me", startHistoryId=start, **parameters).execute()
        return [
            (kind, entry.get("labelIds"))
            for record in answer.get("history", [])
            for kind in kinds
            for entry in record.get(kind, [])
        ]

    answer = resource.list(userId="me", startHistoryId=start).execute()
    ids = [int(record["id"]) for record in answer["history"]]
    now = resource.list(userId="me", startHistoryId=answer["historyId"]).execute()
    return {
        "changes": changes(),
        "ids rise": ids == sorted(set(ids)) and ids[0] > int(start),
        "ends at the last": int(answer["historyId"]) >= ids[-1],
        "one kind": changes(historyTypes=["labelAdded"]),
        "nothing new has its key": "history" in now,
        "ids fit into 64 bits": ids[-1] < 2**64,
        "an ancient start": outcome(resource.list(userId="me", startHistoryId="1")),
        "no start": outcome(resource.list(userId="me")),
    }


def aliases(gmail: Any) -> Facts:
    entries = gmail.users().settings().sendAs().list(userId="me").execute()["sendAs"]
    return {
        "addresses": len(entries),
        "primary": [entry["isPrimary"] for entry in entries],
        "default": [entry["isDefault"] for entry in entries],
        "names the account": entries[0]["sendAsEmail"].endswith("@mail.example"),
    }
