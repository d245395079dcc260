"""What Terraform takes out of log lines stands in them: the event, and each of its fields."""

import ast
import re
from collections.abc import Iterator

import pytest

from shared.log import FIELDS
from tests.deploy.repository import ROOT, TERRAFORM, log_events

LOGS = (TERRAFORM / "logs.tf").read_text(encoding="utf-8")
_OF_EVERY_LINE = {"message", "severity", "trace_id"}


def _fields_of(event: str) -> Iterator[set[str]]:
    """The fields of each place that writes this event, by the sources."""
    for folder in ("functions", "shared"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "event"
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                    and node.args[0].value == event
                ):
                    yield {keyword.arg for keyword in node.keywords if keyword.arg}


def _metrics() -> list[tuple[str, set[str]]]:
    """(event, extracted fields) of each log-based metric that is about one event."""
    found: list[tuple[str, set[str]]] = []
    for block in LOGS.split('resource "google_logging_metric"')[1:]:
        named = re.search(r'jsonPayload\.message=\\"([a-z._]+)\\"', block)
        if named:
            fields = set(re.findall(r"EXTRACT\(jsonPayload\.(\w+)\)", block))
            fields |= set(re.findall(r'field = "(\w+)"', block))
            found.append((named[1], fields))
    return found


def test_there_is_a_metric_of_the_labelers_runs_with_mails_units_duration_and_outcome() -> None:
    assert ("run.finished", {"count", "gmail_units", "duration_ms", "outcome"}) in _metrics()


@pytest.mark.parametrize(("event", "fields"), _metrics())
def test_every_line_of_a_metrics_event_has_the_fields_that_are_taken_out(
    event: str, fields: set[str]
) -> None:
    assert event in log_events()
    written = list(_fields_of(event))
    assert written
    assert all(fields - _OF_EVERY_LINE <= line for line in written)


def test_every_field_that_terraform_takes_out_may_stand_in_a_log_line() -> None:
    taken = set(re.findall(r"EXTRACT\(jsonPayload\.(\w+)\)", LOGS)) | set(
        re.findall(r'field = "(\w+)"', LOGS)
    )
    assert {"message", "gmail_units", "outcome"} <= taken
    assert taken <= FIELDS | _OF_EVERY_LINE


def test_charts_name_only_metrics_that_are_made() -> None:
    charts = (TERRAFORM / "dashboard.tf").read_text(encoding="utf-8")
    used = set(re.findall(r'local\.label_runs\["(\w+)"\]', charts))
    assert used == set(re.findall(r"^    (\w+) += \{ field = ", LOGS, re.MULTILINE))
