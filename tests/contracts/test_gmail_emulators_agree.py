"""The same calls of google-api-python-client through two independent Gmail emulators give the same facts.

One misreading of Google's documentation would have to be made twice to stay hidden. What the second emulator is
known to get wrong stands in `gmail_differences.py`.
"""

from collections.abc import Iterator

import pytest

from tests.contracts.gmail_calls import Facts
from tests.contracts.gmail_consent import CLIENT_SEED, access_token, consent
from tests.contracts.gmail_differences import DIFFERENCES, Difference, disagreements
from tests.contracts.gmail_emulators import Emulator, NodeIsMissing, npm_emulator, our_emulator
from tests.contracts.gmail_scenarios import SCENARIOS

STORIES = ("consent", *SCENARIOS)
SEED = {
    "users": [{"email": f"{story}@mail.example", "name": f"{story.title()} Owner"} for story in STORIES],
    "oauth_clients": [CLIENT_SEED],
}


def facts(emulator: Emulator, story: str) -> Facts:
    """What the emulator shows in the story's own mailbox."""
    email = f"{story}@mail.example"
    if story == "consent":
        return consent(emulator, email)
    return SCENARIOS[story](emulator.gmail(access_token(emulator, email)))


@pytest.fixture(scope="module")
def theirs() -> Iterator[Emulator]:
    try:
        with npm_emulator(SEED) as emulator:
            yield emulator
    except NodeIsMissing as missing:
        pytest.skip(f"the second Gmail emulator did not run: {missing}")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with our_emulator(SEED, tmp_path_factory.mktemp("gmail")) as emulator:
        yield emulator


@pytest.mark.parametrize("story", STORIES)
def test_both_gmail_emulators_agree_on(story: str, theirs: Emulator, ours: Emulator) -> None:
    found = disagreements(story, facts(ours, story), facts(theirs, story))

    assert not found, "\n" + "\n".join(found)


def test_a_difference_that_is_not_in_the_table_is_reported() -> None:
    known = (Difference("story", "b", 1, 2, "they are wrong"),)

    assert disagreements("story", {"a": 1, "b": 1}, {"a": 1, "b": 2}, known) == []
    assert len(disagreements("story", {"a": 1, "b": 1}, {"a": 3, "b": 2}, known)) == 1


def test_a_difference_in_the_table_that_is_gone_or_another_is_reported() -> None:
    known = (Difference("story", "a", 1, 2, "they are wrong"),)

    assert len(disagreements("story", {"a": 1}, {"a": 1}, known)) == 1
    assert len(disagreements("story", {"a": 2}, {"a": 1}, known)) == 1
    assert len(disagreements("story", {}, {}, known)) == 1


def test_every_difference_belongs_to_a_story_differs_and_has_a_reason() -> None:
    for difference in DIFFERENCES:
        assert difference.scenario in STORIES
        assert difference.ours != difference.theirs
        assert difference.reason
