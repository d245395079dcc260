"""`python -m functions.oauth.reseal`: seals every stored grant under the newest version of the token key.

Run by the operator after a new version was added (docs/playbooks/rotate-token-key.md), with the function's settings in
the environment. Prints the counts as JSON; ends with 0 when nothing is left under an older key, with 3 when another
run is needed, and with 1 and a sentence where a setting or a service is not right.
"""

import json
import sys

from functions.oauth.wiring import reseal
from shared.errors import AppError

RUN_AGAIN = 3


def main() -> int:
    """Runs once; may be killed and run again at any time."""
    try:
        resealed = reseal()
    except AppError as fault:
        print(f"{fault.detail} (code {fault.code}, to be mended by: {fault.act})", file=sys.stderr)
        return 1
    print(json.dumps(resealed.as_counts()))
    return 0 if resealed.done else RUN_AGAIN


if __name__ == "__main__":
    sys.exit(main())
