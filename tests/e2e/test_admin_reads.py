"""An admin reads the runs and the proof of the own organisation's mailboxes; another's are as if they did not exist."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.domain.label_run import LabelRun
from shared.domain.mailbox import mailbox_id
from tests.e2e.in_process import House, running_house
from tests.e2e.test_life import CRM

NOON = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(CRM, tmp_path_factory.mktemp("house"), NOON) as house:
        yield house


@pytest.fixture(scope="module")
def own(house: House) -> str:
    """A mailbox of the admin's organisation, with a run and a proof."""
    identifier = house.connect("ana")
    house.change("ana", mailmagnet=True)
    house.labeler.label_runs.put(identifier, LabelRun("1" * 32, "tick", NOON, NOON, "done", units=7))
    house.call(house.notices, "POST", "/notify/completeness", "ana")
    return identifier


@pytest.fixture(scope="module")
def foreign(house: House, own: str) -> str:
    """The same in another organisation."""
    mailbox = house.common.mailboxes.get(own)
    documents = house.notify.notices._documents  # type: ignore[attr-defined]
    proof = documents.get(f"mailboxes/{own}/recounts/last")
    assert mailbox is not None
    identifier = mailbox_id("other", "ana")
    house.common.mailboxes.create(replace(mailbox, id=identifier, org="other"))
    house.labeler.label_runs.put(identifier, LabelRun("1" * 32, "tick", NOON, NOON, "done", units=7))
    documents.put(f"mailboxes/{identifier}/recounts/last", proof.fields)
    return identifier


def answers(house: House, mailbox: str) -> list[tuple[int, Any]]:
    token = house.servers.signer.token_for(house._users["ada"])
    headers = {"Authorization": f"Bearer {token}"}
    asked = [
        (house.runs, f"/labeler/org/mailboxes/{mailbox}/runs"),
        (house.notices, f"/notify/org/mailboxes/{mailbox}/completeness"),
    ]
    found = [client.get(path, headers=headers) for client, path in asked]
    return [(answer.status_code, answer.json) for answer in found]


def test_an_admin_reads_the_runs_and_the_proof_of_an_own_mailbox(house: House, own: str) -> None:
    runs, proof = answers(house, own)
    assert (runs[0], runs[1]["items"][0]["gmail_units"]) == (200, 7)
    assert (proof[0], proof[1]["missing"]) == (200, [])


def test_another_organisations_mailbox_answers_like_an_unknown_one(house: House, foreign: str) -> None:
    def without_id(rows: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
        return [
            (status, {key: value for key, value in body.items() if key not in ("instance", "request_id")})
            for status, body in rows
        ]

    found = without_id(answers(house, foreign))
    assert [status for status, _ in found] == [404, 404]
    assert found == without_id(answers(house, "nobodysmailboxatall"))
