"""Every cause of ill health in two languages, and the warnings before known expiries."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.health import MEANINGS, WARNINGS, Meaning, describe, warnings_of
from shared.domain.mailbox import NEEDS_RECONNECT, Health, Mailbox, Settings
from shared.domain.scopes import COMPOSE, METADATA, MODIFY, READONLY
from shared.domain.watching import WATCH_CODES
from shared.usecases.note_health import PASSING
from shared.usecases.note_scopes import health_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MAILBOX = Mailbox(
    id="m1",
    org="harbour",
    user="alice",
    user_name="Alice",
    email="alice@harbour.example",
    google_sub="1",
    connected_at=NOW - timedelta(days=1),
    granted_at=NOW - timedelta(days=1),
    settings=Settings(mailmagnet=True),
    watch_expires_at=NOW + timedelta(days=6),
)
ALL = [*MEANINGS.items(), *WARNINGS.items()]


@pytest.mark.parametrize(("code", "meaning"), ALL, ids=[code for code, _ in ALL])
def test_each_cause_has_a_sentence_in_both_languages_and_somebody_who_must_act(
    code: str, meaning: Meaning
) -> None:
    assert re.fullmatch(r"[a-z_]+", code)
    assert meaning.act in (None, "user", "admin", "operator", "retry")
    for sentence in (meaning.en, meaning.fr):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence) < 200
        assert "  " not in sentence
    assert meaning.en != meaning.fr
    # French puts a space before a semicolon and a colon; English does not.
    assert not re.search(r"\S[;:]", meaning.fr)
    assert not re.search(r" [;:]", meaning.en)


@pytest.mark.parametrize("code", ["scope_missing", "scope_partly_missing"])
@pytest.mark.parametrize(
    ("language", "named"), [("en", "writing mail, labels"), ("fr", "l'envoi de messages, ")]
)
def test_a_missing_scope_names_the_features_that_stop(code: str, language: str, named: str) -> None:
    assert named in describe(code, language, ("labels", "send"))[1]
    assert "notices" not in describe(code, language, ("labels", "send"))[1]
    assert "{" not in describe(code, language)[1]


def test_the_features_in_use_are_reading_writing_and_what_is_switched_on() -> None:
    no_scopes = replace(MAILBOX, scopes=(), settings=Settings())
    assert no_scopes.stopped_in_use == ("read", "send")
    everything = replace(no_scopes, settings=Settings(mailmagnet=True, labels=True))
    assert everything.stopped_in_use == ("notices", "read", "send", "labels")


@pytest.mark.parametrize(
    ("before", "granted", "settings", "code"),
    [
        ((), (METADATA,), Settings(), "ok"),
        ((), (COMPOSE,), Settings(), "scope_missing"),
        ((READONLY, COMPOSE), (READONLY,), Settings(), "scope_partly_missing"),
        ((READONLY,), (METADATA,), Settings(), "scope_partly_missing"),
        ((READONLY,), (READONLY,), Settings(mailmagnet=True), "ok"),
        ((MODIFY,), (READONLY, COMPOSE), Settings(mailmagnet=True), "ok"),
        ((MODIFY,), (READONLY, COMPOSE), Settings(mailmagnet=True, labels=True), "scope_partly_missing"),
    ],
)
def test_health_counts_each_feature_that_was_in_use(
    before: tuple[str, ...], granted: tuple[str, ...], settings: Settings, code: str
) -> None:
    assert health_of(replace(MAILBOX, scopes=granted, settings=settings), before) == code


def test_every_code_that_anything_writes_has_a_meaning() -> None:
    assert set(MEANINGS) >= NEEDS_RECONNECT | WATCH_CODES | PASSING


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "All is well."), ("fr", "Tout va bien."), ("de", "All is well.")]
)
def test_the_language_changes_the_sentence_and_nothing_else(language: str, expected: str) -> None:
    assert describe("ok", language) == (None, expected)
    assert describe("blocked_by_admin", language)[0] == "admin"


def test_a_healthy_mailbox_is_warned_of_nothing() -> None:
    assert warnings_of(MAILBOX, NOW, testing=False) == ()


@pytest.mark.parametrize(("hours", "warned"), [(47, True), (49, False), (-1, True)])
def test_a_watch_that_ends_within_48_hours_is_told(hours: int, warned: bool) -> None:
    ends = NOW + timedelta(hours=hours)
    found = warnings_of(replace(MAILBOX, watch_expires_at=ends), NOW, testing=False)
    assert [(each.code, each.at) for each in found] == ([("watch_ending", ends)] if warned else [])


def test_no_watch_is_missed_where_none_is_wanted() -> None:
    for settings in (Settings(), Settings(mailmagnet=True, paused=True)):
        off = replace(MAILBOX, settings=settings, watch_expires_at=NOW)
        assert warnings_of(off, NOW, testing=False) == ()


@pytest.mark.parametrize(("days", "warned"), [(149, False), (151, True)])
def test_a_consent_unused_for_nearly_six_months_is_told(days: int, warned: bool) -> None:
    long_ago = NOW - timedelta(days=days)
    unused = replace(MAILBOX, settings=Settings(), connected_at=long_ago, granted_at=long_ago)
    found = warnings_of(unused, NOW, testing=False)
    assert [(each.code, each.at) for each in found] == (
        [("consent_unused", long_ago + timedelta(days=180))] if warned else []
    )
    used = replace(unused, refreshed_at=NOW - timedelta(days=30))
    assert warnings_of(used, NOW, testing=False) == (), "the control: it was used since"


def test_while_the_app_is_in_testing_the_end_of_each_consent_is_told() -> None:
    found = warnings_of(MAILBOX, NOW, testing=True)
    assert [(each.code, each.at) for each in found] == [("testing_ends", NOW + timedelta(days=6))]


def test_the_nearest_comes_first_and_a_lost_consent_has_nothing_left_to_lose() -> None:
    soon = replace(MAILBOX, watch_expires_at=NOW + timedelta(hours=1))
    assert [each.code for each in warnings_of(soon, NOW, testing=True)] == ["watch_ending", "testing_ends"]
    lost = replace(soon, health=Health("grant_lost", NOW))
    assert warnings_of(lost, NOW, testing=True) == ()
