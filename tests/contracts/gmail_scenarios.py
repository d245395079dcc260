"""What both Gmail emulators are asked to do. Each scenario is one story in an empty mailbox of its own.

A scenario returns facts: plain values by name, without the ids, dates and sizes that each emulator is free to choose.
"""

import base64
import time
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from io import BytesIO
from typing import Any

from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

Facts = dict[str, Any]
PDF = bytes(range(256)) * 9


def mail(subject: str, *, to: str = "owner@mail.example", **headers: str) -> EmailMessage:
    """A small text mail from a customer."""
    message = EmailMessage()
    message["From"] = "Carla Kunde <carla@kunde.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0000"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"Text of {subject}.\n")
    return message


def raw(message: EmailMessage) -> str:
    return base64.urlsafe_b64encode(message.as_bytes()).decode()


def decoded(data: str) -> bytes:
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


def outcome(call: Any) -> Any:
    """200, or the status and reason of the refusal."""
    try:
        call.execute()
    except HttpError as refusal:
        details = refusal.error_details
        reason = details[0].get("reason") if isinstance(details, list) and details else None
        return refusal.resp.status, reason
    return 200


def insert(
    gmail: Any, message: EmailMessage, labels: Iterable[str] = ("INBOX", "UNREAD"), **body: str
) -> Any:
    request = {"raw": raw(message), "labelIds": list(labels), **body}
    return gmail.users().messages().insert(userId="me", body=request).execute()


def get(gmail: Any, message_id: str, **parameters: Any) -> Any:
    return gmail.users().messages().get(userId="me", id=message_id, **parameters).execute()


def dated_by(message: Any) -> str:
    """Whether `internalDate` is the Date header that `mail` writes, or the time of receipt."""
    return "Date header" if message["internalDate"] == "1793613600000" else "receipt"


def labels_of(message: Any) -> list[str]:
    return sorted(message.get("labelIds", []))


def headers_of(message: Any, *names: str) -> dict[str, str]:
    wanted = {name.lower() for name in names}
    return {
        header["name"]: header["value"]
        for header in message["payload"]["headers"]
        if header["name"].lower() in wanted
    }


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


def reading(gmail: Any) -> Facts:
    source = mail(
        "Angebot für März", Reply_To="desk@kunde.example", X_Mailer="Brief 3", Message_ID="<m1@k.example>"
    )
    source.add_alternative("<p>Text of <b>it</b>.</p>", subtype="html")
    messages = gmail.users().messages()
    message_id = insert(gmail, source)["id"]
    full = get(gmail, message_id, format="full")
    metadata = get(gmail, message_id, format="metadata", metadataHeaders=["From", "Subject"])
    parts = full["payload"]["parts"]
    return {
        "keys": sorted(full),
        "labels": labels_of(full),
        "address headers": headers_of(full, "From", "To", "Reply-To", "Message-ID"),
        "subject header": headers_of(full, "Subject"),
        "date header": headers_of(full, "Date"),
        "other headers": headers_of(full, "X-Mailer"),
        "snippet": full["snippet"].split(".")[0],
        "type": full["payload"]["mimeType"],
        "parts": [(part["partId"], part["mimeType"], part["filename"]) for part in parts],
        "part headers": [sorted(header["name"] for header in part["headers"]) for part in parts],
        "text": decoded(parts[0]["body"]["data"]).decode().strip(),
        "html": decoded(parts[1]["body"]["data"]).decode().strip(),
        "metadata": sorted(header["name"] for header in metadata["payload"]["headers"]),
        "metadata has parts": "parts" in metadata["payload"],
        "minimal has a payload": "payload" in get(gmail, message_id, format="minimal"),
        "raw is what came in": decoded(get(gmail, message_id, format="raw")["raw"]) == source.as_bytes(),
        "raw has a payload": "payload" in get(gmail, message_id, format="raw"),
        "unknown id": outcome(messages.get(userId="me", id="0123456789abcdef")),
        "another user": outcome(messages.get(userId="who@mail.example", id=message_id)),
        "field mask": sorted(get(gmail, message_id, fields="id,labelIds")),
    }


