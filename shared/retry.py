"""The one place that tries again within a call: few attempts, a few seconds, Retry-After honoured.

Long retries belong to Pub/Sub and Cloud Scheduler; time-outs nest inside theirs.
"""

from collections.abc import Callable
from typing import Final, TypeVar

import stamina

from shared.deadline import TIME_IS_UP
from shared.errors import Postponed, Throttled, UpstreamDown

T = TypeVar("T")

ATTEMPTS: Final = 3
TOTAL_S: Final = 8.0


def again(call: Callable[[], T]) -> T:
    """Calls `call`, and again after a throttle or a fault of the other side. For idempotent calls only.

    Three attempts within eight seconds; a wait that Google asks for and that does not fit is not waited for:
    the error goes up with its `retry_after_s`. Raises what the last attempt raised.
    """
    for attempt in stamina.retry_context(on=_worth_trying, attempts=ATTEMPTS, timeout=TOTAL_S, wait_max=2.0):
        with attempt:
            return call()
    raise AssertionError("unreachable: the last attempt returns or raises")


def _worth_trying(error: Exception) -> bool | float:
    if isinstance(error, Postponed):
        return False  # the governor has waited as long as it may
    if isinstance(error, Throttled):
        return error.retry_after_s if error.retry_after_s <= TOTAL_S / 2 else False
    return isinstance(error, UpstreamDown) and error.code != TIME_IS_UP
