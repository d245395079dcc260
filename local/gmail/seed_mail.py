"""Puts a seed's labels and messages, and folders of .eml files, into the mailboxes."""

import hashlib
import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

from local.gmail.envelope import read_envelope
from local.gmail.errors import GoogleError
from local.gmail.mailboxes import Mailboxes
from local.gmail.seed import Seed
from local.gmail.validation import decode_base64url

_ADDRESS_HEADERS = {"from": "From", "to": "To", "cc": "Cc", "bcc": "Bcc", "reply_to": "Reply-To"}
_REFERENCE_HEADERS = {"references": "References", "in_reply_to": "In-Reply-To"}


def plant(boxes: Mailboxes, seed: Seed) -> list[str]:
    """Makes the seed's accounts, labels and messages; what is there already stays. The warnings."""
    warnings = list(seed.warnings)
    for account in seed.accounts:
        boxes.accounts.add(account.email, account.name, seed.aliases.get(account.email, ()))
    fallback = seed.accounts[0].email if seed.accounts else ""
    for number, entry in enumerate(seed.labels, 1):
        warnings += _plant_label(boxes, entry, f"{seed.name}: labels entry {number}", fallback)
    for number, entry in enumerate(seed.messages, 1):
        warnings += _plant_message(boxes, seed, entry, f"{seed.name}: messages entry {number}", fallback)
    return warnings


def _owner(boxes: Mailboxes, entry: Mapping[str, Any], fallback: str) -> str:
    """Whose entry it is. Raises LookupError where neither the entry nor the list of users says."""
    email = str(entry.get("user_email") or fallback).strip().lower()
    if not email:
        raise LookupError("it has no user_email, and there are no users")
    boxes.accounts.add(email, email.partition("@")[0])
    return email


def _plant_label(boxes: Mailboxes, entry: Mapping[str, Any], where: str, fallback: str) -> list[str]:
    label_id = str(entry["id"]) if entry.get("id") else None
    try:
        email = _owner(boxes, entry, fallback)
        if label_id not in boxes.labels.names(email):
            boxes.labels.create(email, _label_body(entry), label_id)
    except (GoogleError, LookupError, sqlite3.Error) as error:
        # A label of that name from an earlier start is as good.
        known = isinstance(error, GoogleError) and error.code == 409
        return [] if known else [f"{where} ({entry['name']}) is not used: {error}"]
    return []


def _label_body(entry: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"name": str(entry["name"])}
    for field, key in (
        ("messageListVisibility", "message_list_visibility"),
        ("labelListVisibility", "label_list_visibility"),
    ):
        if entry.get(key):
            body[field] = str(entry[key])
    if entry.get("color_background") or entry.get("color_text"):
        body["color"] = {
            "backgroundColor": entry.get("color_background") or "#ffffff",
            "textColor": entry.get("color_text") or "#000000",
        }
    return body


def _plant_message(
    boxes: Mailboxes, seed: Seed, entry: Mapping[str, Any], where: str, fallback: str
) -> list[str]:
    try:
        email = _owner(boxes, entry, fallback)
        # The checks come before the mail counts as planted, so that a corrected seed is tried again.
        raw = _raw(seed.folder, entry, boxes.clock.now())
        moment = _moment(entry.get("internal_date") or entry.get("date"))
        date_ms = int(moment.timestamp() * 1000) if moment else mail_date_ms(boxes, raw)
        labels = [str(label) for label in entry.get("label_ids") or ()]
        if "label_ids" not in entry:
            labels = ["INBOX", "UNREAD"]
        message_id = str(entry["id"]) if entry.get("id") else None
        thread_id = str(entry["thread_id"]) if entry.get("thread_id") else None
        source = message_id or hashlib.sha256(repr(entry).encode()).hexdigest()
        with boxes.store.transaction():
            if boxes.store.plant_once(f"{email} {source}"):
                _make_missing_labels(boxes, email, labels)
                boxes.messages.add(email, raw, labels, date_ms, thread_id=thread_id, message_id=message_id)
    except (GoogleError, OSError, ValueError, TypeError, LookupError, sqlite3.Error) as error:
        return [f"{where} is not used: {error}"]
    return []


