"""`python -m functions.notify.replay`: publishes the events again that the CRM's webhook has refused for three days.

Run by the operator once the webhook takes events again (docs/playbooks/dead-letters.md), with the settings of the
function `deliver_event` in the environment. Prints how many; ends with 1 and a sentence where a setting or a service is
not right.
"""

import json
import sys

from functions.notify.wiring import replay
from shared.errors import AppError


def main() -> int:
    """Runs once; may be killed and run again at any time."""
    try:
        replayed = replay()
    except AppError as fault:
        print(f"{fault.detail} (code {fault.code}, to be mended by: {fault.act})", file=sys.stderr)
        return 1
    print(json.dumps({"replayed": replayed}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
