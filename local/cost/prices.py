"""List prices in US dollars, and where each was seen. Free allowances are not taken off."""

from dataclasses import dataclass
from typing import Final, Literal

LOOKED: Final = "2026-11-28"
"""When stored copies were last looked through; nobody has asked the live pages. Check them before you decide."""
Seen = Literal["Google's page", "third party", "nowhere"]


@dataclass(frozen=True)
class Price:
    """`usd` for `per` of what is counted. `page` is where Google tells it today.

    `seen`: whose page we read it on, always in a stored copy; `copy`: which one, and of when as far as it says.
    """

    what: str
    usd: float
    per: float
    unit: str
    page: str
    seen: Seen
    copy: str


_FIRESTORE: Final = "https://cloud.google.com/firestore/pricing"
_RUN: Final = "https://cloud.google.com/run/pricing"
_SECRETS: Final = "https://cloud.google.com/secret-manager/pricing"
_WATCHING: Final = "https://cloud.google.com/stackdriver/pricing"
_BALANCING: Final = "https://cloud.google.com/load-balancing/pricing"
_ARMOR: Final = "https://cloud.google.com/armor/pricing"

_OF_FIREBASE: Final = "firebase.google.com/docs/firestore/pricing, undated; multi-region"
_OF_RUN: Final = "cloudwebschool.com, undated; tier 1"
_OF_SECRETS: Final = "undated"
_OF_BALANCING: Final = "a mirror of Google's page, undated"
_OF_ARMOR: Final = "as commonly quoted: $5 a policy and $1 a rule"

READS: Final = Price("documents read", 0.06, 100_000, "100,000", _FIRESTORE, "Google's page", _OF_FIREBASE)
WRITES: Final = Price(
    "documents written", 0.18, 100_000, "100,000", _FIRESTORE, "Google's page", _OF_FIREBASE
)
DELETES: Final = Price(
    "documents deleted", 0.02, 100_000, "100,000", _FIRESTORE, "Google's page", _OF_FIREBASE
)
STORED: Final = Price("GiB stored in Firestore", 0.18, 1, "GiB", _FIRESTORE, "Google's page", _OF_FIREBASE)
CALLS: Final = Price("function calls", 0.40, 1_000_000, "million", _RUN, "third party", _OF_RUN)
CPU: Final = Price("vCPU-seconds", 0.000024, 1, "vCPU-second", _RUN, "Google's page", "undated; tier 1")
MEMORY: Final = Price("GiB-seconds", 0.0000025, 1, "GiB-second", _RUN, "third party", _OF_RUN)
PUBSUB: Final = Price(
    "TiB through Pub/Sub",
    40.0,
    1,
    "TiB",
    "https://cloud.google.com/pubsub/pricing",
    "Google's page",
    "undated",
)
SECRETS: Final = Price("secret versions", 0.06, 1, "version", _SECRETS, "Google's page", _OF_SECRETS)
SECRET_READS: Final = Price("secret reads", 0.03, 10_000, "10,000", _SECRETS, "Google's page", _OF_SECRETS)
LOGS: Final = Price(
    "GiB of logs", 0.50, 1, "GiB", _WATCHING, "Google's page", "undated, of October 2024 or later"
)
SPANS: Final = Price(
    "spans", 0.20, 1_000_000, "million", _WATCHING, "Google's page", "undated, of about 2018"
)
BALANCER: Final = Price("load balancer hours", 0.025, 1, "hour", _BALANCING, "third party", _OF_BALANCING)
BALANCED: Final = Price("GiB through it", 0.008, 1, "GiB", _BALANCING, "third party", _OF_BALANCING)
ARMOR: Final = Price("Cloud Armor policy and rules", 8.0, 1, "month", _ARMOR, "nowhere", _OF_ARMOR)
ARMORED: Final = Price(
    "requests through it", 0.75, 1_000_000, "million", _ARMOR, "nowhere", "as commonly quoted"
)
EGRESS: Final = Price(
    "GiB to the internet",
    0.12,
    1,
    "GiB",
    "https://cloud.google.com/vpc/network-pricing",
    "third party",
    "api-evangelist/google-cloud-vpc, which says it read Google's page on 2026-09-20; to North America, the first TiB",
)
SCHEDULES: Final = Price(
    "schedules", 0.10, 1, "job", "https://cloud.google.com/scheduler/pricing", "Google's page", "undated"
)

ALL: Final = (
    READS, WRITES, DELETES, STORED, CALLS, CPU, MEMORY, PUBSUB, SECRETS, SECRET_READS, LOGS, SPANS, BALANCER, BALANCED,
    ARMOR, ARMORED, EGRESS, SCHEDULES,
)  # fmt: skip
