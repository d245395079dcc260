"""The commands that Terraform is given: they are shown in a dry run as they are run."""

from dataclasses import dataclass
from pathlib import Path

from local.deploy.options import Options


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

    def select(self) -> list[str]:
        """Takes the project's own state: with another one's, all of that project would be planned to go."""
        return ["terraform", "workspace", "select", "-or-create", self.options.project]

    def plan(self) -> list[str]:
        """Shows what would change, or with `destroy` what would go, and writes it to the file."""
        how = ["-destroy"] if self.options.destroy else []
        where = [f"-var=project={self.options.project}", f"-var=region={self.options.region}"]
        files = [f"-var-file={self.settings}", f"-var-file={self.bundles}"]
        return ["terraform", "plan", "-input=false", *how, *where, *files, f"-out={self.file}"]

    def apply(self) -> list[str]:
        """Does what the file says, and nothing else."""
        return ["terraform", "apply", "-input=false", str(self.file)]
