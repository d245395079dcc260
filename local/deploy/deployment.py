"""The steps of `./dev deploy`: check, build, plan, ask, apply, fill secrets, question the system, tell what is next."""

import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.bundles.archive import build, write_variables
from local.bundles.contents import ForeignFile
from local.cli.fault import Fault
from local.cli.progress import complain, detail, step
from local.deploy import preflight, secret_values, smoke
from local.deploy.history import History
from local.deploy.options import EXAMPLE, Options
from local.deploy.programs import Programs
from local.deploy.removal import destroy
from local.deploy.terraform import Plan, take_state

PUBSUB = "pubsub.googleapis.com"
CONSENT_SCREEN = "https://console.cloud.google.com/auth/branding?project={}"


@dataclass(frozen=True)
class Folders:
    """Where things lie: the repository, and `.dev` in it for what is made."""

    root: Path

    @property
    def terraform(self) -> Path:
        """The configuration."""
        return self.root / "infra" / "terraform"

    @property
    def bundles(self) -> Path:
        """The zips that were built, each under its checksum."""
        return self.root / ".dev" / "bundles"

    def of_project(self, options: Options) -> Path:
        """What is made for the project."""
        return self.root / ".dev" / "deploy" / options.project

    def working_directory(self, options: Options) -> Path:
        """Terraform's own, where the selected workspace is noted: in one for all, a command would find another's."""
        return self.of_project(options) / "terraform"

    def programs(self, options: Options, environment: Mapping[str, str]) -> Programs:
        """The programs, of which Terraform works for this project alone."""
        own = {"TF_DATA_DIR": str(self.working_directory(options))}
        return Programs(self.terraform, {**environment, **own})

    def settings(self, options: Options) -> Path:
        """The environment's values: the file that was named, or that of the project."""
        own = self.terraform / "environments" / f"{options.project}.tfvars"
        example = self.terraform / "environments" / f"{EXAMPLE}.tfvars"
        return options.settings or (example if options.dry_run and not own.exists() else own)


def deploy(options: Options, root: Path, environment: dict[str, str]) -> int:
    """Returns the exit code: 1 where something is missing or the system did not answer as it should.

    Raises Fault.
    """
    folders = Folders(root)
    programs = folders.programs(options, environment)
    settings = folders.settings(options).absolute()
    if options.dry_run:
        return _dry_run(options, folders, settings)
    if options.destroy:
        # Billing may have ended, and rights been taken back: Terraform tells what it may not do.
        lacking = preflight.unable(programs, settings)
    else:
        lacking = preflight.missing(programs, options.project, settings)
    if lacking:
        complain(f"Before this can be {'destroyed' if options.destroy else 'deployed'}:")
        for each in lacking:
            complain(f"- {each.sentence}\n    {each.help}")
        return 1
    if options.destroy:
        return destroy(programs, _plan(options, folders, settings, _bundles(options, folders)))
    warning = None if options.rollback else preflight.budget_warning(programs, options.project, settings)
    if warning:
        detail(warning)
    detail(
        f"Look at the consent screen yourself, Google tells no program: {CONSENT_SCREEN.format(options.project)}"
    )
    detail(
        "  audience Internal (or External and in production), the Gmail scopes of docs/privacy.md, your domain"
    )
    variables = _bundles(options, folders)
    if not _plan_and_apply(_plan(options, folders, settings, variables), folders, programs):
        return 0
    return _after(options, programs)


def _dry_run(options: Options, folders: Folders, settings: Path) -> int:
    plan = _plan(options, folders, settings, _bundles(options, folders))
    if settings.stem == EXAMPLE:
        print(
            f"\nThere are no settings of yours yet: {settings.name} stands in, an example (docs/deploy.md, step 5)."
        )
    print(
        "\nThis would be checked: gcloud, terraform, sign-in, project, billing, APIs, your rights, the OAuth client."
    )
    print(
        "Then Pub/Sub would be turned on with its service agent, before the apply of this in infra/terraform,"
        f" with TF_DATA_DIR={folders.working_directory(options)} (the first time `workspace new`):"
    )
    for command in (plan.init(), plan.workspace("select"), plan.plan(), plan.apply()):
        print(f"  {' '.join(command)}")
    print("Then empty secrets would get their first version, and the system would be asked a few questions.")
    return 0


