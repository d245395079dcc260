"""What `./dev deploy` was asked for."""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = "production"


@dataclass(frozen=True)
class Options:
    """`settings` is the environment's tfvars file. `dry_run` touches no cloud; `plan_only` changes nothing there."""

    project: str
    region: str
    settings: Path | None
    plan_only: bool
    dry_run: bool
    yes: bool
    rollback: bool
    destroy: bool


def parse(arguments: list[str], parser: argparse.ArgumentParser) -> Options:
    """Ends the process with a usage message where the arguments are wrong."""
    parser.add_argument("--project", required=True, type=_project, metavar="ID", help="the project's id")
    parser.add_argument("--region", required=True, type=_region, metavar="R", help="such as europe-west1")
    parser.add_argument(
        "--settings",
        type=Path,
        metavar="FILE",
        help="the environment's values (infra/terraform/environments/ID.tfvars)",
    )
    parser.add_argument("--yes", action="store_true", help="apply the plan without asking")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--plan-only", action="store_true", help="show what would change, and stop")
    how.add_argument(
        "--dry-run", action="store_true", help="build, and say what would be done; no cloud needed"
    )
    how.add_argument("--rollback", action="store_true", help="the bundles of the good deploy before this one")
    how.add_argument(
        "--destroy", action="store_true", help="take all down but the data, and say what is left"
    )
    return Options(**vars(parser.parse_args(arguments)))


def _project(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", text):
        raise argparse.ArgumentTypeError(f'"{text}" is no project id (the console shows it beside the name)')
    return text


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]+-[a-z]+[0-9]+", text):
        raise argparse.ArgumentTypeError(f'"{text}" is no region: give one such as europe-west1')
    return text
