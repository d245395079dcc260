"""The one place that tries again within a call: few attempts, a few seconds, Retry-After honoured.

Long retries belong to Pub/Sub and Cloud Scheduler; time-outs nest inside theirs.
"""

from collections.abc import Callable
from typing import Final, TypeVar

import stamina

from shared.deadline import TIME_IS_UP
from shared.errors import Postponed, Throttled, TryAgain, UpstreamDown

T = TypeVar("T")

ATTEMPTS: Final = 3
TOTAL_S: Final = 8.0
BUSY_S: Final = 6.0
"""A push's visit to a mailbox is over within a second or two."""


def again(call: Callable[[], T]) -> T:
    """Calls `call`, and again after a throttle or a fault of the other side. For idempotent calls only.

    Three attempts within eight seconds; a wait that Google asks for and that does not fit is not waited for:
    the error goes up with its `retry_after_s`. Raises what the last attempt raised.
    """
    for attempt in stamina.retry_context(on=_worth_trying, attempts=ATTEMPTS, timeout=TOTAL_S, wait_max=2.0):
        with attempt:
            return call()
    raise AssertionError("unreachable: the last attempt returns or raises")


def when_free(call: Callable[[], T]) -> T:
    """Calls `call`, and again for six seconds while another worker has the mailbox: a person need not be told of it.

    Raises what the last attempt raised.
    """
    for attempt in stamina.retry_context(
        on=_is_busy, attempts=20, timeout=BUSY_S, wait_initial=0.2, wait_max=0.8, wait_jitter=0.2
    ):
        with attempt:
            return call()
    raise AssertionError("unreachable: the last attempt returns or raises")


def _is_busy(error: Exception) -> bool:
    return isinstance(error, TryAgain) and error.code == "mailbox_busy"


def _worth_trying(error: Exception) -> bool | float:
    if isinstance(error, Postponed):
        return False  # the governor has waited as long as it may
    if isinstance(error, Throttled):
        return error.retry_after_s if error.retry_after_s <= TOTAL_S / 2 else False
    return isinstance(error, UpstreamDown) and error.code != TIME_IS_UP
