"""Puts the emulator together."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.clock import LocalClock
from local.gmail.api import Api, Parts
from local.gmail.app import EmulatorApp
from local.gmail.control import Control
from local.gmail.discovery import document
from local.gmail.faults import Faults
from local.gmail.faulty import FaultyApp
from local.gmail.grants import Tokens
from local.gmail.mailboxes import Mailboxes, open_mailboxes
from local.gmail.methods import HANDLERS
from local.gmail.oauth import OAuthServer
from local.gmail.oauth_model import Account
from local.gmail.oauth_store import OAuthStore
from local.gmail.push import Publish, Pushes, no_publisher
from local.gmail.quota import Limits, Quota
from local.gmail.seed import Seed
from local.gmail.seed_mail import plant, plant_folder
from local.gmail.server import GmailServer
from local.gmail.store import FIRST_HISTORY_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True)
class Emulator:
    """A running emulator: serve `app`, call `close` at the end; `warnings` say what of the seed was left out."""

    app: "WSGIApplication"
    boxes: Mailboxes
    quota: Quota
    faults: Faults
    pushes: Pushes
    warnings: tuple[str, ...]
    close: Callable[[], None]


def build_emulator(
    seed: Seed,
    *,
    mail: Path | None = None,
    database: Path | None = None,
    clock: LocalClock | None = None,
    public_url: str | None = None,
    publish: Publish = no_publisher,
    tokens: Tokens | None = None,
    limits: Limits | None = None,
    seconds: Callable[[], float] = time.monotonic,
    first_history_id: int = FIRST_HISTORY_ID,
) -> Emulator:
    """An emulator with the seed's content. `tokens` replaces those of its own OAuth server; `limits` Google's.

    `seconds` is the time in which the limits count their minutes.
    """
    # long because: it names each part once, in the order in which they need each other.
    clock = clock or LocalClock(None)
    faults, quota = Faults(), Quota(limits, seconds)
    pushes = Pushes(publish, faults.for_push)
    boxes = open_mailboxes(database, clock, pushes.notify, first_history_id)
    warnings = plant(boxes, seed) + (plant_folder(boxes, mail) if mail else [])
    oauth_store = OAuthStore(database)
    oauth = OAuthServer(accounts_of(seed, boxes), seed.clients, clock, oauth_store, public_url)
    parts = Parts(boxes, tokens or oauth.tokens, quota, faults, HANDLERS, document())
    control = Control(
        boxes,
        quota,
        faults,
        pushes,
        token_calls=lambda: oauth.token_calls,
        reset_token_calls=lambda: setattr(oauth, "token_calls", 0),
    )

    def close() -> None:
        pushes.stop()
        faults.clear()
        oauth_store.close()
        boxes.store.close()

    gmail = GmailServer(Api(parts))
    app = EmulatorApp(gmail, FaultyApp(gmail, faults), FaultyApp(oauth, faults), control)
    return Emulator(app, boxes, quota, faults, pushes, tuple(warnings), close)


def accounts_of(seed: Seed, boxes: Mailboxes) -> list[Account]:
    """The accounts of the consent page: those of the seed, and those that only a mail folder names."""
    known = {account.email: account for account in seed.accounts}
    others = [email for email in boxes.accounts.all() if email not in known]
    return [*known.values(), *(Account(email, email.partition("@")[0]) for email in others)]
