"""Which features a consent's scopes allow, and what is asked for where they do not."""

import pytest

from shared.domain.scopes import FEATURES, METADATA, MODIFY, READONLY, allows, missing_for


@pytest.mark.parametrize("wider", [READONLY, MODIFY])
def test_the_metadata_scope_narrows_the_wider_one_beside_it(wider: str) -> None:
    # https://github.com/googleapis/google-api-python-client/issues/582
    assert allows("read", (wider,))
    assert [feature for feature in FEATURES if allows(feature, (METADATA, wider))] == ["notices"]


def test_a_scope_that_does_nothing_beside_the_metadata_scope_is_asked_for_again() -> None:
    assert missing_for(["read"], (READONLY,)) == ()
    assert missing_for(["read"], (METADATA, READONLY)) == (READONLY,)
