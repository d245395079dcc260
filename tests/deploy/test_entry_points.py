"""The functions in Terraform are the entry points of the sources, with the settings that these read."""

import ast
from typing import Any

import pytest

from functions.notify.services import stream_slots
from local.cost import usage
from tests.deploy.repository import ROOT, entry_points
from tests.deploy.terraform import Resource, Verdict

# Entry point -> seconds, memory, requests at once, fewest and most instances; production's own settings below.
_SIZES = {
    "oauth": (60, "512Mi", 40, 0, 10),
    "proxy": (60, "1Gi", 16, 0, 20),
    "notify": (600, "512Mi", 80, 0, 20),
    "labeler": (60, "512Mi", 20, 0, 10),
    "on_gmail_push": (55, "512Mi", 20, 0, 20),
    "renew_watches": (1740, "512Mi", 1, 0, 1),
    "recount": (1740, "512Mi", 1, 0, 1),
    "deliver_event": (25, "512Mi", 20, 0, 10),
    "tick": (300, "512Mi", 1, 0, 1),
    "label_mailbox": (540, "512Mi", 8, 0, 20),
}
_PRODUCTION = {"oauth": (60, "512Mi", 40, 1, 10), "proxy": (60, "1Gi", 16, 1, 50)}

# The part of an instance's requests at once that Cloud Run's autoscaler aims at:
# https://cloud.google.com/run/docs/about-instance-autoscaling
_AUTOSCALER = 0.6
# What one connection to Firestore carries; further calls wait: https://github.com/googleapis/google-cloud-java/issues/3514
_CALLS_OF_A_CONNECTION = 100

# functions-framework's own: how many requests it serves at once; and glibc's: what it gives back to the system.
_FRAMEWORK = {"THREADS", "MALLOC_MMAP_THRESHOLD_"}
_LOCAL_ONLY = {"clock_file", "secret_manager_endpoint", "gmail_api_root", "webhook_private_hosts"}


def test_each_entry_point_of_the_sources_is_deployed_from_its_own_bundle(planned: Verdict) -> None:
    deployed = {
        _entry_point(f): _build(f)["source"][0]["storage_source"][0]["object"] for f in _functions(planned)
    }
    checksums = {"oauth": "1111", "proxy": "2222", "notify": "3333", "labeler": "4444"}
    assert deployed == {
        name: f"{function}/{checksums[function]}.zip" for name, function in entry_points().items()
    }


def test_each_function_has_the_size_of_its_row_and_of_the_environment(planned: Verdict) -> None:
    sizes = ("timeout_seconds", "available_memory", "max_instance_request_concurrency")
    counts = ("min_instance_count", "max_instance_count")
    planned_sizes = {
        _entry_point(f): tuple(f.values["service_config"][0][name] for name in (*sizes, *counts))
        for f in _functions(planned)
    }
    assert planned_sizes == {**_SIZES, **(_PRODUCTION if planned.environment == "production" else {})}


def test_an_instance_takes_more_streams_than_make_cloud_run_start_another_and_keeps_room_for_calls(
    planned: Verdict,
) -> None:
    (notify,) = [f for f in _functions(planned) if _entry_point(f) == "notify"]
    service = notify.values["service_config"][0]
    at_once = service["max_instance_request_concurrency"]
    slots = stream_slots(int(_environment(notify)["THREADS"]))

    assert usage.STREAMS_OF_AN_INSTANCE == _AUTOSCALER * at_once < slots == usage.STREAM_SLOTS < at_once
    assert at_once < _CALLS_OF_A_CONNECTION
    assert service["max_instance_count"] == usage.NOTIFY_INSTANCES


def test_no_function_has_a_network_of_its_own(planned: Verdict) -> None:
    # docs/decisions/0012: nothing that they call needs a fixed address or a private one.
    for function in _functions(planned):
        assert not function.values["service_config"][0].get("vpc_connector"), function.address
    assert not list(planned.of("google_vpc_access_connector"))


def test_every_environment_key_is_a_setting(planned: Verdict) -> None:
    known = {name.upper() for name in _settings()} | _FRAMEWORK
    for function in _functions(planned):
        assert set(_environment(function)) <= known, function.address


def test_every_required_setting_is_set_and_not_empty(planned: Verdict) -> None:
    required = {name.upper() for name, has_default in _settings().items() if not has_default}
    for function in _functions(planned):
        environment = _environment(function)
        assert required <= {name for name, value in environment.items() if value}, function.address


def test_no_setting_that_points_at_an_emulator_is_deployed(planned: Verdict) -> None:
    local = {name.upper() for name in _LOCAL_ONLY} | {"FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST"}
    for function in _functions(planned):
        assert not local & set(_environment(function)), function.address


def test_secrets_are_given_by_name_and_never_as_a_value_or_a_mounted_file(planned: Verdict) -> None:
    for function in _functions(planned):
        service = function.values["service_config"][0]
        assert not service["secret_environment_variables"]
        assert not service["secret_volumes"]
        for name, value in _environment(function).items():
            if name.endswith("_SECRET"):
                assert value.startswith("projects/tested-project/secrets/crm-gmail-"), name


@pytest.mark.parametrize("entry_point", [n for n, function in entry_points().items() if n != function])
def test_a_private_entry_point_accepts_the_one_who_calls_it(
    entry_point: str, verdicts: dict[str, Verdict]
) -> None:
    verdict = verdicts["staging"]
    (mine,) = [f for f in _functions(verdict) if _entry_point(f) == entry_point]
    accepts = (_environment(mine)["INVOKER_EMAIL"], _environment(mine)["INVOKER_AUDIENCE"])
    callers = [
        (token["service_account_email"], token["audience"])
        for token in _tokens(verdict)
        if token["audience"] == accepts[1]
    ]
    assert callers == [accepts]


def test_the_audience_of_each_private_entry_point_is_its_own(planned: Verdict) -> None:
    audiences = [_environment(f).get("INVOKER_AUDIENCE") for f in _functions(planned)]
    private = [audience for audience in audiences if audience]
    assert len(set(private)) == len(private) == len(entry_points()) - 4


def _functions(planned: Verdict) -> list[Resource]:
    return list(planned.of("google_cloudfunctions2_function"))


def _build(function: Resource) -> dict[str, Any]:
    build: dict[str, Any] = function.values["build_config"][0]
    return build


def _entry_point(function: Resource) -> str:
    return str(_build(function)["entry_point"])


def _environment(function: Resource) -> dict[str, str]:
    environment: dict[str, str] = function.values["service_config"][0]["environment_variables"]
    return environment


def _tokens(verdict: Verdict) -> list[dict[str, str]]:
    pushes = [
        s.values["push_config"][0]
        for s in verdict.of("google_pubsub_subscription")
        if s.values["push_config"]
    ]
    jobs = [job.values["http_target"][0] for job in verdict.of("google_cloud_scheduler_job")]
    return [target["oidc_token"][0] for target in (*pushes, *jobs)]


def _settings() -> dict[str, bool]:
    """Field of any Settings class of the product -> whether it has a default."""
    fields: dict[str, bool] = {}
    for file in (ROOT / "shared" / "wiring.py", *sorted((ROOT / "functions").glob("*/wiring.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Settings"):
                for line in node.body:
                    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                        fields[line.target.id] = line.value is not None
    return fields
