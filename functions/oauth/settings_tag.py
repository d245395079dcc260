"""The ETag of settings (RFC 9110 section 8.8.3), and holding a change against If-Match (section 13.1.1).

It is made from what the owner has stored, not from the row: the labeler's progress does not make it stale.
"""

import hashlib
import json
from dataclasses import asdict

from shared.domain.mailbox import Settings
from shared.errors import Stale


def settings_tag(settings: Settings) -> str:
    """A strong entity tag, in its quotes."""
    content = json.dumps(asdict(settings), sort_keys=True)
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


def check_if_match(if_match: str | None, settings: Settings) -> None:
    """Raises Stale (412) where the caller's If-Match does not name these settings. A weak tag never matches."""
    if if_match is None or if_match.strip() == "*":
        return
    if settings_tag(settings) not in [tag.strip() for tag in if_match.split(",")]:
        raise Stale("The settings have been changed meanwhile; read them again.")
