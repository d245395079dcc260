"""labels.list, get, create, update, patch, delete."""

from local.gmail.mailboxes import Mailboxes
from local.gmail.methods.call import Answer, Call


def list_labels(boxes: Mailboxes, call: Call) -> Answer:
    return {"labels": boxes.labels.all(call.email)}


def get_label(boxes: Mailboxes, call: Call) -> Answer:
    return boxes.labels.get(call.email, call.path["id"])


def create_label(boxes: Mailboxes, call: Call) -> Answer:
    return boxes.labels.create(call.email, call.body)


def update_label(boxes: Mailboxes, call: Call) -> Answer:
    return boxes.labels.change(call.email, call.path["id"], call.body, whole=True)


def patch_label(boxes: Mailboxes, call: Call) -> Answer:
    return boxes.labels.change(call.email, call.path["id"], call.body, whole=False)


def delete_label(boxes: Mailboxes, call: Call) -> Answer:
    label_id = call.path["id"]
    with boxes.store.transaction():
        for message_id in boxes.labels.delete(call.email, label_id):
            boxes.messages.change_labels(call.email, message_id, [], [label_id])
    return None


HANDLERS = {
    "labels.list": list_labels,
    "labels.get": get_label,
    "labels.create": create_label,
    "labels.update": update_label,
    "labels.patch": patch_label,
    "labels.delete": delete_label,
}
