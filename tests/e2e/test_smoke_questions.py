"""What `./dev deploy` asks a deployed system, asked of the running stack: the questions fit the real functions."""

import re
import secrets
import sys
from pathlib import Path

import pytest

from local.deploy import smoke
from local.deploy.programs import Programs
from tests.e2e import gcloud_of_the_stack
from tests.e2e.driver import Driver

TOPIC = "projects/crm-gmail-local/topics/gmail"


@pytest.fixture
def gcloud(stack: Driver, tmp_path: Path) -> Programs:
    """gcloud's words, carried out on the stack."""
    program = tmp_path / "bin" / "gcloud"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "{gcloud_of_the_stack.__file__}" "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    port = re.search(r" pubsub +ok +port (\d+)", stack.told.read_text(encoding="utf-8"))
    assert port is not None
    environment = {
        "PATH": f"{program.parent}:/usr/bin:/bin",
        "PUBSUB_EMULATOR_HOST": f"127.0.0.1:{port[1]}",
        "STACK_LOGS": str(stack.logs),
    }
    return Programs(tmp_path, environment)


def test_a_running_system_passes_the_questions_of_a_deploy(stack: Driver) -> None:
    outcomes = smoke.ask_public(stack.url, f"{stack.url}/crm")
    assert [each for each in outcomes if not each.passed] == []
    assert len(outcomes) == 6


def test_a_push_goes_through_pubsub_to_the_function_and_back_into_the_log(gcloud: Programs) -> None:
    place = smoke.Place("crm-gmail-local", TOPIC, "here", "logs")
    outcome = smoke.ask_pubsub(gcloud, place, wait_s=60)
    assert (outcome.passed, outcome.told) == (True, "answered 200")


def test_control_the_line_of_another_push_is_no_answer(gcloud: Programs) -> None:
    here = smoke.Place("crm-gmail-local", TOPIC, "here", "logs")
    assert smoke.ask_pubsub(gcloud, here, wait_s=60).passed
    elsewhere = smoke.Place(
        "crm-gmail-local", "projects/crm-gmail-local/topics/label-mailbox", "here", "logs"
    )
    outcome = smoke.ask_pubsub(gcloud, elsewhere, wait_s=0)
    assert (outcome.passed, outcome.told) == (False, "on_gmail_push logged nothing within 0 s")


def test_control_a_push_that_reaches_no_function_is_told(gcloud: Programs) -> None:
    place = smoke.Place("crm-gmail-local", "projects/crm-gmail-local/topics/label-mailbox", "here", "logs")
    outcome = smoke.ask_pubsub(gcloud, place, wait_s=3)
    assert not outcome.passed
    assert "logged nothing" in outcome.told


def test_the_id_that_a_caller_gives_is_in_the_answer_and_in_the_functions_log(stack: Driver) -> None:
    trace = secrets.token_hex(16)
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-00"}
    answer = stack.session.get(f"{stack.url}/oauth/mailbox", headers=headers, timeout=60)
    assert answer.headers["X-Request-Id"] == trace
    assert answer.json()["request_id"] == trace
    logged = [file.read_text(encoding="utf-8", errors="replace") for file in stack.logs.iterdir()]
    assert any(f'"trace_id": "{trace}"' in text for text in logged)
    assert any(f'/traces/{trace}"' in text for text in logged)
