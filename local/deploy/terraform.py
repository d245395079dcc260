"""The commands that Terraform is given, shown in a dry run as they are run; and the state that they work on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.cli.fault import Fault
from local.deploy.options import Options
from local.deploy.programs import Programs

_IN_DEFAULT: Final = """\
A system's state lies in Terraform's workspace `default`, and {project} has no workspace of its own: what is there would
be made a second time. First move it to the project that it belongs to (ID), in infra/terraform:
  terraform init
  terraform workspace select default
  terraform state pull > old.tfstate
  terraform workspace new -state=old.tfstate ID
and take it out of `default`:
  terraform workspace select default
  terraform state list | tr '\\n' '\\0' | xargs -0 terraform state rm"""


@dataclass(frozen=True)
class Plan:
    """What is planned with: the environment's settings, the bundles, and the file that the plan goes to."""

    options: Options
    settings: Path
    bundles: Path
    file: Path

    def init(self) -> list[str]:
        """Fetches the provider, and finds where states are kept."""
        return ["terraform", "init", "-input=false"]

    def workspace(self, how: str) -> list[str]:
        """Takes the project's own state (`select`), or makes it (`new`)."""
        return ["terraform", "workspace", how, self.options.project]

    def plan(self) -> list[str]:
        """Shows what would change, or with `destroy` what would go, and writes it to the file."""
        how = ["-destroy"] if self.options.destroy else []
        where = [f"-var=project={self.options.project}", f"-var=region={self.options.region}"]
        files = [f"-var-file={self.settings}", f"-var-file={self.bundles}"]
        return ["terraform", "plan", "-input=false", *how, *where, *files, f"-out={self.file}"]

    def apply(self) -> list[str]:
        """Does what the file says, and nothing else."""
        return ["terraform", "apply", "-input=false", str(self.file)]


def take_state(programs: Programs, plan: Plan) -> bool:
    """Takes the project's own state: with another one's, all of that project would be planned to go. Raises Fault.

    Only a deploy makes one. False where there is none: then `default` is selected, which holds no resources.
    """
    programs.show(plan.init())
    if plan.options.project in programs.read("terraform", "workspace", "list").text.split():
        programs.show(plan.workspace("select"))
        return True
    programs.show(["terraform", "workspace", "select", "default"])
    default = programs.read("terraform", "state", "pull")
    if default.text and default.json()["resources"]:
        raise Fault(_IN_DEFAULT.format(project=plan.options.project))
    if plan.options.plan_only or plan.options.destroy:
        return False
    programs.show(plan.workspace("new"))
    return True
