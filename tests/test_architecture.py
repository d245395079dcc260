"""How the house is built, as rules that read the code. docs/architecture.md tells the reasons.

Each rule is a generator of complaints about one file. `BAD` holds a tiny file for each that it must complain about:
a rule that cannot fail would be no rule.
"""

import dataclasses
import io
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from shared import errors
from shared.config import parse
from shared.events import EntryPoint
from shared.log import Log
from shared.web import status_of
from shared.wiring import CommonSettings
from tests.architecture import edge_rules, function_rules, layout_rules
from tests.architecture.bad_examples import BAD
from tests.architecture.sources import EVERYTHING, FUNCTIONS, PRODUCT, ROOT, Source, sources_under
from tests.architecture.wsgi import push_of

Rule = Callable[[Source], Iterator[str]]

FINDERS = (function_rules.use_cases, function_rules.handed_services)
RULES: Sequence[Rule] = [
    value
    for module in (layout_rules, function_rules, edge_rules)
    for name, value in vars(module).items()
    if getattr(value, "__module__", "") == module.__name__
    and not name.startswith("_")
    and value not in FINDERS
]

OUT_OF_SHAPE = (
    "mark_notice_read takes",
    "start_popup:",
    "take_turn:",
    "disconnect is no verb_noun",
)
"""Use cases that came before the rule, and what is wrong with each."""


def complaints(rule: Rule, sources: Iterable[Source]) -> list[str]:
    return [complaint for source in sources for complaint in rule(source)]


def files(*names: str) -> list[Source]:
    """The files of this name in each function's folder."""
    found = [source for source in sources_under("functions") if source.name in names]
    assert len(found) == len(FUNCTIONS) * len(names), "the control: every function has these files"
    return found


def test_every_import_is_absolute() -> None:
    assert complaints(layout_rules.imports_are_absolute, sources_under(*EVERYTHING)) == []


def test_main_is_a_doorbell_with_the_deployed_names() -> None:
    assert complaints(function_rules.main_is_a_doorbell, files("main.py")) == []


def test_importing_the_product_does_nothing_and_loads_no_heavy_library() -> None:
    modules = [source.module for source in sources_under(*PRODUCT)]
    assert "functions.oauth.main" in modules
    assert probe(ROOT, modules) == []


def test_routes_are_a_table_and_views_only_translate() -> None:
    routes = files("routes.py")
    assert complaints(function_rules.routes_are_a_table, routes) == []
    assert complaints(function_rules.views_are_short, routes) == []
    assert complaints(function_rules.a_view_calls_one_use_case, routes) == []


def test_a_use_case_is_a_verb_and_a_noun_over_values_and_services() -> None:
    found = complaints(function_rules.use_cases_have_one_shape, sources_under("functions"))
    known = [complaint for complaint in found if any(name in complaint for name in OUT_OF_SHAPE)]
    assert found == known
    assert len({name for name in OUT_OF_SHAPE if any(name in c for c in known)}) == len(OUT_OF_SHAPE), (
        "one of them has the shape by now: take it off the list, which may only become shorter"
    )


def test_whatever_a_route_or_a_wiring_calls_with_services_is_a_use_case() -> None:
    edges = files("routes.py", "wiring.py")
    called = {name for source in edges for name, _ in function_rules.handed_services(source)}
    known = {
        function.name
        for source in sources_under("functions")
        for function in function_rules.use_cases(source)
    }
    assert len(called) > 15, "the control: these are the calls"
    assert called - known == set()


def test_services_are_one_frozen_dataclass() -> None:
    assert complaints(function_rules.services_are_frozen, files("services.py")) == []


def test_imports_go_one_way() -> None:
    assert complaints(layout_rules.imports_go_one_way, sources_under(*PRODUCT)) == []
    assert complaints(layout_rules.use_cases_know_no_adapter, sources_under("functions")) == []


def test_vendors_stop_at_their_adapters() -> None:
    assert complaints(layout_rules.vendors_stop_at_the_adapters, sources_under(*PRODUCT)) == []
    ports = [source for source in sources_under("shared") if source.path.startswith("shared/ports/")]
    assert len(ports) > 10
    assert complaints(edge_rules.ports_speak_our_own_types, ports) == []


def test_only_the_log_writes_and_its_lines_hold_ids() -> None:
    assert complaints(edge_rules.only_the_log_writes, sources_under(*PRODUCT)) == []
    assert complaints(edge_rules.log_lines_are_named_and_hold_ids, sources_under(*PRODUCT)) == []


def test_wiring_is_one_cached_function() -> None:
    assert complaints(function_rules.wiring_is_one_cached_function, files("wiring.py")) == []
    assert complaints(function_rules.gmail_clients_are_built_per_call, sources_under(*PRODUCT)) == []


