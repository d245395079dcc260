"""`./dev deploy --destroy`: takes the system down, but for what is somebody's data, and says what is left."""

import sys
from collections.abc import Iterable
from typing import Final

from local.cli.fault import Fault
from local.deploy.programs import Programs
from local.deploy.terraform import Plan, take_state

_STAYS: Final = (
    "data.",
    "google_secret_manager_secret.",
    "google_project_service.",
    "google_kms_crypto_key_iam_member.",
)
"""What a state may hold after Terraform has stopped at protected secrets: these, and what they need."""
_CONNECTIONS: Final = (
    "Let every user disconnect first: a destroy ends no consent at Google (deleting the OAuth client does)."
)


def destroy(programs: Programs, plan: Plan) -> int:
    """Plans, asks, destroys, and says what is left. Returns the exit code; raises Fault."""
    has_state = take_state(programs, plan)
    # Afterwards the state no longer knows.
    outputs = programs.ask("terraform", "output", "-json").json() if has_state else {}
    if "kept_by_destroy" not in outputs:
        raise Fault(
            f"Terraform's state knows of nothing in {plan.options.project}: there is nothing to destroy."
        )
    programs.show(plan.plan())
    print(f"\n{_CONNECTIONS}\nThis stays:")
    _list(outputs["kept_by_destroy"]["value"])
    if not plan.options.yes and not _confirmed(plan.options.project):
        print("Nothing was changed.")
        return 0
    protected = _apply(programs, plan)
    print("\nThe system is gone. This is left:")
    workspace = f"Terraform's workspace {plan.options.project}: the next deploy goes on in it"
    _list([*outputs["kept_by_destroy"]["value"], workspace])
    host = outputs["public_url"]["value"].removeprefix("https://")
    if protected:
        print("\nTo lose the data and the secrets, too, for good:")
        _list(_losing(plan.options.project, outputs["secrets"]["value"].values()))
    print(f"\nRemove the DNS record of {host}: the address will be somebody else's.")
    return 0


def _losing(project: str, secrets: Iterable[str]) -> list[str]:
    """Commands: Terraform no longer knows the database, so that a deploy without the protection would fail at it."""
    database = f"--database='(default)' --project {project}"
    return [
        f"gcloud firestore databases update {database} --no-delete-protection",
        f"gcloud firestore databases delete {database}",
        *(f"gcloud secrets delete {name.rpartition('/')[2]} --project {project}" for name in secrets),
    ]


def _apply(programs: Programs, plan: Plan) -> bool:
    """Whether data is protected: Terraform then stops at the secrets with an error after all else is gone. No fault."""
    try:
        programs.show(plan.apply())
    except Fault:
        state = programs.ask("terraform", "state", "list")
        left = [each for each in state.text.splitlines() if not each.startswith(_STAYS)]
        if not state.ok or left or "google_secret_manager_secret." not in state.text:
            raise Fault(
                f"Not all is gone ({', '.join(left[:5]) or 'Terraform does not say what is left'}): what stopped it "
                "is above. Mend that, and run the same command again."
            ) from None
        return True
    return False


def _list(rows: Iterable[str]) -> None:
    for each in rows:
        print(f"  {each}")


def _confirmed(project: str) -> bool:
    if not sys.stdin.isatty():
        raise Fault("Nobody can be asked here: run it in a terminal, or with --yes.")
    return input(f"Destroy the rest of {project}? Type the project's id: ").strip() == project
