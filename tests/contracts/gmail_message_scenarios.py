"""What both Gmail emulators are asked to do with messages.

Each scenario is one story in an empty mailbox of its own.
A scenario returns facts: plain values by name, without the ids, dates and sizes that each emulator may choose.
"""

from io import BytesIO
from typing import Any

from googleapiclient.http import MediaIoBaseUpload

from tests.contracts.gmail_calls import (
    Facts,
    dated_by,
    decoded,
    get,
    headers_of,
    insert,
    labels_of,
    mail,
    outcome,
    raw,
)

PDF = bytes(range(256)) * 9


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
