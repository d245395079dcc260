"""`./dev deploy` says what is missing, asks before it changes anything, and looks at what it has made."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local.cli.fault import Fault
from local.deploy.deployment import deploy
from local.deploy.options import Options
from local.deploy.preflight import BUDGET_RIGHTS, RIGHTS
from tests.deploy.cloud import Cloud
from tests.deploy.repository import ROOT
from tests.deploy.terraform import Terraform, skip_without_stand_in

PROJECT = "tested-project"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with settings of our own."""
    ignored = shutil.ignore_patterns("__pycache__", ".terraform", "*.tfstate*")
    for folder in ("functions", "shared", "infra"):
        shutil.copytree(ROOT / folder, tmp_path / "root" / folder, ignore=ignored)
    environments = tmp_path / "root" / "infra" / "terraform" / "environments"
    example = (environments / "staging.tfvars").read_text(encoding="utf-8")
    own = example.replace("111111111111-staging", "7-ours").replace(".example.com", ".acme.invalid")
    (environments / f"{PROJECT}.tfvars").write_text(own, encoding="utf-8")
    return tmp_path / "root"


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    """A machine without gcloud and terraform."""
    (tmp_path / "cloud" / "bin").mkdir(parents=True)
    return Cloud(tmp_path / "cloud")


@pytest.fixture
def rights() -> Iterator[tuple[str, list[str]]]:
    """Where Google tells which rights one has, and the list of those it tells."""
    held = [*RIGHTS, *BUDGET_RIGHTS]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"permissions": held}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", held
    server.shutdown()


@pytest.fixture
def ready(cloud: Cloud, rights: tuple[str, list[str]]) -> dict[str, str]:
    """The environment of a machine and a project where nothing is missing."""
    for name in ("gcloud", "terraform"):
        cloud.installs(name)
    cloud.answers("terraform version", {"terraform_version": "1.11.4"})
    cloud.answers("gcloud auth print-access-token", "token")
    cloud.answers("gcloud auth application-default print-access-token", "token")
    cloud.answers("gcloud projects describe", {"lifecycleState": "ACTIVE", "projectNumber": "7"})
    cloud.answers("gcloud billing projects describe", {"billingEnabled": True})
    apis = "cloudresourcemanager.googleapis.com\niam.googleapis.com\nserviceusage.googleapis.com\n"
    cloud.answers("gcloud services list", apis)
    cloud.answers("gcloud services enable")
    cloud.answers("gcloud beta services identity create")
    for command in ("init", "workspace select", "plan", "apply"):
        cloud.answers(f"terraform {command}")
    secrets = {n: f"projects/{PROJECT}/secrets/crm-gmail-{n}" for n in ("token-key", "google-client-secret")}
    outputs = {
        "secrets": secrets,
        "public_url": "https://192.0.2.9",
        "ip_address": "192.0.2.1",
        "urls": {"Google": "https://192.0.2.9/oauth/callback"},
    }
    cloud.answers("terraform output", json.dumps({name: {"value": value} for name, value in outputs.items()}))
    cloud.answers("gcloud secrets versions list")
    cloud.answers("gcloud secrets versions add")
    return {
        **cloud.environment,
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER": rights[0],
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDBILLING": rights[0],
        "CRM_GMAIL_AUTHORIZATION_URL": "http://127.0.0.1:1/",
    }


def options(**more: bool) -> Options:
    switches = {
        "plan_only": False,
        "dry_run": False,
        "yes": False,
        "rollback": False,
        "destroy": False,
        **more,
    }
    return Options(PROJECT, "europe-west1", None, **switches)


def changing(cloud: Cloud) -> list[list[str]]:
    """Commands that change something in the cloud."""
    return [words for words in cloud.asked() if words[:2] == ["terraform", "apply"] or "add" in words]


