"""The ETags of settings and policies (RFC 9110 section 8.8.3), and holding a change against If-Match (section 13.1.1).

Each is made from what is stored of them, not from the row: the labeler's progress does not make it stale.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from shared.domain.mailbox import Settings
from shared.domain.policy import Policy
from shared.errors import Stale


def settings_tag(settings: Settings) -> str:
    """A strong entity tag, in its quotes."""
    return _tag(asdict(settings))


def policy_tag(policy: Policy) -> str:
    """The same for an organisation's policy."""
    return _tag(asdict(policy))


def check_if_match(if_match: str | None, stored: Settings | Policy) -> None:
    """Raises Stale (412) where the caller's If-Match does not name what is stored. A weak tag never matches."""
    if if_match is None or if_match.strip() == "*":
        return
    tag = settings_tag(stored) if isinstance(stored, Settings) else policy_tag(stored)
    if tag not in [each.strip() for each in if_match.split(",")]:
        raise Stale("The settings have been changed meanwhile; read them again.")


def _tag(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
