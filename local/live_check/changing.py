"""What happens after something changes: history, notifications, what sending does to a mail, what it all costs."""

import time

from googleapiclient.errors import HttpError

from local.live_check.check import Check, Finding, NotAsked
from local.live_check.mailbox import Mailbox, encode

_CHANGES = 3
_WEEK_S = 7 * 86400


def sent_boundary(mailbox: Mailbox) -> Finding:
    """A sent draft keeps its MIME boundary, by which it is found after a lost answer. It goes to oneself."""
    mail = mailbox.mail("sent")
    own = f"<{mailbox.token}@crm-gmail.invalid>"
    boundary = f"crm-gmail-{mailbox.token}"
    mail.replace_header("From", mailbox.address)
    mail["Message-ID"] = own
    mail.set_content("sent by a live check")
    mail.add_alternative("<p>sent by a live check</p>", subtype="html")
    mail.set_boundary(boundary)
    drafts = mailbox.users.drafts()
    body = {"message": {"raw": encode(mail.as_bytes())}}
    draft = mailbox.call("drafts.create", drafts.create(userId="me", body=body))
    sent = mailbox.call("drafts.send", drafts.send(userId="me", body={"id": draft["id"]}))
    mailbox.remember(str(sent["id"]))
    shown = mailbox.read(str(sent["id"]))["payload"]["headers"]
    headers = {header["name"].lower(): header["value"] for header in shown}
    kept = boundary in headers.get("content-type", "")
    replaced = "replaced" if headers.get("message-id") != own else "kept"
    return Finding(kept, f"boundary {'kept' if kept else 'lost'}, Message-ID {replaced}")


def fresh_message(mailbox: Mailbox) -> Finding:
    """A mail that history names can be read: at once, or within ten minutes."""
    before = mailbox.call("getProfile", mailbox.users.getProfile(userId="me"))["historyId"]
    mail = mailbox.mail("fresh")
    mail.set_content("fresh")
    message = mailbox.put(mail)
    asked = mailbox.users.history().list(userId="me", startHistoryId=before, historyTypes=["messageAdded"])
    rows = mailbox.call("history.list", asked).get("history", [])
    named = {added["message"]["id"] for row in rows for added in row.get("messagesAdded", [])}
    refused = 0

    def readable() -> bool:
        nonlocal refused
        try:
            mailbox.read(message, "minimal")
        except HttpError as refusal:
            if refusal.resp.status != 404:
                raise
            refused += 1
            return False
        return True

    took = mailbox.wait(readable, "a mail of ours could not be read")
    told = f"readable {'at once' if not refused else f'after {took:.0f} s and {refused} refusals'}"
    return Finding(message in named, told if message in named else f"history did not name the mail; {told}")


def pushes(mailbox: Mailbox) -> Finding:
    """Changes are told through Pub/Sub: perhaps fewer notifications than changes, but the last covers them all."""
    hear = mailbox.pushes
    if mailbox.topic is None or hear is None:
        raise NotAsked("give --topic and --subscription to hear Gmail's notifications")
    watched = mailbox.call(
        "watch", mailbox.users.watch(userId="me", body={"topicName": mailbox.topic, "labelIds": ["INBOX"]})
    )
    heard: list[int] = []
    try:
        hear()
        for _ in range(_CHANGES):
            mail = mailbox.mail("push")
            mail.set_content("push")
            last = mailbox.put(mail, "INBOX")
        wanted = int(mailbox.read(last, "minimal")["historyId"])

        def covered() -> bool:
            heard.extend(int(each["historyId"]) for each in hear() if each["emailAddress"] == mailbox.address)
            return max(heard, default=0) >= wanted

        took = mailbox.wait(covered, "no notification covered the changes")
    finally:
        mailbox.call("stop", mailbox.users.stop(userId="me"))
    left_s = int(watched["expiration"]) / 1000 - time.time()
    told = f"{len(heard)} notifications for {_CHANGES} changes, all told after {took:.0f} s"
    return Finding(abs(left_s - _WEEK_S) < 3600, f"{told}; the watch lasts {left_s / 86400:.1f} days")


CHECKS = (
    Check("sent-boundary", "a sent draft keeps its boundary", sent_boundary),
    Check("fresh-message", "named by history, and readable within ten minutes", fresh_message),
    Check("pushes", "the last notification covers every change; a watch lasts seven days", pushes),
)
