"""What must be there before anything is planned. All that is missing is told at once, with the page to open."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.deploy import oauth_client
from local.deploy.oauth_client import OAuthClient
from local.deploy.programs import Programs

TERRAFORM_AT_LEAST: Final = (1, 9)
FIRST_APIS: Final = (
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "serviceusage.googleapis.com",
)
"""What Terraform itself calls before it can turn on the others."""
RIGHTS: Final = (
    "artifactregistry.repositories.create",
    "cloudfunctions.functions.create",
    "cloudscheduler.jobs.create",
    "compute.globalForwardingRules.create",
    "compute.securityPolicies.create",
    "datastore.databases.create",
    "firebaserules.releases.create",
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.create",
    "logging.logEntries.list",
    "logging.sinks.create",
    "logging.views.access",
    "monitoring.alertPolicies.create",
    "pubsub.topics.create",
    "resourcemanager.projects.setIamPolicy",
    "run.services.setIamPolicy",
    "secretmanager.secrets.create",
    "serviceusage.services.enable",
    "storage.buckets.create",
)
BUDGET_RIGHTS: Final = ("billing.budgets.create", "billing.resourcebudgets.write")
"""On the billing account the first, or in the project the second: one is enough for a budget of this project alone."""
_STRING_OR_COMMENT: Final = re.compile(r'("(?:[^"\\\n]|\\.)*")|/\*(?s:.*?)\*/|(?:#|//).*')
"""A string may hold what would begin a comment: `https://…`."""
_OF_THE_EXAMPLE: Final = re.compile(
    r'"[^"\n]*(?:(?<![\w-])example\.com(?![\w-])|example-keys|0{6}-0{6}-0{6})[^"\n]*"'
)
_CONSOLE: Final = "https://console.cloud.google.com"


@dataclass(frozen=True)
class Missing:
    """One thing to do: a sentence, and the page or the command that helps."""

    sentence: str
    help: str


def missing(programs: Programs, project: str, settings: Path) -> list[Missing]:
    """Everything that is missing for a deploy, in the order in which to mend it."""
    gcloud = list(_gcloud(programs))
    found = [*gcloud, *unable(programs, settings)]
    if not gcloud:
        found += _project(programs, project, oauth_client.read(settings))
    return found


def unable(programs: Programs, settings: Path) -> list[Missing]:
    """What Terraform cannot begin without, whatever is asked of it."""
    return [*_terraform(programs), *_settings(settings), *_credentials(programs)]


def budget_warning(programs: Programs, project: str, settings: Path) -> str | None:
    """https://cloud.google.com/billing/docs/how-to/budget-api-access-control

    A warning, for the budget may be there already; and where Google does not say, Terraform finds out.
    """
    text = _uncommented(settings)
    named = re.search(r'\bbilling_account\s*=\s*"(?:billingAccounts/)?([^"]+)"', text)
    if named is None:
        return None
    on_account, in_project = BUDGET_RIGHTS
    for api, resource, right in (
        ("cloudbilling", f"billingAccounts/{named[1]}", on_account),
        ("cloudresourcemanager", f"projects/{project}", in_project),
    ):
        held = _held(programs, api, resource, (right,))
        if held is None or right in held:
            return None
    return (
        f"If the budget is still to be made, Terraform may stop at it: you have neither {on_account} on billing "
        f"account {named[1]} nor {in_project} in {project} (docs/permissions.md has the roles)"
    )


def _gcloud(programs: Programs) -> Iterator[Missing]:
    if not programs.has("gcloud"):
        yield Missing("gcloud is not installed.", "https://cloud.google.com/sdk/docs/install")
    elif not programs.ask("gcloud", "auth", "print-access-token", "--quiet").ok:
        yield Missing("gcloud is not signed in.", "gcloud auth login")


def _credentials(programs: Programs) -> Iterator[Missing]:
    """Asked of gcloud where it is there; Terraform itself does not need it."""
    asked = ("gcloud", "auth", "application-default", "print-access-token", "--quiet")
    if programs.has("gcloud") and not programs.ask(*asked).ok:
        yield Missing("Terraform has no credentials.", "gcloud auth application-default login")


def _terraform(programs: Programs) -> Iterator[Missing]:
    if not programs.has("terraform"):
        yield Missing("Terraform is not installed.", "https://developer.hashicorp.com/terraform/install")
        return
    said = programs.ask("terraform", "version", "-json")
    version = re.search(r'"terraform_version":\s*"(\d+)\.(\d+)', said.text)
    if version is None or (int(version[1]), int(version[2])) < TERRAFORM_AT_LEAST:
        needed = ".".join(map(str, TERRAFORM_AT_LEAST))
        yield Missing(
            f"Terraform {needed} or newer is needed.", "https://developer.hashicorp.com/terraform/install"
        )


def _settings(file: Path) -> Iterator[Missing]:
    if not file.exists():
        yield Missing(
            f"There are no settings: {file} is missing.",
            "copy infra/terraform/environments/production.tfvars there and put your values in (docs/deploy.md)",
        )
        return
    text = _uncommented(file)
    client = re.search(r'^\s*google_client_id\s*=\s*"([^"]*)"', text, re.MULTILINE)
    if client is None or re.match(r"(1{12}|2{12})-", client[1]):
        yield Missing(
            f"{file.name} has no OAuth client of yours (google_client_id).",
            f"{_CONSOLE}/auth/clients: create a client of type Web application",
        )
    if examples := sorted(set(_OF_THE_EXAMPLE.findall(text))):
        yield Missing(
            f"{file.name} still has values of the example: {', '.join(examples)}.",
            "docs/deploy.md says what each is",
        )


def _uncommented(file: Path) -> str:
    return _STRING_OR_COMMENT.sub(lambda found: found[1] or "", file.read_text(encoding="utf-8"))


def _project(programs: Programs, project: str, client: OAuthClient | None) -> list[Missing]:
    said = programs.ask("gcloud", "projects", "describe", project, "--format=json")
    if not said.ok or said.json().get("lifecycleState") != "ACTIVE":
        return [Missing(f"There is no project {project} that you can see.", f"{_CONSOLE}/projectcreate")]
    found = [*_billing(programs, project), *_apis(programs, project), *_rights(programs, project)]
    if client is not None:
        found += _oauth_client(client, project, str(said.json().get("projectNumber", "")), programs)
    return found


def _oauth_client(client: OAuthClient, project: str, number: str, programs: Programs) -> Iterator[Missing]:
    page = f"{_CONSOLE}/auth/clients?project={project}"
    if number and client.project_number != number:
        yield Missing(
            "The OAuth client (google_client_id) is of another project: Gmail's topic must be in the client's own.",
            page,
        )
        return
    refusal = client.refusal(programs.environment.get("CRM_GMAIL_AUTHORIZATION_URL", oauth_client.GOOGLE))
    if refusal in oauth_client.REFUSALS:
        yield Missing(oauth_client.REFUSALS[refusal].format(client.redirect_uri), page)


def _billing(programs: Programs, project: str) -> Iterator[Missing]:
    said = programs.ask("gcloud", "billing", "projects", "describe", project, "--format=json")
    if not said.ok or not said.json().get("billingEnabled"):
        page = f"{_CONSOLE}/billing/linkedaccount?project={project}"
        yield Missing(f"Project {project} has no billing account (or you may not see it).", page)


def _apis(programs: Programs, project: str) -> Iterator[Missing]:
    said = programs.ask(
        "gcloud", "services", "list", "--enabled", "--project", project, "--format=value(config.name)"
    )
    off = [api for api in FIRST_APIS if api not in said.text.split()]
    if off:
        yield Missing(
            "Terraform needs APIs that are off.",
            f"gcloud services enable {' '.join(off)} --project {project}",
        )


def _rights(programs: Programs, project: str) -> Iterator[Missing]:
    """https://cloud.google.com/resource-manager/reference/rest/v1/projects/testIamPermissions"""
    held = _held(programs, "cloudresourcemanager", f"projects/{project}", RIGHTS)
    if held is None:
        yield Missing(
            "Your rights in the project could not be asked for.", "check the network, then try again"
        )
        return
    lacking = [right for right in RIGHTS if right not in held]
    if lacking:
        page = f"{_CONSOLE}/iam-admin/iam?project={project} (docs/permissions.md has the roles)"
        yield Missing(f"You may not {', '.join(lacking)} in {project}.", page)


def _held(programs: Programs, api: str, resource: str, rights: tuple[str, ...]) -> set[str] | None:
    """Which of the rights one has there; None where Google does not say."""
    root = programs.environment.get(f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}")
    token = programs.ask("gcloud", "auth", "print-access-token", "--quiet").text
    request = urllib.request.Request(  # noqa: S310  Google's API, or where gcloud's own setting points
        f"{root or f'https://{api}.googleapis.com/'}v1/{resource}:testIamPermissions",
        data=json.dumps({"permissions": rights}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return set(json.loads(answer.read()).get("permissions", []))
    except (OSError, ValueError):
        return None
