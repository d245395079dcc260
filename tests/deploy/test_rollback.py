"""`./dev deploy --rollback` takes the bundles of the last good deploy before what is there now."""

import json
from pathlib import Path

import pytest

from local.cli.fault import Fault
from local.deploy.deployment import deploy
from tests.deploy.cloud import PROJECT, Cloud, options


def variables(root: Path) -> object:
    """What the last apply was given as Terraform's variable `bundles`."""
    return json.loads(
        (root / ".dev" / "deploy" / PROJECT / "bundles.tfvars.json").read_text(encoding="utf-8")
    )


def deployed(root: Path, ready: dict[str, str], change: str) -> object:
    """Deploys the sources with one more change; gives the variables of that."""
    with (root / "functions" / "oauth" / "routes.py").open("a", encoding="utf-8") as file:
        file.write(f"# {change}\n")
    deploy(options(yes=True), root, ready)
    return variables(root)


def rolled_back(root: Path, ready: dict[str, str]) -> object:
    deploy(options(yes=True, rollback=True), root, ready)
    return variables(root)


def test_a_rollback_takes_the_bundles_before(root: Path, ready: dict[str, str]) -> None:
    first, second = deployed(root, ready, "good"), deployed(root, ready, "bad")
    assert first != second
    assert rolled_back(root, ready) == first


def test_a_second_rollback_goes_further_back_and_never_to_what_was_rolled_back_from(
    root: Path, ready: dict[str, str]
) -> None:
    first, second, _ = (deployed(root, ready, change) for change in ("good", "bad", "worse"))
    assert [rolled_back(root, ready), rolled_back(root, ready)] == [second, first]
    with pytest.raises(Fault, match="knows of no good deploy before"):
        rolled_back(root, ready)


def test_what_was_rolled_back_from_counts_again_once_it_is_deployed_again(
    root: Path, ready: dict[str, str]
) -> None:
    routes = root / "functions" / "oauth" / "routes.py"
    deployed(root, ready, "good")
    second = deployed(root, ready, "not guilty")
    sources = routes.read_text(encoding="utf-8")
    rolled_back(root, ready)
    routes.write_text(sources, encoding="utf-8")
    deploy(options(yes=True), root, ready)
    deployed(root, ready, "bad")
    assert rolled_back(root, ready) == second


def test_after_an_apply_that_failed_half_way_the_last_good_bundles_come_back(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    good = deployed(root, ready, "good")
    (cloud.home / "terraform-apply").unlink()
    with pytest.raises(Fault, match="terraform apply"):
        deployed(root, ready, "cannot be applied")
    # The rollback's own apply fails, too, and is taken up again.
    with pytest.raises(Fault, match="terraform apply"):
        rolled_back(root, ready)
    cloud.answers("terraform apply")
    assert rolled_back(root, ready) == good
    with pytest.raises(Fault, match="knows of no good deploy before"):
        rolled_back(root, ready)


def test_deploying_the_same_again_and_again_does_not_forget_what_was_before(
    root: Path, ready: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.deploy.history._KEPT", 3)
    first = deployed(root, ready, "good")
    deployed(root, ready, "bad")
    for _ in range(4):
        deploy(options(yes=True), root, ready)
    assert rolled_back(root, ready) == first


def test_there_is_no_rollback_before_a_second_deploy(root: Path, ready: dict[str, str]) -> None:
    with pytest.raises(Fault, match="knows of no good deploy before"):
        deploy(options(yes=True, rollback=True), root, ready)
