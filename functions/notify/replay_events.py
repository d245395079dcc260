"""Events that were given up, published again: after three days of refusals somebody has mended the CRM's webhook."""

from dataclasses import dataclass
from typing import Final

from shared.log import Log
from shared.ports.dead_letters import DeadLetters
from shared.ports.publisher import Publisher

PART: Final = 100


@dataclass(frozen=True)
class ReplayServices:
    """What replaying needs. `topic` is the events' own."""

    dead_letters: DeadLetters
    publisher: Publisher
    topic: str
    log: Log


def replay_events(services: ReplayServices) -> int:
    """Publishes every dead letter again and answers how many: at least once, the receiver knows doubles by their id.

    Acknowledged last: whoever dies in between leaves the letters where they were.
    """
    replayed = 0
    while letters := services.dead_letters.take(PART):
        services.publisher.publish(services.topic, [letter.payload for letter in letters])
        services.dead_letters.acknowledge([letter.receipt for letter in letters])
        replayed += len(letters)
    services.log.event("events.replayed", count=replayed)
    return replayed