def _bundles(options: Options, folders: Folders) -> Path:
    """The file with Terraform's variable `bundles`."""
    folder = folders.of_project(options)
    folder.mkdir(parents=True, exist_ok=True)
    variables = folder / "bundles.tfvars.json"
    if options.rollback:
        variables.write_text(_history(options, folders).before(), encoding="utf-8")
        return variables
    try:
        with step("Building the bundles"):
            bundles = build(folders.root, folders.bundles)
    except (ForeignFile, OSError) as fault:
        raise Fault(f"The bundles cannot be built: {fault}") from None
    for name, bundle in bundles.items():
        detail(f"{name:<8} {bundle.sha256[:16]}…")
    write_variables(bundles, variables)
    return variables


def _plan_and_apply(plan: Plan, folders: Folders, programs: Programs) -> bool:
    """Whether anything was applied, or there was nothing to apply."""
    take_state(programs, plan)
    programs.show(plan.plan())
    if plan.options.plan_only:
        return False
    if not plan.options.yes and not _confirmed(plan.options.project):
        print("Nothing was changed.")
        return False
    _make_pubsub_agent(programs, plan.options.project)
    history = _history(plan.options, folders)
    history.begin(plan.bundles, rollback=plan.options.rollback)
    programs.show(plan.apply())
    history.end()
    return True


def _make_pubsub_agent(programs: Programs, project: str) -> None:
    """Terraform grants roles to Pub/Sub's service agent, which a new project lacks until somebody asks for it.

    Raises Fault.
    """
    with step("Asking for Pub/Sub's service agent"):
        for command in (
            ("services", "enable", PUBSUB),
            ("beta", "services", "identity", "create", "--service", PUBSUB),
        ):
            said = programs.ask("gcloud", *command, "--project", project, "--quiet")
            if not said.ok:
                raise Fault(f"Pub/Sub's service agent cannot be made: {said.error}")


def _plan(options: Options, folders: Folders, settings: Path, variables: Path) -> Plan:
    return Plan(options, settings, variables, folders.of_project(options) / "plan.tfplan")


def _confirmed(project: str) -> bool:
    if not sys.stdin.isatty():
        raise Fault("Nobody can be asked here: look at the plan with --plan-only, then run this with --yes.")
    return input(f"Apply this to {project}? Type yes: ").strip() == "yes"


def _after(options: Options, programs: Programs) -> int:
    outputs = {
        name: row["value"] for name, row in programs.ask("terraform", "output", "-json").json().items()
    }
    with step("Looking at the secrets"):
        to_do = secret_values.fill(programs, options.project, outputs["secrets"])
    url = outputs["public_url"]
    host = url.removeprefix("https://")
    if not _points_to(host, outputs["ip_address"]):
        to_do.append(
            f"make an A record: {host} -> {outputs['ip_address']} (the certificate comes within an hour of it)"
        )
    print("\nPaste these:")
    for place, value in outputs["urls"].items():
        print(f"  {place}: {value}")
    print(f"  Consent screen: {CONSENT_SCREEN.format(options.project)}")
    if to_do:
        print("\nThen do this, and run the same command again:")
        for each in to_do:
            print(f"  {each}")
        return 0
    return _smoke(options, programs, outputs)


def _smoke(options: Options, programs: Programs, outputs: dict[str, Any]) -> int:
    place = smoke.Place(options.project, outputs["push_topic"], options.region, outputs["log_bucket"])
    with step("Asking the system"):
        outcomes = smoke.ask_public(outputs["public_url"], outputs["crm_issuer"])
        outcomes.append(smoke.ask_pubsub(programs, place))
    for each in outcomes:
        print(f"  {'ok    ' if each.passed else 'FAILED'} {each.question}: {each.told}")
    if all(each.passed for each in outcomes):
        return 0
    complain("The system does not answer as it should: docs/playbooks/front-door.md.")
    return 1


def _points_to(host: str, address: str) -> bool:
    try:
        return address in {row[4][0] for row in socket.getaddrinfo(host, 443, proto=socket.IPPROTO_TCP)}
    except OSError:
        return False


def _history(options: Options, folders: Folders) -> History:
    return History(folders.of_project(options) / "history.json")
