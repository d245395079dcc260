"""What a mailbox holds at the start: the seed file, .eml folders, and the command line."""

import base64
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from local.gmail.seed import Seed, read_seed
from tests.local.free_port import free_port
from tests.local.gmail.running import ALICE, BOB, mail, raw, running

SEED = """
google:
  users:
    - {email: Alice@example.com, name: Alice Adams, aliases: [sales@example.com]}
    - {email: bob@example.com}
  oauth_clients:
    - {client_id: crm, client_secret: hush, name: CRM, redirect_uris: ["http://localhost/callback"]}
  labels:
    - {id: Label_vip, user_email: alice@example.com, name: VIP, color_background: "#16a766", color_text: "#ffffff"}
  messages:
    - id: msg-1
      thread_id: thread-1
      user_email: alice@example.com
      from: Dora <dora@customer.test>
      to: alice@example.com
      subject: "Größe"
      body_text: Plain words
      body_html: <p>Rich words</p>
      label_ids: [INBOX, Label_vip, Unlisted]
      date: "2026-01-05T10:00:00.000Z"
    - {user_email: bob@example.com, raw_file: letters/one.eml, label_ids: [STARRED]}
    - {raw: RAW, date: 2026-01-06}
"""


@pytest.fixture
def seed_file(tmp_path: Path) -> Path:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/one.eml").write_bytes(mail("from a file"))
    file = tmp_path / "gmail.yaml"
    file.write_text(SEED.replace("RAW", raw(mail("from raw"))), encoding="utf-8")
    return file


def test_a_seed_fills_the_mailboxes(seed_file: Path) -> None:
    seed = read_seed(seed_file)
    with running(seed) as gmail:
        users = gmail.users()
        message = users.messages().get(userId="me", id="msg-1").execute()
        labels = {label["id"]: label for label in users.labels().list(userId="me").execute()["labels"]}
        of_bob = gmail.control("GET", f"messages?user={BOB}")
        of_alice = gmail.control("GET", f"messages?user={ALICE}")

    assert seed.warnings == ()
    assert gmail.emulator.warnings == ()
    headers = {header["name"]: header["value"] for header in message["payload"]["headers"]}
    assert headers["Subject"] == "Größe"
    assert headers["From"] == "Dora <dora@customer.test>"
    assert [part["mimeType"] for part in message["payload"]["parts"]] == ["text/plain", "text/html"]
    assert (message["threadId"], message["internalDate"]) == ("thread-1", "1767607200000")
    assert labels["Label_vip"]["color"] == {"backgroundColor": "#16a766", "textColor": "#ffffff"}
    assert labels["Unlisted"]["name"] == "Unlisted"
    assert [(entry["subject"], entry["labelIds"]) for entry in of_bob] == [("from a file", ["STARRED"])]
    assert [entry["subject"] for entry in of_alice] == ["from raw", "Größe"]


def test_a_seed_names_accounts_clients_and_aliases(seed_file: Path) -> None:
    seed = read_seed(seed_file)

    assert [(account.email, account.given_name) for account in seed.accounts] == [
        (ALICE, "Alice"),
        (BOB, "bob"),
    ]
    assert seed.clients[0].redirect_uris == {"http://localhost/callback"}
    assert seed.aliases[ALICE] == ("sales@example.com",)


def test_the_google_key_may_be_left_out(tmp_path: Path) -> None:
    file = tmp_path / "gmail.yaml"
    file.write_text("users: [{email: a@example.com}]", encoding="utf-8")

    assert [account.email for account in read_seed(file).accounts] == ["a@example.com"]


def test_what_a_seed_says_in_vain_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gmail.yaml"
    file.write_text(
        "users: [{email: a@example.com, shoe_size: 44}, {name: nobody}, 7]\n"
        "pets: []\n"
        "labels: {}\n"
        "messages: [{raw_file: gone.eml}, {date: someday}, {raw: '*'}]\n"
        "calendars: []\n",
        encoding="utf-8",
    )
    with running(read_seed(file)) as gmail:
        warnings = "\n".join(gmail.emulator.warnings)
        assert gmail.control("GET", "messages?user=a@example.com") == []

    for word in ("shoe_size", "users entry 2", "users entry 3", "pets", "labels", "gone.eml"):
        assert word in warnings
    for number in (1, 2, 3):
        assert f"messages entry {number}" in warnings
    assert "calendars" not in warnings