def _make_missing_labels(boxes: Mailboxes, email: str, label_ids: list[str]) -> None:
    known = boxes.labels.names(email)
    for label_id in label_ids:
        if label_id not in known:
            boxes.labels.create(email, {"name": label_id}, label_id)


def _raw(folder: Path, entry: Mapping[str, Any], now: datetime) -> bytes:
    if entry.get("raw_file"):
        return _read_file(folder / str(entry["raw_file"]))
    if entry.get("raw"):
        return decode_base64url(str(entry["raw"]), "raw")
    mail = EmailMessage(policy=SMTP)
    for key, name in _ADDRESS_HEADERS.items():
        if entry.get(key):
            mail[name] = _joined(entry[key], ", ")
    for key, name in _REFERENCE_HEADERS.items():
        if entry.get(key):
            mail[name] = _joined(entry[key], " ")
    mail["Subject"] = str(entry.get("subject") or "")
    mail["Date"] = format_datetime(_moment(entry.get("date") or entry.get("internal_date")) or now)
    mail["Message-ID"] = str(
        entry.get("message_id") or f"<{entry.get('id') or id(entry)}@seed.mail.gmail.com>"
    )
    mail.set_content(str(entry.get("body_text") or ""))
    if entry.get("body_html"):
        mail.add_alternative(str(entry["body_html"]), subtype="html")
    return mail.as_bytes()


def _joined(value: object, separator: str) -> str:
    return separator.join(str(one) for one in value) if isinstance(value, list) else str(value)


def _read_file(file: Path) -> bytes:
    """A file's bytes. Raises OSError, also for what would never end: a FIFO, a device."""
    if file.exists() and not file.is_file():
        raise OSError(f"{file} is not a file")
    return file.read_bytes()


def _moment(value: object) -> datetime | None:
    """A date as YAML, JSON or a mail header writes it; a number is milliseconds since 1970."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    text = str(value).strip()
    if text.isdigit():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def mail_date_ms(boxes: Mailboxes, raw: bytes) -> int:
    """When a mail from a file arrived: its Date, but never later than now; now if it has none."""
    now_ms = boxes.sending.now_ms()
    found = read_envelope(raw).date_ms
    return now_ms if found is None or not 0 <= found <= now_ms else found


def plant_folder(boxes: Mailboxes, folder: Path) -> list[str]:
    """Puts `<user email>/*.eml` into the mailboxes, unchanged, under INBOX and UNREAD. The warnings."""
    try:
        entries = sorted(folder.iterdir())
        places = [entry for entry in entries if entry.is_dir()]
    except OSError as error:
        return [f"{folder} could not be read: {error.strerror}; no mail was taken from it"]
    strays = [entry for entry in entries if entry.suffix.lower() == ".eml" and entry not in places]
    warnings = [f"{stray} is in no folder named after an address; it is not used" for stray in strays]
    return warnings + [warning for place in places for warning in _plant_place(boxes, place)]


def _plant_place(boxes: Mailboxes, place: Path) -> list[str]:
    email = place.name.lower()
    # A name that is not proper Unicode holds unprintable stand-ins for its bytes.
    if "@" not in email or not email.isprintable():
        return [f"{place} is not named after an address; it is not used"]
    warnings = []
    if boxes.accounts.add(email, email.partition("@")[0]):
        warnings.append(f"{place}: the account {email} is in no seed; it was made")
    try:
        files = sorted(file for file in place.iterdir() if file.suffix.lower() == ".eml")
    except OSError as error:
        return [*warnings, f"{place} could not be read: {error.strerror}"]
    return warnings + [warning for file in files for warning in _plant_file(boxes, email, file)]


def _plant_file(boxes: Mailboxes, email: str, file: Path) -> list[str]:
    try:
        raw = _read_file(file)
    except OSError as error:
        return [f"{file} could not be read: {error.strerror or 'it is not a file'}"]
    # !a: file names need not be proper Unicode.
    # Both or neither: who is ended in between adds it at the next start.
    with boxes.store.transaction():
        if boxes.store.plant_once(f"{email} file {file.name!a}"):
            boxes.messages.add(email, raw, {"INBOX", "UNREAD"}, mail_date_ms(boxes, raw))
    return []
