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
_ENOUGH: Final[Mapping[Feature, tuple[frozenset[str], ...]]] = {
    "notices": (frozenset({METADATA}), frozenset({READONLY}), frozenset({MODIFY})),
    "read": (frozenset({READONLY}), frozenset({MODIFY})),
    # The addresses one may send as, and the mail that is answered, are read.
    "send": (frozenset({COMPOSE, READONLY}), frozenset({MODIFY})),
    "labels": (frozenset({MODIFY}),),
}


def scopes_for(features: Collection[Feature]) -> tuple[str, ...]:
    """The fewest scopes that let these features work: one that covers others stands alone.

    A rung of the ladder stands on those below it: who writes mail also reads, and without the lowest nothing works.
    """
    return (*IDENTITY, *_fewest(features))


def allows(feature: Feature, granted: Collection[str]) -> bool:
    """Whether a feature works with these granted scopes. `METADATA` narrows any wider scope that stands beside it."""
    if METADATA in granted:
        return feature == "notices"
    return any(enough <= set(granted) for enough in _ENOUGH[feature])


def missing_for(features: Collection[Feature], granted: Collection[str]) -> tuple[str, ...]:
    """The scopes to ask for, so that those of the features that do not work would."""
    lacking = [feature for feature in features if not allows(feature, granted)]
    # Beside METADATA a scope does not do what it allows: it is asked for again, in a consent without METADATA.
    useful = () if METADATA in granted else granted
    return tuple(scope for scope in _fewest(lacking) if scope not in useful) if lacking else ()


def _fewest(features: Collection[Feature]) -> tuple[str, ...]:
    highest = max((FEATURES.index(feature) for feature in features), default=0)
    asked = {_ASKED[feature] for feature in FEATURES[: highest + 1]}
    if MODIFY in asked:
        asked = {MODIFY}
    elif READONLY in asked:
        asked -= {METADATA}
    return tuple(sorted(asked))