def bringing_in(gmail: Any) -> Facts:
    messages = gmail.users().messages()
    body = {"raw": raw(mail("inserted"))}
    inserted = messages.insert(userId="me", body=body).execute()
    by_header = messages.insert(userId="me", body=body, internalDateSource="dateHeader").execute()
    imported = messages.import_(userId="me", body={**body, "labelIds": ["INBOX"]}).execute()
    media = MediaIoBaseUpload(BytesIO(mail("uploaded").as_bytes()), "message/rfc822")
    uploaded = messages.insert(userId="me", media_body=media).execute()
    sent = messages.send(userId="me", body={"raw": raw(mail("sent", to="x@elsewhere.example"))}).execute()
    return {
        "labels inserted": labels_of(inserted),
        "inserted is dated by": dated_by(get(gmail, inserted["id"])),
        "inserted on request is dated by": dated_by(get(gmail, by_header["id"])),
        "labels imported": labels_of(imported),
        "imported is dated by": dated_by(get(gmail, imported["id"])),
        "uploaded": decoded(get(gmail, uploaded["id"], format="raw")["raw"]) == mail("uploaded").as_bytes(),
        "sent": labels_of(get(gmail, sent["id"])),
        "not base64": outcome(messages.insert(userId="me", body={"raw": "***"})),
        "nothing": outcome(messages.insert(userId="me", body={})),
        "unknown label": outcome(messages.insert(userId="me", body={**body, "labelIds": ["Label_404"]})),
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


def listing(gmail: Any) -> Facts:
    messages = gmail.users().messages()
    empty = messages.list(userId="me").execute()
    names = {}
    for day, subject in enumerate(["first", "second", "third"], start=1):
        message = mail(subject)
        message.replace_header("Date", f"0{day} Nov 2026 10:00:00 +0000")
        names[insert(gmail, message, ["INBOX"] if day < 3 else ["STARRED"])["id"]] = subject
    insert(gmail, mail("gone"), ["TRASH"])

    def found(**parameters: Any) -> list[str]:
        answer = messages.list(userId="me", **parameters).execute()
        return [names.get(entry["id"], "gone") for entry in answer.get("messages", [])]

    page = messages.list(userId="me", maxResults=2).execute()
    rest = found(maxResults=2, pageToken=page["nextPageToken"])
    return {
        "an empty list has its key": "messages" in empty,
        "an empty estimate": empty["resultSizeEstimate"],
        "entry": sorted(page["messages"][0]),
        "all": found(),
        "pages": ([names[entry["id"]] for entry in page["messages"]], rest),
        "by label": found(labelIds=["INBOX"]),
        "by two labels": found(labelIds=["INBOX", "STARRED"]),
        "with trash": len(found(includeSpamTrash=True)),
        "subject:": found(q="subject:second"),
        "from:": len(found(q="from:carla@kunde.example")),
        "in:": found(q="in:inbox"),
        "OR": found(q="subject:first OR subject:third"),
        "braces": found(q="{subject:first subject:third}"),
        "minus": found(q="-subject:second"),
        "unknown label": outcome(messages.list(userId="me", labelIds=["Label_404"])),
    }


def changing(gmail: Any) -> Facts:
    messages = gmail.users().messages()
    one, two = (insert(gmail, mail(subject))["id"] for subject in ("one", "two"))
    change = {"addLabelIds": ["STARRED"], "removeLabelIds": ["UNREAD"]}
    modified = messages.modify(userId="me", id=one, body=change).execute()
    batch = {"ids": [one, two], "addLabelIds": ["IMPORTANT"], "removeLabelIds": ["INBOX"]}
    batch_outcome = outcome(messages.batchModify(userId="me", body=batch))
    facts = {
        "modified": labels_of(modified),
        "batchModify": (batch_outcome, labels_of(get(gmail, one)), labels_of(get(gmail, two))),
        "unknown label": outcome(messages.modify(userId="me", id=one, body={"addLabelIds": ["Label_404"]})),
        "trash": labels_of(messages.trash(userId="me", id=two).execute()),
        "untrash": labels_of(messages.untrash(userId="me", id=two).execute()),
        "modify an unknown message": outcome(
            messages.modify(userId="me", id="0123456789abcdef", body=change)
        ),
        "delete": outcome(messages.delete(userId="me", id=one)),
    }
    return {
        **facts,
        "get after delete": outcome(messages.get(userId="me", id=one)),
        "delete again": outcome(messages.delete(userId="me", id=one)),
    }


def attachments(gmail: Any) -> Facts:
    source = mail("With files")
    source.add_attachment(PDF, maintype="application", subtype="pdf", filename="Angebot.pdf")
    source.add_attachment("a;b\n", subtype="csv", filename="list.csv")
    message = get(gmail, insert(gmail, source)["id"])
    text, pdf, csv = message["payload"]["parts"]
    resource = gmail.users().messages().attachments()
    read = resource.get(userId="me", messageId=message["id"], id=pdf["body"]["attachmentId"]).execute()
    return {
        "type": message["payload"]["mimeType"],
        "text": decoded(text["body"]["data"]).decode().strip(),
        "pdf": (pdf["partId"], pdf["mimeType"], pdf["filename"], pdf["body"]["size"]),
        "pdf has inline bytes": "data" in pdf["body"],
        "csv": (csv["partId"], csv["mimeType"], csv["filename"]),
        "bytes": decoded(read["data"]) == PDF,
        "size": read["size"],
        "unknown message": outcome(resource.get(userId="me", messageId="0123456789abcdef", id="x")),
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


SCENARIOS: dict[str, Callable[[Any], Facts]] = {
    scenario.__name__: scenario
    for scenario in (
        profile,
        labels,
        reading,
        bringing_in,
        listing,
        changing,
        attachments,
        threads,
        drafts,
        history,
        aliases,
        batching,
        watching,
    )
}
