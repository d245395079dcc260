"""Builds the data set in memory and writes it as the files that `--data DIR` expects."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from local.demo.cast import USERS
from local.demo.deals import crm_records
from local.demo.mailboxes import USER_LABELS, Mail, fill_mailboxes

CLIENT_ID = "crm-gmail-demo.apps.googleusercontent.com"


@dataclass(frozen=True)
class DataSet:
    """`crm` is the content of crm.yaml; `mails` are oldest first."""

    crm: dict[str, Any]
    mails: list[Mail]


def build(seed: int, now: datetime) -> DataSet:
    """The data set of this seed and day. Raises ValueError for a naive `now`."""
    if now.tzinfo is None:
        raise ValueError("the data set needs a time with a zone")
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    # Two generators: a change to the mail must not move the deals.
    return DataSet(
        crm=crm_records(random.Random(f"deals {seed}"), day.date()),
        mails=fill_mailboxes(random.Random(f"mail {seed}"), day),
    )


def write(data: DataSet, directory: Path, public_url: str) -> None:
    """Writes gmail.yaml, crm.yaml, mail/<address>/*.eml (new mail) and filed/<address>/*.eml (all other)."""
    messages = []
    for number, mail in enumerate(data.mails, start=1):
        folder = "mail" if mail.labels is None else "filed"
        file = Path(folder) / mail.user.email / f"{number:04}-{mail.kind}.eml"
        (directory / file).parent.mkdir(parents=True, exist_ok=True)
        (directory / file).write_bytes(mail.raw)
        if mail.labels is not None:
            messages.append(
                {
                    "user_email": mail.user.email,
                    "raw_file": file.as_posix(),
                    "label_ids": list(mail.labels),
                }
            )
    _write_yaml(directory / "gmail.yaml", _gmail(messages, public_url))
    _write_yaml(directory / "crm.yaml", data.crm)


def _gmail(messages: list[dict[str, Any]], public_url: str) -> dict[str, Any]:
    emails = {user.id: user.email for user in USERS}
    return {
        "users": [{"email": user.email, "name": user.name, "locale": user.language} for user in USERS],
        "oauth_clients": [
            {
                "client_id": CLIENT_ID,
                "client_secret": "GOCSPX-demo",
                "name": "Lumen Bridge CRM",
                "redirect_uris": [f"{public_url.rstrip('/')}/oauth/callback"],
            }
        ],
        "labels": [
            {"id": label_id, "user_email": emails[owner], "name": name}
            for label_id, owner, name in USER_LABELS
        ],
        "messages": messages,
    }


def _write_yaml(file: Path, content: dict[str, Any]) -> None:
    text = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=110)
    file.write_text(text, encoding="utf-8")