@pytest.mark.parametrize("content", [b"- just a list", b"{", b"\xff\xfe\x00"])
def test_a_seed_that_is_no_mapping_is_a_value_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "gmail.yaml"
    file.write_bytes(content)

    with pytest.raises(ValueError, match=r"gmail\.yaml"):
        read_seed(file)


def test_warnings_name_the_file_that_a_person_wrote_and_not_its_copy(tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    copy.write_text(
        "pets: []\nusers: [7, {email: a@example.com}]\nlabels: [{name: '', id: L}, {name: INBOX}]\n"
        "messages: [{raw_file: gone.eml}]\n",
        encoding="utf-8",
    )
    with running(read_seed(copy, "mine/gmail.yaml")) as gmail:
        warnings = gmail.emulator.warnings

    assert len(warnings) == 5
    assert all(warning.startswith("mine/gmail.yaml: ") for warning in warnings)


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_npm_packages_own_settings_are_no_news(tmp_path: Path, wrapped: bool) -> None:
    file = tmp_path / "gmail.yaml"
    section = "{port: 1, users: [{email: a@example.com}], baseUrl: 'http://localhost:1'}"
    text = f"{{port: 2, baseUrl: 'http://localhost', google: {section}}}" if wrapped else section
    file.write_text(text, encoding="utf-8")

    assert read_seed(file).warnings == ()


def test_several_recipients_of_a_seeded_mail_are_several_addresses(tmp_path: Path) -> None:
    file = tmp_path / "gmail.yaml"
    file.write_text(
        f"users: [{{email: {ALICE}}}]\n"
        "messages: [{id: m, to: [a@x.test, Bo <b@x.test>], references: ['<1@x.test>', '<2@x.test>']}]\n",
        encoding="utf-8",
    )
    with running(read_seed(file)) as gmail:
        message = gmail.users().messages().get(userId="me", id="m").execute()

    headers = {header["name"]: header["value"] for header in message["payload"]["headers"]}
    assert headers["To"] == "a@x.test, Bo <b@x.test>"
    assert headers["References"] == "<1@x.test> <2@x.test>"


def test_a_pipe_or_a_device_in_place_of_a_mail_is_a_warning_and_no_endless_start(tmp_path: Path) -> None:
    (tmp_path / "mail" / ALICE).mkdir(parents=True)
    os.mkfifo(tmp_path / "mail" / ALICE / "pipe.eml")
    (tmp_path / "mail" / ALICE / "device.eml").symlink_to("/dev/zero")
    (tmp_path / "mail" / "stray.eml").write_bytes(mail("in nobody's folder"))
    os.mkfifo(tmp_path / "seeded")
    seed = tmp_path / "gmail.yaml"
    seed.write_text(f"users: [{{email: {ALICE}}}]\nmessages: [{{raw_file: seeded}}]\n", encoding="utf-8")
    with process("--seed", str(seed), "--mail", str(tmp_path / "mail")) as (emulator, port):
        healthy(port)
        emulator.send_signal(signal.SIGTERM)
        _, warnings = emulator.communicate(timeout=60)

    for name in ("pipe.eml", "device.eml", "seeded", "stray.eml"):
        assert name in warnings


def test_eml_files_are_put_into_the_inbox_byte_for_byte(tmp_path: Path) -> None:
    letters = {
        "b.eml": b"Subject: with LF\nFrom: a@b.test\nDate: Mon, 05 Jan 2026 10:00:00 +0000\n\nbody\n",
        "a.eml": b"Subject: with CRLF\r\nFrom: a@b.test\r\n\r\nbody\r\n",
        "c.EML": b"\x00\xff no mail at all",
        "d.eml": b"",
        "e.txt": b"not a mail",
    }
    place = tmp_path / "Alice@example.com"
    place.mkdir()
    for name, content in letters.items():
        (place / name).write_bytes(content)
    (place / "f.eml").symlink_to(tmp_path / "nowhere")
    (place / "g.eml").mkdir()
    (tmp_path / "new@example.com").mkdir()
    (tmp_path / "not an address").mkdir()
    with running(Seed(Path()), mail=tmp_path) as gmail:
        stored = [message["id"] for message in gmail.control("GET", f"messages?user={ALICE}")]
        get = gmail.users().messages().get
        contents = {
            base64.urlsafe_b64decode(get(userId="me", id=message_id, format="raw").execute()["raw"])
            for message_id in stored
        }
        labels = get(userId="me", id=stored[0], format="minimal").execute()["labelIds"]
        warnings = "\n".join(gmail.emulator.warnings)

    assert contents == {content for name, content in letters.items() if name != "e.txt"}
    assert labels == ["INBOX", "UNREAD"]
    for word in ("f.eml", "g.eml", "new@example.com", "not an address", ALICE):
        assert word in warnings


def test_a_restart_with_the_same_database_adds_nothing_twice(seed_file: Path, tmp_path: Path) -> None:
    letters = tmp_path / "mail"
    (letters / ALICE).mkdir(parents=True)
    (letters / ALICE / "a.eml").write_bytes(mail("once"))
    counts = []
    for _ in range(2):
        with running(read_seed(seed_file), mail=letters, database=tmp_path / "gmail.db") as gmail:
            counts.append(len(gmail.control("GET", f"messages?user={ALICE}")))

    assert counts == [3, 3]


def test_a_file_whose_mail_could_not_be_stored_is_taken_at_the_next_start(tmp_path: Path) -> None:
    database, place = tmp_path / "gmail.db", tmp_path / "mail" / ALICE
    place.mkdir(parents=True)
    with running(Seed(Path()), mail=tmp_path / "mail", database=database):
        (place / "a.eml").write_bytes(mail("late"))
    with closing(sqlite3.connect(database)) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with (
        pytest.raises(sqlite3.Error, match="disk full"),
        running(Seed(Path()), mail=tmp_path / "mail", database=database),
    ):
        pass
    with closing(sqlite3.connect(database)) as db:
        db.execute("DROP TRIGGER full")
    with running(Seed(Path()), mail=tmp_path / "mail", database=database) as gmail:
        assert len(gmail.control("GET", f"messages?user={ALICE}")) == 1


def test_file_names_that_are_no_unicode_stop_nothing(tmp_path: Path) -> None:
    place = tmp_path / ALICE
    place.mkdir()
    (place / "a.eml").write_bytes(mail("plain name"))
    # Some file systems refuse such names; then there is nothing to survive.
    with suppress(OSError):
        Path(os.fsdecode(os.fsencode(place) + b"/\xff.eml")).write_bytes(mail("odd name"))
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff@example.com")).mkdir()
    written = len(list(place.iterdir()))
    with running(Seed(Path()), mail=tmp_path) as gmail:
        assert len(gmail.control("GET", f"messages?user={ALICE}")) == written


@contextmanager
def process(*options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    command = [sys.executable, "-m", "local.gmail", "--port", str(port), *options]
    environment = {name: value for name, value in os.environ.items() if name != "PUBSUB_EMULATOR_HOST"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as running_process:
        try:
            yield running_process, port
        finally:
            running_process.kill()


def healthy(port: int) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                read: dict[str, Any] = json.load(answer)
                return read
        except OSError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)


def test_the_command_serves_until_sigterm(seed_file: Path, tmp_path: Path) -> None:
    with process("--seed", str(seed_file), "--mail", str(tmp_path / "none")) as (emulator, port):
        assert healthy(port) == {"status": "ok"}
        emulator.send_signal(signal.SIGTERM)
        assert emulator.wait(timeout=60) == 0
        assert emulator.stderr is not None
        assert "no mail was taken" in emulator.stderr.read()


def test_a_seed_that_can_not_be_read_ends_the_command_with_a_sentence(tmp_path: Path) -> None:
    with process("--seed", str(tmp_path / "gone.yaml")) as (emulator, _):
        assert emulator.wait(timeout=60) == 2
        assert emulator.stderr is not None
        complaint = emulator.stderr.read()

    assert "gone.yaml" in complaint
    assert "Traceback" not in complaint
