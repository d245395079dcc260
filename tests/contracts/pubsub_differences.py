"""Where the embedded Pub/Sub and Google's emulator are known to differ, and which of them is like the real one."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """One fact that the two servers answer differently."""

    fact: str
    embedded: Any
    official: Any
    reason: str


DIFFERENCES = (
    Difference(
        "statuses that acknowledge",
        embedded={200, 201, 202, 204},
        official={200, 201, 204},
        reason="Google's page on push names 202 too; the emulator delivers again after it.",
    ),
    Difference(
        "deliveryAttempt of five pushes",
        embedded=[1, 2, 3, 4, 5],
        official=[None] * 5,
        reason="Google sends it for a subscription with a dead letter topic; the emulator never does.",
    ),
    Difference(
        "a subscription with a filter",
        embedded="MethodNotImplemented",
        official="accepted",
        reason="The emulator stores filters and does not apply them; refusing says so at once.",
    ),
    Difference(
        "a subscription in order",
        embedded="MethodNotImplemented",
        official="accepted",
        reason="Nothing here needs ordered delivery; the handlers are made for messages out of order.",
    ),
    Difference(
        "an endpoint with an impossible port",
        embedded="InvalidArgument",
        official="accepted",
        reason="The emulator looks at the endpoint when it pushes, and retries for days.",
    ),
    Difference(
        "a push without its wrapper",
        embedded="MethodNotImplemented",
        official="accepted",
        reason="The functions read the wrapped form only.",
    ),
)


def expected(fact: str, server: str) -> Any:
    """What `server` ("embedded" or "official") is known to answer."""
    difference = next(each for each in DIFFERENCES if each.fact == fact)
    return difference.embedded if server == "embedded" else difference.official
