"""Mailbox rows: `mailboxes/{mailbox}`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.adapters.firestore.documents import Document, Documents, field_filter, known_moment, moment
from shared.domain.mailbox import GmailLabel, Health, Labeling, Mailbox, Settings


class FirestoreMailboxes:
    """One document a mailbox, so that finding the caller's is one read."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, mailbox: str) -> Mailbox | None:
        document = self._documents.get(f"mailboxes/{mailbox}")
        return _mailbox(document) if document else None

    def by_email(self, email: str) -> Sequence[Mailbox]:
        found = self._documents.query(
            "mailboxes", lambda q: q.where(filter=field_filter("email", "==", email))
        )
        return [_mailbox(document) for document in found]

    def of_org(self, org: str) -> Sequence[Mailbox]:
        found = self._documents.query("mailboxes", lambda q: q.where(filter=field_filter("org", "==", org)))
        return [_mailbox(document) for document in found]

    def put(self, mailbox: Mailbox) -> None:
        self._documents.put(f"mailboxes/{mailbox.id}", _fields(mailbox))

    def update(self, mailbox: Mailbox, *fields: str, if_unchanged: bool = False) -> Mailbox:
        every = _fields(mailbox)
        version = self._documents.update(
            f"mailboxes/{mailbox.id}",
            {name: every[name] for name in fields},
            version=mailbox.version if if_unchanged else None,
        )
        return replace(mailbox, version=version)

    def delete(self, mailbox: str) -> int:
        return self._documents.delete_existing(f"mailboxes/{mailbox}")


def _fields(mailbox: Mailbox) -> dict[str, Any]:
    settings, health, labeling = mailbox.settings, mailbox.health, mailbox.labeling
    return {
        "org": mailbox.org,
        "user": mailbox.user,
        "user_name": mailbox.user_name,
        "email": mailbox.email,
        "google_sub": mailbox.google_sub,
        "connected_at": mailbox.connected_at,
        "settings": {
            "sharing": settings.sharing,
            "mailmagnet": settings.mailmagnet,
            "labels": settings.labels,
            "paused": settings.paused,
            "never_shared": list(settings.never_shared),
        },
        "health": {"code": health.code, "since": health.since},
        "scopes": list(mailbox.scopes),
        "watch_expires_at": mailbox.watch_expires_at,
        "labels": {
            category: {"id": label.id, "name": label.name} for category, label in mailbox.labels.items()
        },
        "labeling": {
            "state": labeling.state,
            "done": labeling.done,
            "total": labeling.total,
            "last_run_at": labeling.last_run_at,
        },
    }


def _mailbox(document: Document) -> Mailbox:
    row: Mapping[str, Any] = document.fields
    settings, health, labeling = row["settings"], row["health"], row["labeling"]
    return Mailbox(
        id=document.id,
        org=row["org"],
        user=row["user"],
        user_name=row["user_name"],
        email=row["email"],
        google_sub=row["google_sub"],
        connected_at=known_moment(row["connected_at"]),
        settings=Settings(
            sharing=settings["sharing"],
            mailmagnet=settings["mailmagnet"],
            labels=settings["labels"],
            paused=settings["paused"],
            never_shared=tuple(settings["never_shared"]),
        ),
        health=Health(health["code"], moment(health["since"])),
        scopes=tuple(row["scopes"]),
        watch_expires_at=moment(row["watch_expires_at"]),
        labels={
            category: GmailLabel(label["id"], label["name"]) for category, label in row["labels"].items()
        },
        labeling=Labeling(
            labeling["state"], labeling["done"], labeling["total"], moment(labeling["last_run_at"])
        ),
        version=document.version,
    )
