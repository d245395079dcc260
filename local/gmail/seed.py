"""The seed file: users, OAuth clients, labels and messages.

The shape is that of the `google` section of the npm package emulate, with or without its `google:` key; `aliases`
of a user and `raw_file` of a message are additions. Nothing here stops a start: what can't be used is named in a
warning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from local.gmail.oauth_model import Account, OAuthClient

_TOP = {"users", "oauth_clients", "labels", "messages"}
# Sections for other Google products, which this emulator does not play.
_IGNORED = {"calendars", "calendar_events", "drive_items"}
# Where the npm package itself listens.
_OF_NPM = {"port", "baseUrl"}
_KEYS = {
    "users": {
        "email",
        "name",
        "given_name",
        "family_name",
        "picture",
        "email_verified",
        "locale",
        "hd",
        "aliases",
    },
    "oauth_clients": {"client_id", "client_secret", "name", "redirect_uris"},
    "labels": {
        "id",
        "user_email",
        "name",
        "type",
        "message_list_visibility",
        "label_list_visibility",
        "color_background",
        "color_text",
    },
    "messages": {
        "id",
        "user_email",
        "thread_id",
        "raw",
        "raw_file",
        "from",
        "to",
        "cc",
        "bcc",
        "reply_to",
        "subject",
        "snippet",
        "body_text",
        "body_html",
        "label_ids",
        "date",
        "internal_date",
        "message_id",
        "references",
        "in_reply_to",
    },
}
_NEEDED = {"users": ("email",), "oauth_clients": ("client_id",), "labels": ("name",), "messages": ()}


@dataclass(frozen=True)
class Seed:
    """A seed file's content. `labels` and `messages` are its mappings, `warnings` what was left out.

    `name` is what warnings call the file.
    """

    folder: Path
    accounts: tuple[Account, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clients: tuple[OAuthClient, ...] = ()
    labels: tuple[Mapping[str, Any], ...] = ()
    messages: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    name: str = "seed"


def read_seed(file: Path, name: str = "") -> Seed:
    """The seed in a YAML file; `name` is the file that a person knows, where `file` is a copy of it.

    Raises OSError if it can't be opened, ValueError if it is no YAML mapping.
    """
    name = name or str(file)
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{name} is not YAML: {error}") from error
    if content is None:
        content = {}
    if not isinstance(content, dict):
        raise ValueError(f"{name} must hold a mapping with users, oauth_clients, labels, messages")  # noqa: TRY004
    warnings: list[str] = []
    google = content.get("google")
    if isinstance(google, dict):
        warnings += [f"{key} is not used" for key in content if key not in {"google", *_OF_NPM}]
        content = google
    unknown = sorted(str(key) for key in set(content) - _TOP - _IGNORED - _OF_NPM)
    warnings += [f"{key} is not used" for key in unknown]
    entries = {section: _entries(content.get(section), section, warnings) for section in _TOP}
    return Seed(
        folder=file.parent,
        accounts=tuple(_account(entry) for entry in entries["users"]),
        aliases={_email(entry): tuple(_texts(entry.get("aliases"))) for entry in entries["users"]},
        clients=tuple(_client(entry) for entry in entries["oauth_clients"]),
        labels=tuple(entries["labels"]),
        messages=tuple(entries["messages"]),
        warnings=tuple(f"{name}: {warning}" for warning in warnings),
        name=name,
    )


def _entries(value: object, section: str, warnings: list[str]) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list):
        warnings.append(f"{section} must be a list and is not used")
        return []
    kept: list[Mapping[str, Any]] = []
    for number, entry in enumerate(value, 1):
        if not isinstance(entry, dict) or any(not entry.get(name) for name in _NEEDED[section]):
            needed = " and ".join(_NEEDED[section])
            warnings.append(f"{section} entry {number} must be a mapping with {needed}; it is not used")
            continue
        unknown = sorted(str(key) for key in set(entry) - _KEYS[section])
        warnings += [f"{section} entry {number}: {key} is not used" for key in unknown]
        kept.append(entry)
    return kept


def _email(entry: Mapping[str, Any]) -> str:
    return str(entry["email"]).strip().lower()


def _account(entry: Mapping[str, Any]) -> Account:
    email = _email(entry)
    name = str(entry.get("name") or email.partition("@")[0])
    given, _, family = name.partition(" ")
    return Account(
        email=email,
        name=name,
        given_name=str(entry.get("given_name") or given),
        family_name=str(entry.get("family_name") or family),
        picture=str(entry["picture"]) if entry.get("picture") else None,
        hd=_hosted_domain(entry, email),
    )


def _hosted_domain(entry: Mapping[str, Any], email: str) -> str | None:
    if "hd" in entry:
        return str(entry["hd"]) if entry["hd"] else None
    domain = email.rpartition("@")[2]
    return None if domain in ("gmail.com", "googlemail.com") else domain


def _client(entry: Mapping[str, Any]) -> OAuthClient:
    return OAuthClient(
        client_id=str(entry["client_id"]),
        client_secret=str(entry.get("client_secret") or ""),
        name=str(entry.get("name") or "Local app"),
        redirect_uris=frozenset(_texts(entry.get("redirect_uris"))),
    )


def _texts(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list) else []
