"""Which of the contract's routes Cloud Armor holds to the smaller limit."""

import re

from functions.oauth.routes import ROUTES
from tests.deploy.terraform import Verdict


def test_only_the_routes_of_a_connect_have_the_smaller_limit(planned: Verdict) -> None:
    (policy,) = planned.of("google_compute_security_policy")
    throttled = [rule for rule in policy.values["rule"] if rule["action"] == "throttle"]
    first, rest = sorted(throttled, key=lambda rule: rule["priority"])
    begins = tuple(re.findall(r"startsWith\('([^']+)'\)", first["match"][0]["expr"][0]["expression"]))

    assert {route.path for route in ROUTES if route.path.startswith(begins)} == {
        "/oauth/connections",
        "/oauth/authorize",
        "/oauth/callback",
        "/oauth/connections/complete",
    }
    assert rest["match"][0]["expr"][0]["expression"] == "true"
    counts = [rule["rate_limit_options"][0]["rate_limit_threshold"][0]["count"] for rule in (first, rest)]
    assert counts == sorted(counts)
