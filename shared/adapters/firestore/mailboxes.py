"""Mailbox rows: `mailboxes/{mailbox}`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from shared.adapters.firestore.audit import audit_writes
from shared.adapters.firestore.documents import (
    Document,
    Documents,
    Write,
    field_filter,
    known_moment,
    moment,
)
from shared.adapters.firestore.grants import grant_writes
from shared.domain.audit import AuditEntry
from shared.domain.connection import SealedToken
from shared.domain.mailbox import GmailLabel, Health, Labeling, Leaving, Mailbox, Settings
from shared.errors import NotFound, Stale

AT_ONCE: Final = 1000
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


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

    def get_many(self, mailboxes: Collection[str]) -> Sequence[Mailbox]:
        found = self._documents.get_many([f"mailboxes/{mailbox}" for mailbox in mailboxes])
        return [_mailbox(document) for document in sorted(found, key=lambda row: row.id)]

    def page_of_org(self, org: str, after: str | None, limit: int) -> Sequence[Mailbox]:
        def shape(query: Any) -> Any:
            query = query.where(filter=field_filter("org", "==", org)).order_by("__name__")
            if after is not None:
                query = query.start_after({"__name__": after})
            return query.limit(limit)

        return [_mailbox(document) for document in self._documents.query("mailboxes", shape)]

    def watch_ending(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        return self._between("watch_expires_at", after, before)

    def refreshed_between(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        return self._between("refreshed_at", after, before)

    def granted_between(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        return self._between("granted_at", after, before)

    def _between(self, field: str, after: datetime, before: datetime) -> Sequence[Mailbox]:
        def shape(query: Any) -> Any:
            query = query.where(filter=field_filter(field, ">", after))
            return query.where(filter=field_filter(field, "<", before)).limit(AT_ONCE)

        return [_mailbox(document) for document in self._documents.query("mailboxes", shape)]

    def leaving(self, limit: int) -> Sequence[Mailbox]:
        def shape(query: Any) -> Any:
            return query.where(filter=field_filter("leaving.since", ">", EARLIEST)).limit(limit)

        return [_mailbox(document) for document in self._documents.query("mailboxes", shape)]

    def with_sharing(self, org: str, sharing: str) -> Sequence[Mailbox]:
        def shape(query: Any) -> Any:
            # Two equalities: single-field indexes are merged, no composite one is needed.
            query = query.where(filter=field_filter("org", "==", org))
            return query.where(filter=field_filter("settings.sharing", "==", sharing))

        return [_mailbox(document) for document in self._documents.query("mailboxes", shape)]

    def create(self, mailbox: Mailbox, *audit: AuditEntry, grant: SealedToken | None = None) -> Mailbox:
        write = Write("create", f"mailboxes/{mailbox.id}", _fields(mailbox))
        versions = self._documents.commit(write, *grant_writes(mailbox.id, grant), *audit_writes(*audit))
        return replace(mailbox, version=versions[0])

    def update(
        self,
        mailbox: Mailbox,
        *fields: str,
        if_unchanged: bool = False,
        audit: Collection[AuditEntry] = (),
        grant: SealedToken | None = None,
    ) -> Mailbox:
        every = _fields(mailbox)
        write = Write(
            "update",
            f"mailboxes/{mailbox.id}",
            {name: every[name] for name in fields},
            version=mailbox.version if if_unchanged else None,
        )
        versions = self._documents.commit(write, *grant_writes(mailbox.id, grant), *audit_writes(*audit))
        return replace(mailbox, version=versions[0])

    def current(self, mailbox: Mailbox) -> Mailbox:
        """The row. Raises NotFound if it is gone, Stale if it is not the one that was read. One read."""
        current = self.get(mailbox.id)
        if current is None:
            raise NotFound("There is no such record.")
        if mailbox.version not in (None, current.version):
            raise Stale("The record changed meanwhile.")
        return current

    def delete(self, mailbox: str, *audit: AuditEntry, version: object = None) -> int:
        row = Write("delete", f"mailboxes/{mailbox}", version=version)
        grant = Write("forget", f"grants/{mailbox}")
        try:
            self._documents.commit(row, grant, *audit_writes(*audit))
        except NotFound:
            return 0
        except Stale:
            # A row that is gone is another version, too.
            if self.get(mailbox) is None:
                return 0
            raise
        return 1


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
            "adopt_labels": settings.adopt_labels,
        },
        "health": {"code": health.code, "since": health.since},
        "scopes": list(mailbox.scopes),
        "watch_expires_at": mailbox.watch_expires_at,
        "labels": {
            category: {"id": label.id, "name": label.name, "adopted": label.adopted}
            for category, label in mailbox.labels.items()
        },
        "making": dict(mailbox.making),
        "labeling": {
            "state": labeling.state,
            "done": labeling.done,
            "total": labeling.total,
            "last_run_at": labeling.last_run_at,
        },
        "roles": list(mailbox.roles),
        "granted_at": mailbox.granted_at,
        "refreshed_at": mailbox.refreshed_at,
        "leaving": dict(mailbox.leaving.__dict__) if mailbox.leaving else None,
        "warned": dict(mailbox.warned),
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
            adopt_labels=settings.get("adopt_labels", False),
        ),
        health=Health(health["code"], moment(health["since"])),
        scopes=tuple(row["scopes"]),
        watch_expires_at=moment(row["watch_expires_at"]),
        labels={
            category: GmailLabel(label["id"], label["name"], label.get("adopted", False))
            for category, label in row["labels"].items()
        },
        making=row.get("making", {}),
        labeling=Labeling(
            labeling["state"], labeling["done"], labeling["total"], moment(labeling["last_run_at"])
        ),
        roles=tuple(row.get("roles", ())),
        granted_at=moment(row.get("granted_at")),
        refreshed_at=moment(row.get("refreshed_at")),
        leaving=_leaving(row.get("leaving")),
        warned={code: known_moment(at) for code, at in row.get("warned", {}).items()},
        version=document.version,
    )


def _leaving(row: Mapping[str, Any] | None) -> Leaving | None:
    if row is None:
        return None
    times = {"since": known_moment(row["since"]), "busy_until": moment(row.get("busy_until"))}
    return Leaving(**{**row, **times})
