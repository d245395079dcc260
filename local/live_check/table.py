"""All checks, and the behaviours that no question to a mailbox can check."""

from collections.abc import Mapping
from typing import Final

from local.live_check import changing, reading, refusing, searching
from local.live_check.check import Check

CHECKS: Final[tuple[Check, ...]] = (*reading.CHECKS, *searching.CHECKS, *changing.CHECKS, *refusing.CHECKS)

ELSEWHERE: Final[Mapping[str, str]] = {
    "quota": "compare the units of this run with the console's page of the Gmail API, a few minutes later",
    "revoke-ends-all": "connect one account twice, end one consent, and ask with the other's token: it must be refused",
    "scope-unticked": "consent again without a box that was ticked; a refresh of the first token must not name it",
    "refusal-reasons": "turn the API off, or let a Workspace forbid the app: asking again must go on being refused",
    "cloud-firestore": "tests/contracts runs on Google's own emulator where it is installed",
    "cloud-pubsub": "tests/contracts runs on Google's own emulator where it is installed",
    "cloud-secret-manager": "the last step of `./dev deploy` needs every secret's value",
    "cloud-oidc": "the push at the end of `./dev deploy` carries a token that Google has signed",
}
"""Id in docs/traps.md -> who finds out, or how. Gmail tells nobody what a call was charged."""
