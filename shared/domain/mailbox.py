"""A mailbox: one CRM user's connected Gmail account, its settings, health and progress."""

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from shared.domain.categories import Category
from shared.domain.scopes import FEATURES, Feature, allows

Sharing = Literal["private", "custom", "public"]
Status = Literal["connected", "paused", "needs_reconnect", "connecting", "leaving"]
LabelingState = Literal["idle", "backfill"]


@dataclass(frozen=True)
class Settings:
    """What the owner chose."""

    sharing: Sharing = "private"
    mailmagnet: bool = False
    labels: bool = False
    paused: bool = False
    never_shared: tuple[str, ...] = ()
    adopt_labels: bool = False


@dataclass(frozen=True)
class Health:
    """Why a mailbox works or does not: `ok`, or a cause. `since` is UTC."""

    code: str = "ok"
    since: datetime | None = None


@dataclass(frozen=True)
class GmailLabel:
    """A label in Gmail. The id is what we follow; the name is the user's to change.

    `adopted`: the user had made it, and agreed that we use it; we never delete it.
    """

    id: str
    name: str
    adopted: bool = False


@dataclass(frozen=True)
class Labeling:
    """Progress of the labeler in this mailbox. Times are UTC."""

    state: LabelingState = "idle"
    done: int = 0
    total: int = 0
    last_run_at: datetime | None = None


@dataclass(frozen=True)
class Leaving:
    """A disconnect that has begun: since when, by whom, what is wished, and what Google has let us do so far.

    `busy_until`: a worker was at it, and may write until then.
    """

    since: datetime
    actor: str
    remove_labels: bool = False
    watch_stopped: bool = False
    revoked: bool = False
    labels_removed: bool = False
    inbox_restored: int = 0
    busy_until: datetime | None = None


@dataclass(frozen=True)
class Mailbox:
    """The stored row of a mailbox. `version` names the state that was read, for preconditions.

    `roles` are the owner's in the CRM, as the owner's last token named them: a role may fix the sharing.
    `granted_at` is when the present consent was given, `refreshed_at` about when it was last used (within
    a month).
    `making` are names, free until then, of labels that we have begun to make: one that is there is ours.
    `leaving` is set while the mailbox is being disconnected. `warned` names the ends that the CRM was told of: by the
    warning's code, when it ends.
    """

    id: str
    org: str
    user: str
    user_name: str
    email: str
    google_sub: str
    connected_at: datetime
    settings: Settings = Settings()
    health: Health = Health()
    scopes: tuple[str, ...] = ()
    watch_expires_at: datetime | None = None
    labels: Mapping[Category, GmailLabel] = field(default_factory=dict)
    making: Mapping[Category, str] = field(default_factory=dict)
    labeling: Labeling = Labeling()
    roles: tuple[str, ...] = ()
    granted_at: datetime | None = None
    refreshed_at: datetime | None = None
    leaving: Leaving | None = None
    warned: Mapping[str, datetime] = field(default_factory=dict)
    version: object = field(default=None, compare=False)

    @property
    def stopped(self) -> tuple[Feature, ...]:
        """Features that the granted scopes do not allow, in the order of the ladder."""
        return tuple(feature for feature in FEATURES if not allows(feature, self.scopes))

    @property
    def stopped_in_use(self) -> tuple[Feature, ...]:
        """Those of them that the owner misses: reading and writing always, the others where they are switched on."""
        off = {"notices": not self.settings.mailmagnet, "labels": not self.settings.labels}
        return tuple(feature for feature in self.stopped if not off.get(feature, False))

    @property
    def status(self) -> Status:
        """One word for the page; `paused` is the owner's wish, `needs_reconnect` is a lost grant."""
        if self.leaving is not None:
            return "leaving"
        if self.health.code in NEEDS_RECONNECT:
            return "needs_reconnect"
        return "paused" if self.settings.paused else "connected"

    def seen_with(self, roles: Collection[str]) -> "Mailbox":
        """The mailbox with its owner's present roles."""
        return replace(self, roles=tuple(sorted(roles)))

    def with_settings(self, settings: Settings) -> "Mailbox":
        """The mailbox with other settings."""
        return replace(self, settings=settings)

    @property
    def works(self) -> bool:
        """Whether background work may call Gmail for this mailbox."""
        return self.status == "connected"


NEEDS_RECONNECT: Final = frozenset(
    {"grant_lost", "testing_expired", "account_gone", "reauth_required", "scope_missing", "token_unreadable"}
)


def mailbox_id(org: str, user: str) -> str:
    """The id of a user's mailbox: the same for the same user, so that finding it is one read by id.

    26 letters of base32 over SHA-256: 130 bits, not sequential, no slash.
    """
    digest = hashlib.sha256(f"{len(org)}:{org}:{user}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:26]