def test_everything_is_caught_at_the_edges_only() -> None:
    assert complaints(edge_rules.only_the_edges_catch_everything, sources_under(*PRODUCT)) == []


def test_waiting_and_trying_again_live_in_one_module() -> None:
    assert complaints(edge_rules.retries_live_in_one_module, sources_under(*PRODUCT)) == []


def test_only_one_module_reads_the_environment() -> None:
    assert complaints(edge_rules.only_config_reads_the_environment, sources_under(*PRODUCT)) == []


def test_files_and_functions_are_short_or_say_why() -> None:
    assert complaints(layout_rules.files_are_short_or_say_why, sources_under(*EVERYTHING)) == []
    assert complaints(layout_rules.functions_are_short_or_say_why, sources_under(*EVERYTHING)) == []


def test_no_module_is_called_after_no_job() -> None:
    assert complaints(layout_rules.modules_have_one_job_and_say_it, sources_under(*EVERYTHING)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_complains_about_bad_code(rule: Rule) -> None:
    examples = BAD[rule.__name__]
    assert examples
    for example in examples:
        assert list(rule(example)), f"no complaint about:\n{example.text}"


def leaves() -> list[errors.AppError]:
    """One of each error that the product raises."""
    kinds = [value for value in vars(errors).values() if isinstance(value, type)]
    found = [kind for kind in kinds if issubclass(kind, errors.AppError) and kind is not errors.AppError]
    special: dict[type, errors.AppError] = {
        errors.MethodNotAllowed: errors.MethodNotAllowed("No.", allowed=("GET",))
    }
    return [special.get(kind) or kind("No.") for kind in found]


@pytest.mark.parametrize("error", leaves(), ids=lambda error: type(error).__name__)
def test_every_error_has_one_status_and_a_push_that_can_never_succeed_is_acknowledged(
    error: errors.AppError,
) -> None:
    def fail(_message: object) -> None:
        raise error

    pushed = EntryPoint("test", lambda _authorization: None, Log(io.StringIO())).push(push_of(b"{}"), fail)

    final = isinstance(error, errors.BadInput | errors.NotFound | errors.GrantLost)
    assert pushed.status_code == (204 if final else status_of(error))
    assert 400 <= status_of(error) < 600
    is_internal = isinstance(error, errors.Misconfigured)
    assert (status_of(error) == 500) == is_internal, "the status of an error that nobody has thought of"


def test_settings_are_one_frozen_dataclass_and_every_fault_is_told_at_once() -> None:
    required = {
        field.name.upper()
        for field in dataclasses.fields(CommonSettings)
        if field.default is dataclasses.MISSING
    }

    with pytest.raises(errors.Misconfigured) as told:
        parse(CommonSettings, {})

    assert {sentence.split()[0] for sentence in told.value.detail.split(". ")} == required
    settings = parse(CommonSettings, dict.fromkeys(required, "x"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.public_url = "y"  # type: ignore[misc]


NOISY = {
    "import threading; threading.Thread(target=print).start()": "starts the thread",
    "import socket; socket.create_connection(('127.0.0.1', 9))": "socket.",
    "import subprocess; subprocess.run(['true'])": "subprocess.Popen",
    "import os; os.environ.get('HOME')": "reads HOME from the environment",
    "import os; 'HOME' in os.environ": "reads HOME from the environment",
    "import os; os.environ['HOME']": "cannot be imported",
    "import googleapiclient": "imports googleapiclient",
    "import google.cloud.secretmanager_v1": "imports google.cloud.secretmanager_v1",
    "open(__file__ + '.log', 'w')": "writes",
    "raise ValueError('settings')": "cannot be imported",
}


def test_the_import_probe_hears_every_noise(tmp_path: Path) -> None:
    for number, line in enumerate(NOISY):
        (tmp_path / f"noisy_{number}.py").write_text(line + "\n", encoding="utf-8")
    (tmp_path / "quiet.py").write_text("import json\n", encoding="utf-8")

    for number, expected in enumerate(NOISY.values()):
        heard = probe(tmp_path, [f"noisy_{number}"])
        assert any(expected in complaint for complaint in heard), (number, heard)
    assert probe(tmp_path, ["quiet"]) == [], "the control of the control"


def probe(root: Path, modules: Sequence[str]) -> list[str]:
    """What importing these modules does, in a Python that knows no environment and has imported nothing yet."""
    program = ROOT / "tests" / "architecture" / "import_probe.py"
    answer = subprocess.run(
        [sys.executable, "-I", str(program), str(root), *modules],
        env={},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return answer.stdout.strip().splitlines()
