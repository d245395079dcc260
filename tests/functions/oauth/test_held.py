"""What is held about a user is told, all of it, and what is too much for one answer is named."""

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.oauth import read_held as reading
from functions.oauth.connect import BeginConnection, begin_connection
from functions.oauth.read_held import ExportHeld, ReadHeld, export_held, read_held
from functions.oauth.read_mailbox import Reader
from shared.adapters.firestore.documents import ALLOWED
from shared.domain.label_run import LabelRun
from shared.domain.mailbox import Mailbox
from shared.domain.notice import Notice
from shared.domain.recount import Recount
from shared.domain.sending import new_record
from shared.domain.share import Share
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import ORIGIN, World

TOLD_AS = {
    "mailboxes": "mailbox",
    "grants": "consent_held",
    "syncs": "sync",
    "notices": "notices",
    "reads": "reads",
    "recounts": "recount",
    "connections": "connections",
    "sends": "sent",
    "labelings": "labeler",
    "label_runs": "label_runs",
    "shares": "shares",
    "audit": "audit",
}
ROWS = {**TOLD_AS, "mailboxes": "mailbox_row"}
"""Where the fields of a stored row are told, one by one."""
NOT_TOLD: dict[str, dict[str, str]] = {
    "grants": dict.fromkeys(("key_version", "nonce", "ciphertext"), "the sealed token"),
    "syncs": {"org": "in mailbox_row", "work": "from what waits", "hour": "from the id"},
    "notices": {"expires_at": "a setting's days after received_at"},
    "reads": {"expires_at": "the notice's"},
    "connections": {
        "org": "in mailbox_row",
        "user": "in mailbox_row",
        **dict.fromkeys(("nonce", "code_verifier", "browser", "ticket"), "would complete the connect"),
        **dict.fromkeys(("key_version", "sealed_nonce", "ciphertext"), "the sealed token"),
    },
    "sends": {"claimed_by": "a process's name", "open": "from the rest"},
    "labelings": {"org": "in mailbox_row"},
    "label_runs": dict.fromkeys(("ids", "before", "after", "inbox"), "told message by message, as deeds"),
    "shares": {"mailbox": "in mailbox_row", "org": "in mailbox_row"},
    "audit": {"org": "in mailbox_row"},
}
"""Stored fields of which nothing is told, and why."""
OF_NO_MAILBOX = {"orgs", "crm_cursors", "ended_consents", "quota_shards"}


@pytest.fixture
def world() -> World:
    return World()


def filled(world: World) -> Mailbox:
    """Alice's mailbox, with a row in every collection."""
    mailbox = world.connect(mailmagnet=True, labels=True)
    now = world.clock.now()
    notice = Notice("m1", "ana@client.example", now)
    world.notice(mailbox, notice, recount=Recount(now, now, missing=("m9",)))
    world.notices.mark_read(mailbox.id, notice)
    world.sends.create(mailbox.id, replace(new_record("s" * 32, "hash", "me", now), message_id="m2"))
    world.label_runs.put(mailbox.id, LabelRun("r1", "t1", now, now))
    world.shares.put(Share(mailbox.id, "acme", "c1", now))
    begin_connection(BeginConnection(caller(), ORIGIN), world.oauth)
    return mailbox


def held_by(world: World) -> dict[str, Any]:
    held = read_held(ReadHeld("acme", "alice", Reader(world.clock.now())), world.oauth)
    return dict(json.loads(json.dumps(held)))


def test_every_collection_that_belongs_to_a_mailbox_is_told(world: World) -> None:
    assert set(TOLD_AS) == set(ALLOWED) - OF_NO_MAILBOX, "a new collection is told, or belongs to no mailbox"
    before = held_by(world)
    filled(world)
    held = held_by(world)
    for collection, name in TOLD_AS.items():
        assert not before[name], collection
        assert held[name], collection
    assert held["reads"] == ["m1"]
    assert (held["sent"][0]["message_id"], held["sends"]) == ("m2", 1)
    assert held["left_out"] == []


def test_every_stored_field_is_told_or_has_a_reason_why_it_is_not(world: World) -> None:
    filled(world)
    held = held_by(world)
    for collection, name in ROWS.items():
        row = held[name][0] if isinstance(held[name], list) else held[name]
        told = set(row) if isinstance(row, dict) else set()
        assert ALLOWED[collection] - told == set(NOT_TOLD.get(collection, {})), collection


def test_the_admin_is_not_told_with_whom_the_owner_never_shares(world: World) -> None:
    mailbox = filled(world)
    world.change("alice", never_shared=("secret@client.example",))
    assert json.dumps(held_by(world)["mailbox_row"]).count("secret@client.example") == 1

    values = ExportHeld(caller("admin"), mailbox.id, Reader(world.clock.now()))
    assert "secret@client.example" not in json.dumps(export_held(values, world.oauth))


def test_no_token_is_told(world: World) -> None:
    mailbox = filled(world)
    world.authorize(caller(), mailbox.email)
    told = json.dumps(held_by(world))
    sealed = [
        world.grants.rows[mailbox.id],
        *(c.grant.sealed_token for c in world.connections.rows.values() if c.grant),
    ]
    assert len(sealed) == 2
    for token in sealed:
        opened = world.cipher.open(token, (mailbox.org, mailbox.user, mailbox.id))
        assert opened not in told
        assert token.ciphertext.hex() not in told
        assert "ciphertext" not in told


def test_nothing_that_could_complete_a_connect_is_told(world: World) -> None:
    filled(world)
    told = json.dumps(held_by(world)["connections"])
    for row in world.connections.rows.values():
        secrets = (row.id, row.nonce, row.code_verifier, row.browser, row.ticket)
        assert all(secret not in told for secret in secrets if secret)


@pytest.mark.parametrize("page", [1, 2, 500])
def test_lists_are_told_to_their_end_and_what_is_too_much_is_named(
    world: World, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", page)
    mailbox = world.connect(mailmagnet=True)
    for number in range(5):
        notice = Notice(f"m{number}", "ana@client.example", world.clock.now())
        world.notice(mailbox, notice)
        world.notices.mark_read(mailbox.id, notice)
    assert sorted(row["id"] for row in held_by(world)["notices"]) == [f"m{number}" for number in range(5)]

    monkeypatch.setattr(reading, "MOST", 4)
    held = held_by(world)
    assert (len(held["notices"]), len(held["reads"])) == (4, 4)
    assert held["left_out"] == ["notices", "reads"]
