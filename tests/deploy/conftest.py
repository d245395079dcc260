"""A machine to deploy from; and Terraform's own tests, which run once for all of this folder."""

import json
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local.deploy.preflight import BUDGET_RIGHTS, RIGHTS
from tests.deploy.cloud import PROJECT, Cloud
from tests.deploy.repository import ROOT
from tests.deploy.terraform import ENVIRONMENTS, Terraform, Verdict, prepare, run_tests


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    return prepare(tmp_path_factory.mktemp("terraform") / "copy")


@pytest.fixture(scope="session")
def verdicts(terraform: Terraform) -> dict[str, Verdict]:
    """Environment -> what Terraform's own tests said, and the plan that they looked at."""
    with ThreadPoolExecutor(len(ENVIRONMENTS)) as pool:
        return {each.environment: each for each in pool.map(lambda e: run_tests(terraform, e), ENVIRONMENTS)}


@pytest.fixture(params=ENVIRONMENTS)
def planned(request: pytest.FixtureRequest, verdicts: dict[str, Verdict]) -> Verdict:
    """The same for each environment in turn."""
    return verdicts[request.param]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with settings of our own."""
    ignored = shutil.ignore_patterns("__pycache__", ".terraform", "*.tfstate*")
    for folder in ("functions", "shared", "infra"):
        shutil.copytree(ROOT / folder, tmp_path / "root" / folder, ignore=ignored)
    environments = tmp_path / "root" / "infra" / "terraform" / "environments"
    example = (environments / "staging.tfvars").read_text(encoding="utf-8")
    own = example.replace("111111111111-staging", "7-ours").replace("example.com", "acme.invalid")
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
    """The environment of a machine and a new project where nothing is missing."""
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
    for command in ("init", "workspace select default", "workspace new", "state pull", "plan", "apply"):
        cloud.answers(f"terraform {command}")
    cloud.answers("terraform workspace list", "* default\n")
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
