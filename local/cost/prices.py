"""List prices in US dollars, and where they stand. Free allowances are not taken off."""

from dataclasses import dataclass
from typing import Final

SEEN: Final = "2026-11-28"
"""When the pages were last looked at, in an archive's copy; check them before you decide anything."""


@dataclass(frozen=True)
class Price:
    """`usd` for `per` of what is counted. `seen`: it was read on a copy of the page; else it is commonly quoted."""

    what: str
    usd: float
    per: float
    unit: str
    page: str
    seen: bool = True


READS: Final = Price("documents read", 0.06, 100_000, "100,000", "https://cloud.google.com/firestore/pricing")
WRITES: Final = Price(
    "documents written", 0.18, 100_000, "100,000", "https://cloud.google.com/firestore/pricing"
)
DELETES: Final = Price(
    "documents deleted", 0.02, 100_000, "100,000", "https://cloud.google.com/firestore/pricing"
)
STORED: Final = Price("GiB stored in Firestore", 0.18, 1, "GiB", "https://cloud.google.com/firestore/pricing")
CALLS: Final = Price("function calls", 0.40, 1_000_000, "million", "https://cloud.google.com/run/pricing")
CPU: Final = Price("vCPU-seconds", 0.000024, 1, "vCPU-second", "https://cloud.google.com/run/pricing")
MEMORY: Final = Price("GiB-seconds", 0.0000025, 1, "GiB-second", "https://cloud.google.com/run/pricing")
PUBSUB: Final = Price("TiB through Pub/Sub", 40.0, 1, "TiB", "https://cloud.google.com/pubsub/pricing")
SECRETS: Final = Price(
    "secret versions", 0.06, 1, "version", "https://cloud.google.com/secret-manager/pricing"
)
SECRET_READS: Final = Price(
    "secret reads", 0.03, 10_000, "10,000", "https://cloud.google.com/secret-manager/pricing"
)
LOGS: Final = Price("GiB of logs", 0.50, 1, "GiB", "https://cloud.google.com/stackdriver/pricing")
SPANS: Final = Price("spans", 0.20, 1_000_000, "million", "https://cloud.google.com/stackdriver/pricing")
BALANCER: Final = Price(
    "load balancer hours", 0.025, 1, "hour", "https://cloud.google.com/load-balancing/pricing"
)
BALANCED: Final = Price("GiB through it", 0.008, 1, "GiB", "https://cloud.google.com/load-balancing/pricing")
ARMOR: Final = Price(
    "Cloud Armor policy and rules", 8.0, 1, "month", "https://cloud.google.com/armor/pricing"
)
ARMORED: Final = Price(
    "requests through it", 0.75, 1_000_000, "million", "https://cloud.google.com/armor/pricing"
)
EGRESS: Final = Price(
    "GiB to the internet", 0.12, 1, "GiB", "https://cloud.google.com/vpc/network-pricing", seen=False
)
SCHEDULES: Final = Price(
    "schedules", 0.10, 1, "job", "https://cloud.google.com/scheduler/pricing", seen=False
)

ALL: Final = (
    READS, WRITES, DELETES, STORED, CALLS, CPU, MEMORY, PUBSUB, SECRETS, SECRET_READS, LOGS, SPANS, BALANCER, BALANCED,
    ARMOR, ARMORED, EGRESS, SCHEDULES,
)  # fmt: skip
