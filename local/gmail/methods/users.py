"""getProfile, watch, stop, history.list, settings.sendAs."""

from typing import Any

from local.gmail.accounts import SendAs
from local.gmail.errors import invalid_argument, not_found
from local.gmail.listing import read_token, write_token
from local.gmail.mailboxes import Mailboxes
from local.gmail.methods.call import Answer, Call


def get_profile(boxes: Mailboxes, call: Call) -> Answer:
    messages, threads = boxes.messages.count(call.email)
    return {
        "emailAddress": call.email,
        "messagesTotal": messages,
        "threadsTotal": threads,
        "historyId": str(boxes.history.current(call.email)),
    }


def watch(boxes: Mailboxes, call: Call) -> Answer:
    return dict(boxes.watches.watch(call.email, call.body))


def stop(boxes: Mailboxes, call: Call) -> Answer:
    boxes.watches.stop(call.email)
    return None


def list_history(boxes: Mailboxes, call: Call) -> Answer:
    if "startHistoryId" not in call.query:
        raise invalid_argument("Missing required parameter: startHistoryId")
    start = int(str(call.query["startHistoryId"]))
    label_id, types = call.text("labelId") or None, call.texts("historyTypes")
    scope = (call.email, start, label_id, sorted(types))
    position = read_token(call.text("pageToken"), "history", scope)
    # Read before the records: a change in between is reported again, never lost.
    current = boxes.history.current(call.email)
    after = position[0] if position else start
    records, following = boxes.history.page(
        call.email, start, after, label_id=label_id, types=types, limit=call.limit()
    )
    answer: dict[str, Any] = {"historyId": str(current)}
    if records:
        answer["history"] = records
    if following is not None:
        answer["nextPageToken"] = write_token("history", (following, ""), scope)
    return answer


def list_send_as(boxes: Mailboxes, call: Call) -> Answer:
    return {"sendAs": [_send_as(alias) for alias in boxes.accounts.send_as(call.email)]}


def get_send_as(boxes: Mailboxes, call: Call) -> Answer:
    for alias in boxes.accounts.send_as(call.email):
        if alias.address == call.path["sendAsEmail"].lower():
            return _send_as(alias)
    raise not_found()


def _send_as(alias: SendAs) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "sendAsEmail": alias.address,
        "displayName": alias.name,
        "replyToAddress": "",
        "signature": "",
    }
    if alias.primary:
        return resource | {"isPrimary": True, "isDefault": True}
    return resource | {"treatAsAlias": True, "verificationStatus": "accepted"}


HANDLERS = {
    "getProfile": get_profile,
    "watch": watch,
    "stop": stop,
    "history.list": list_history,
    "settings.sendAs.list": list_send_as,
    "settings.sendAs.get": get_send_as,
}
