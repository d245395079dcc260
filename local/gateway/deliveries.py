"""Remembers which Pub/Sub messages the private functions have acknowledged, and what they answered."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_KEPT = 20_000


@dataclass
class _Delivery:
    acknowledged: bool = False
    refusals: int = 0
    answer: object = None


class Deliveries:
    """Safe to use from many threads. A message that was refused `max_attempts` times counts as given up."""

    def __init__(self, max_attempts: int) -> None:
        self._max_attempts = max_attempts
        self._seen: OrderedDict[tuple[str, str], _Delivery] = OrderedDict()
        self._changed = threading.Condition()

    def record(self, entry_point: str, message_id: str, acknowledged: bool, answer: object = None) -> None:
        """Notes one push; once acknowledged stays acknowledged, and the first answer stays."""
        with self._changed:
            delivery = self._seen.setdefault((entry_point, message_id), _Delivery())
            if acknowledged and not delivery.acknowledged:
                delivery.acknowledged, delivery.answer = True, answer
            elif not acknowledged:
                delivery.refusals += 1
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
            self._changed.notify_all()

    def wait(self, entry_point: str, message_ids: Iterable[str], timeout_s: float) -> set[str]:
        """Waits until every message is acknowledged or given up; returns those that are neither."""
        wanted = set(message_ids)

        def open_ids() -> set[str]:
            return {message_id for message_id in wanted if not self._settled(entry_point, message_id)}

        self._wait_for(lambda: not open_ids(), timeout_s)
        with self._changed:
            return open_ids()

    def answers(self, entry_point: str, message_ids: Iterable[str]) -> list[object]:
        """What the function answered to each acknowledged message, in the order of the ids."""
        with self._changed:
            found = (self._seen.get((entry_point, message_id)) for message_id in message_ids)
            return [delivery.answer for delivery in found if delivery and delivery.acknowledged]

    def _settled(self, entry_point: str, message_id: str) -> bool:
        delivery = self._seen.get((entry_point, message_id))
        return delivery is not None and (delivery.acknowledged or delivery.refusals >= self._max_attempts)

    def _wait_for(self, condition: Callable[[], bool], timeout_s: float) -> None:
        with self._changed:
            self._changed.wait_for(condition, timeout_s)
