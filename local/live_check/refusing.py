"""What Gmail refuses, and with which words: the product decides by them."""

from contextlib import suppress
from typing import Any

from googleapiclient.errors import HttpError

from local.live_check.check import Check, Finding, NotAsked
from local.live_check.mailbox import Mailbox, Unclear, encode
from local.live_check.sign_in import METADATA


def draft_once(mailbox: Mailbox) -> Finding:
    """A draft is used up by sending: the second time is a 404, and no second mail. It goes to oneself."""
    mail = mailbox.mail("once")
    mail.replace_header("From", mailbox.address)
    mail.set_content("sent once by a live check")
    drafts = mailbox.users.drafts()
    body = {"message": {"raw": encode(mail.as_bytes())}}
    draft = mailbox.call("drafts.create", drafts.create(userId="me", body=body))
    sent = mailbox.call("drafts.send", drafts.send(userId="me", body={"id": draft["id"]}))
    mailbox.remember(str(sent["id"]))
    status, _ = _answer(mailbox, "drafts.send", drafts.send(userId="me", body={"id": draft["id"]}))
    return Finding(status == 404, f"the second sending answers {status}")


def label_refusals(mailbox: Mailbox) -> Finding:
    """A name that is taken in other letters is a 409; a label that is gone a 400 that says "labelId not found"."""
    mail = mailbox.mail("labels")
    mail.set_content("labels")
    message, labels = mailbox.put(mail), mailbox.users.labels()
    name = f"crm-gmail live check {mailbox.token} gone"
    gone = mailbox.call("labels.create", labels.create(userId="me", body={"name": name}))["id"]
    taken, made = _answer(mailbox, "labels.create", labels.create(userId="me", body={"name": name.upper()}))
    if taken == 200:
        with suppress(HttpError):
            mailbox.call("labels.delete", labels.delete(userId="me", id=made["id"]))
    mailbox.call("labels.delete", labels.delete(userId="me", id=gone))
    modify = mailbox.users.messages().modify(userId="me", id=message, body={"addLabelIds": [gone]})
    missing, words = _answer(mailbox, "messages.modify", modify)
    named = missing != 200 and "labelid not found" in str(words).lower()
    told = f"a taken name answers {taken}, a label that is gone {missing} {'with' if named else 'without'} its words"
    return Finding((taken, missing, named) == (409, 400, True), told)


def empty_list(mailbox: Mailbox) -> Finding:
    """A list without rows has no key for them."""
    request = mailbox.users.messages().list(userId="me", q=f"{mailbox.token}nowhere")
    answer = mailbox.call("messages.list", request)
    return Finding("messages" not in answer, f"{'a key' if 'messages' in answer else 'no key'} without rows")


def cursor_expired(mailbox: Mailbox) -> Finding:
    """A cursor that is older than the history that Gmail keeps is a 404."""
    history = mailbox.users.history().list(userId="me", startHistoryId="1")
    status, _ = _answer(mailbox, "history.list", history)
    return Finding(status == 404, f"the oldest cursor answers {status}")


def scope_unticked(mailbox: Mailbox) -> Finding:
    """A refresh names a scope as long as it stands: here `gmail.metadata`, which refuses every body."""
    if mailbox.second is None:
        raise NotAsked("give --consents to consent a second time, and a third time without gmail.metadata")
    mail = mailbox.mail("unticked")
    mail.set_content("unticked")
    message, again = mailbox.put(mail), mailbox.second.again()
    if METADATA in again.allowed:
        raise Unclear("the box of gmail.metadata was not unticked")
    named = METADATA in again.named
    read = again.users.messages().get(userId="me", id=message, format="full")
    stands = mailbox.refuses("messages.get", read)
    told = (
        f"{'named' if named else 'not named'} after it was unticked, and {'in force' if stands else 'gone'}"
    )
    return Finding(named == stands, told)


def revoke_ends_all(mailbox: Mailbox) -> Finding:
    """Where an account has consented twice, the end of one consent is that of the other one's token."""
    if mailbox.second is None:
        raise NotAsked("give --consents to consent a second time, and to end that consent")
    if not mailbox.opens():
        raise Unclear("the first token was dead before")
    if not mailbox.second.end():
        raise Unclear("the second consent could not be ended")
    try:
        seconds = mailbox.wait(lambda: not mailbox.opens(), "the first token was not refused")
    except Unclear as still:
        return Finding(False, f"the second consent has ended: {still}")
    return Finding(True, f"the second consent has ended, the first token is refused after {seconds:.0f} s")


def _answer(mailbox: Mailbox, method: str, request: Any) -> tuple[int, Any]:
    """The status, and the answer or the refusal's words, which are never told on."""
    try:
        return 200, mailbox.call(method, request)
    except HttpError as refusal:
        return int(refusal.resp.status), refusal.reason


CHECKS = (
    Check("draft-once", "a draft that was sent is a 404", draft_once),
    Check(
        "label-refusals",
        "409 for a taken name in any letters, 400 and its words for a label that is gone",
        label_refusals,
    ),
    Check("empty-list", "no key without rows", empty_list),
    Check("cursor-expired", "a cursor from before the history is a 404", cursor_expired),
    Check("scope-unticked", "a refresh names a scope as long as it stands", scope_unticked),
    Check("revoke-ends-all", "one consent's end is that of every token", revoke_ends_all, is_last=True),
)
