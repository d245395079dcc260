"""The ladder of Google's scopes: what each feature asks for, and what it can do with.

https://developers.google.com/workspace/gmail/api/auth/scopes
"""

from collections.abc import Collection, Mapping
from typing import Final, Literal, get_args

Feature = Literal["notices", "read", "send", "labels"]
FEATURES: Final[tuple[Feature, ...]] = get_args(Feature)

IDENTITY: Final = ("openid", "https://www.googleapis.com/auth/userinfo.email")
METADATA: Final = "https://www.googleapis.com/auth/gmail.metadata"
READONLY: Final = "https://www.googleapis.com/auth/gmail.readonly"
COMPOSE: Final = "https://www.googleapis.com/auth/gmail.compose"
"""Drafts and sending. `gmail.send` would not do: a mail is drafted first, so that it is never sent twice."""
MODIFY: Final = "https://www.googleapis.com/auth/gmail.modify"
"""Reads, labels, drafts and sends; deletes nothing for good."""

_ASKED: Final[Mapping[Feature, str]] = {
    "notices": METADATA,
    "read": READONLY,
    "send": COMPOSE,
    "labels": MODIFY,
}
_ENOUGH: Final[Mapping[Feature, frozenset[str]]] = {
    "notices": frozenset({METADATA, READONLY, MODIFY}),
    "read": frozenset({READONLY, MODIFY}),
    "send": frozenset({COMPOSE, MODIFY}),
    "labels": frozenset({MODIFY}),
}


def scopes_for(features: Collection[Feature]) -> tuple[str, ...]:
    """The fewest scopes that let these features work: one that covers others stands alone."""
    asked = {_ASKED[feature] for feature in features}
    if MODIFY in asked:
        asked = {MODIFY}
    elif READONLY in asked:
        asked -= {METADATA}
    return (*IDENTITY, *sorted(asked))


def allows(feature: Feature, granted: Collection[str]) -> bool:
    """Whether a feature works with these granted scopes."""
    return not _ENOUGH[feature].isdisjoint(granted)


def missing_for(features: Collection[Feature], granted: Collection[str]) -> tuple[str, ...]:
    """The scopes to ask for, so that those of the features that do not work would."""
    lacking = [feature for feature in features if not allows(feature, granted)]
    return tuple(scope for scope in scopes_for(lacking) if scope not in IDENTITY) if lacking else ()
