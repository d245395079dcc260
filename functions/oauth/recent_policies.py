"""The policy for showing what is fixed: kept for half a minute, so that reading one's mailbox is one read.

Only for showing. Every decision reads the policy itself.
"""

import threading
from datetime import datetime, timedelta
from typing import Final

from shared.domain.policy import Policy
from shared.ports.clock import Clock
from shared.ports.orgs import OrgStore

KEPT: Final = timedelta(seconds=30)
MOST: Final = 1000
"""Organisations remembered at once; then all are forgotten."""


class RecentPolicies:
    """Policies by organisation, each with the time it was read. Safe under threads."""

    def __init__(self, orgs: OrgStore, clock: Clock) -> None:
        self._orgs = orgs
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[datetime, Policy]] = {}

    def get(self, org: str) -> Policy:
        """One read, or none."""
        now = self._clock.now()
        with self._lock:
            known = self._kept.get(org)
        if known is not None and abs(now - known[0]) < KEPT:
            return known[1]
        policy = self._orgs.get(org)
        self.learn(org, policy)
        return policy

    def learn(self, org: str, policy: Policy) -> None:
        """Remembers a policy that has just been read or written."""
        with self._lock:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[org] = (self._clock.now(), policy)
