"""All checks, and the behaviours that no question to a mailbox can check."""

from collections.abc import Mapping
from typing import Final

from local.live_check import changing, reading, refusing, searching
from local.live_check.check import Check

CHECKS: Final[tuple[Check, ...]] = (*reading.CHECKS, *searching.CHECKS, *changing.CHECKS, *refusing.CHECKS)

ELSEWHERE: Final[Mapping[str, str]] = {
    "quota": "ten minutes later open https://console.cloud.google.com/apis/api/gmail.googleapis.com/quotas, choose "
    "the client's project and the chart of units by minute: the minutes of this run add up to its units "
    "within a few, and to more where Gmail asked to wait",
    "refusal-reasons": "in a project that serves nobody: gcloud services disable gmail.googleapis.com --project ID, "
    "wait five minutes, and run this twice, ten minutes apart: both must stop at once with 403; then enable it again. "
    "The same where a Workspace's admin console blocks the client (Security, API controls, app access)",
    "cloud-firestore": "tests/contracts runs on Google's own emulator where it is installed",
    "cloud-pubsub": "tests/contracts runs on Google's own emulator where it is installed",
    "cloud-secret-manager": "the last step of `./dev deploy` needs every secret's value",
    "cloud-oidc": "the push at the end of `./dev deploy` carries a token that Google has signed",
}
"""Id in docs/traps.md -> who finds out, or how. Gmail tells nobody what a call was charged."""