def test_a_dry_run_needs_neither_cloud_nor_programs(
    root: Path, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(options(dry_run=True), root, cloud.environment) == 0
    assert "terraform apply" in capsys.readouterr().out
    assert cloud.asked() == []


def test_a_dry_run_without_settings_says_that_the_example_stands_in(
    root: Path, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "infra" / "terraform" / "environments" / f"{PROJECT}.tfvars").unlink()
    assert deploy(options(dry_run=True), root, cloud.environment) == 0
    assert "production.tfvars stands in, an example" in capsys.readouterr().out


def test_all_that_is_missing_is_told_at_once_with_what_helps(
    root: Path, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "infra" / "terraform" / "environments" / f"{PROJECT}.tfvars").unlink()
    assert deploy(options(), root, cloud.environment) == 1
    told = capsys.readouterr().err
    assert "gcloud is not installed." in told
    assert "Terraform is not installed." in told
    assert "There are no settings" in told
    assert told.count("https://") == 2


def test_a_destroy_says_what_it_cannot_begin_without(
    root: Path, cloud: Cloud, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "infra" / "terraform" / "environments" / f"{PROJECT}.tfvars").unlink()
    (cloud.home / "gcloud-auth-application-default-print-access-token").unlink()
    assert deploy(options(destroy=True, yes=True), root, ready) == 1
    told = capsys.readouterr().err
    assert "Before this can be destroyed:" in told
    assert "There are no settings" in told
    assert "Terraform has no credentials." in told
    assert not any(words[0] == "terraform" and words[1] != "version" for words in cloud.asked())


@pytest.mark.parametrize(
    ("command", "answer", "told"),
    [
        ("gcloud projects describe", '{"lifecycleState": "DELETE_REQUESTED"}', "There is no project"),
        ("gcloud billing projects describe", '{"billingEnabled": false}', "billing/linkedaccount"),
        ("gcloud services list", "iam.googleapis.com", "gcloud services enable cloudresourcemanager"),
        ("terraform version", '{"terraform_version": "1.5.7"}', "Terraform 1.9 or newer"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(
    command: str,
    answer: str,
    told: str,
    root: Path,
    cloud: Cloud,
    ready: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    cloud.answers(command, answer)
    assert deploy(options(yes=True), root, ready) == 1
    assert told in capsys.readouterr().err
    assert changing(cloud) == []


def test_a_right_that_the_person_lacks_is_named(
    root: Path,
    cloud: Cloud,
    ready: dict[str, str],
    rights: tuple[str, list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    rights[1].remove("run.services.setIamPolicy")
    assert deploy(options(yes=True), root, ready) == 1
    assert "You may not run.services.setIamPolicy in tested-project." in capsys.readouterr().err


BUDGET = '\nbudget = { billing_account = "012345-6789AB-CDEF01", amount = 100, currency = "EUR" }\n'


@pytest.mark.parametrize(("budget", "code"), [(BUDGET, 1), ("", 0), (f"# {BUDGET[1:]}", 0)])
def test_the_right_to_make_the_budget_is_asked_for_where_there_is_one(
    budget: str,
    code: int,
    root: Path,
    ready: dict[str, str],
    rights: tuple[str, list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with (root / "infra" / "terraform" / "environments" / f"{PROJECT}.tfvars").open("a") as settings:
        settings.write(budget)
    rights[1].remove("billing.budgets.create")
    assert deploy(options(plan_only=True), root, ready) == code
    told = "You may not billing.budgets.create on billing account 012345-6789AB-CDEF01."
    assert (told in capsys.readouterr().err) == bool(code)


def test_an_oauth_client_of_another_project_is_told(
    root: Path, cloud: Cloud, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.answers("gcloud projects describe", {"lifecycleState": "ACTIVE", "projectNumber": "8"})
    assert deploy(options(yes=True), root, ready) == 1
    told = capsys.readouterr().err
    assert "is of another project" in told
    assert "auth/clients?project=tested-project" in told


def test_what_google_does_not_tell_of_the_consent_screen_is_told_to_be_looked_at(
    root: Path, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(options(plan_only=True), root, ready) == 0
    told = capsys.readouterr().out
    assert "Look at the consent screen yourself" in told
    assert "auth/branding?project=tested-project" in told


def test_values_of_the_example_are_not_deployed(
    root: Path, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    environments = root / "infra" / "terraform" / "environments"
    shutil.copy(environments / "production.tfvars", environments / f"{PROJECT}.tfvars")
    assert deploy(options(yes=True), root, ready) == 1
    told = capsys.readouterr().err
    assert "no OAuth client of yours" in told
    assert "values of the example" in told


def test_a_plan_only_changes_nothing(root: Path, cloud: Cloud, ready: dict[str, str]) -> None:
    assert deploy(options(plan_only=True), root, ready) == 0
    assert ["terraform", "plan"] in [words[:2] for words in cloud.asked()]
    assert changing(cloud) == []


def test_where_nobody_can_be_asked_nothing_is_applied(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    with pytest.raises(Fault, match="--yes"):
        deploy(options(), root, ready)
    assert changing(cloud) == []


def test_a_deploy_makes_keys_asks_for_the_other_secrets_and_prints_what_to_paste(
    root: Path, cloud: Cloud, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(options(yes=True), root, ready) == 0
    told = capsys.readouterr().out
    assert "https://192.0.2.9/oauth/callback" in told
    assert "gcloud secrets versions add crm-gmail-google-client-secret" in told
    assert "192.0.2.9 -> 192.0.2.1" in told
    added = [words for words in cloud.asked() if "add" in words]
    assert [words[4] for words in added] == ["crm-gmail-token-key"]
    assert len(bytes.fromhex(added[0][-1])) == 32
    assert added[0][-1] not in told


def test_a_second_deploy_leaves_secrets_that_have_a_version_alone(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    cloud.answers("gcloud secrets versions list", "1")
    assert deploy(options(yes=True), root, ready) == 0
    assert [words for words in cloud.asked() if "add" in words] == []


def test_pubsub_has_its_service_agent_before_terraform_grants_it_anything(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    assert deploy(options(yes=True), root, ready) == 0
    asked = [" ".join(words) for words in cloud.asked()]
    agent = "gcloud beta services identity create --service pubsub.googleapis.com --project tested-project --quiet"
    on = "gcloud services enable pubsub.googleapis.com --project tested-project --quiet"
    apply = next(place for place, command in enumerate(asked) if command.startswith("terraform apply"))
    assert asked.index(on) < asked.index(agent) < apply


def test_without_the_service_agent_nothing_is_applied(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    (cloud.home / "gcloud-beta-services-identity-create").unlink()
    with pytest.raises(Fault, match="service agent cannot be made: no answer to beta"):
        deploy(options(yes=True), root, ready)
    assert changing(cloud) == []


def test_a_failing_apply_ends_the_deploy(root: Path, cloud: Cloud, ready: dict[str, str]) -> None:
    (cloud.home / "terraform-apply").unlink()
    with pytest.raises(Fault, match="terraform apply"):
        deploy(options(yes=True), root, ready)
    assert [words for words in cloud.asked() if "add" in words] == []


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


def test_a_destroy_of_what_was_never_deployed_changes_nothing(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    with pytest.raises(Fault, match="nothing to destroy"):
        deploy(options(yes=True, destroy=True), root, ready)
    assert changing(cloud) == []


def test_the_plan_of_the_command_is_one_that_terraform_takes(
    root: Path, ready: dict[str, str], terraform: Terraform
) -> None:
    skip_without_stand_in(terraform)
    real = shutil.which("terraform")
    assert real is not None
    program = Path(ready["PATH"]) / "terraform"
    program.unlink()
    program.symlink_to(real)
    environment = {**terraform.environment, **ready, "PATH": f"{ready['PATH']}:/usr/bin:/bin"}
    (root / "infra" / "terraform" / "backend.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    assert deploy(options(plan_only=True), root, environment) == 0
    plan = root / ".dev" / "deploy" / PROJECT / "plan.tfplan"
    shown = subprocess.run(
        [real, "show", "-no-color", str(plan)],
        cwd=root / "infra" / "terraform",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0 to change, 0 to destroy" in shown.stdout
