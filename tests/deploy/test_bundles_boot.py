"""Each bundle runs alone: its own files, its own requirements, `python -I`, on the oldest and the newest Python."""

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.bundles.archive import Bundle, build
from local.bundles.contents import FUNCTIONS
from tests.deploy.booting import START_S, Answer, ask, python_with, running, unpack
from tests.deploy.repository import ROOT, entry_points, is_not_tried


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bundle]:
    return dict(build(ROOT, tmp_path_factory.mktemp("bundles")))


@pytest.mark.parametrize("version", ["3.11", "3.13"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_bundle_answers_alone_at_each_of_its_entry_points(
    function: str, version: str, bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    held = unpack(bundles[function].path, tmp_path / "unpacked")
    assert {name.split("/")[0] for name in held} == {"functions", "main.py", "requirements.txt", "shared"}
    python = python_with(tmp_path / "unpacked" / "requirements.txt", version)
    if python is None:
        is_not_tried(f"THIS MACHINE HAS NO PYTHON {version}: the bundles were not tried on it")
    mine = [name for name, source in entry_points().items() if source == function]
    with ThreadPoolExecutor(len(mine)) as pool:
        answers = dict(zip(mine, pool.map(lambda n: _first_answer(python, tmp_path, n), mine), strict=True))
    # The public one knows its paths, the private ones want their invoker's token: all settings were read.
    expected = {
        n: Answer(404, "not_found") if n == function else Answer(401, "not_authenticated") for n in mine
    }
    assert answers == expected


def test_an_entry_point_without_its_settings_does_not_answer_as_if_all_were_well(
    bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    unpack(bundles["oauth"].path, tmp_path / "unpacked")
    python = python_with(tmp_path / "unpacked" / "requirements.txt", "3.11")
    assert python is not None
    with running(python, tmp_path / "unpacked", "oauth", {"PUBLIC_URL": ""}) as port:
        assert _status(port, "/oauth/nothing") == 500


def _first_answer(python: Path, folder: Path, entry_point: str) -> Answer:
    with running(python, folder / "unpacked", entry_point) as port:
        return ask(port, f"/{entry_point}/nothing", "GET" if entry_point in FUNCTIONS else "POST")


def _status(port: int, path: str) -> int:
    with pytest.raises(urllib.error.HTTPError) as fault:
        urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=START_S)
    return fault.value.code


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_what_a_machine_lacks_is_passed_over_on_a_persons_own_alone(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="NO PYTHON"):
        is_not_tried("NO PYTHON")
