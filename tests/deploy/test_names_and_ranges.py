"""Names and numbers are ones that Google's services take: rules that no provider schema holds."""

import re
from urllib.parse import urlsplit

from tests.deploy.terraform import Verdict

# Type -> (attribute, what the page of the service's API says of it).
NAMES = {
    "google_service_account": ("account_id", r"[a-z][a-z0-9-]{4,28}[a-z0-9]"),
    "google_cloudfunctions2_function": ("name", r"[a-z][a-z0-9-]{0,61}[a-z0-9]"),
    "google_storage_bucket": ("name", r"[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]"),
    "google_pubsub_topic": ("name", r"(?!goog)[A-Za-z][\w.~+%-]{2,254}"),
    "google_pubsub_subscription": ("name", r"(?!goog)[A-Za-z][\w.~+%-]{2,254}"),
    "google_cloud_scheduler_job": ("name", r"[\w-]{1,500}"),
    "google_secret_manager_secret": ("secret_id", r"[\w-]{1,255}"),
    "google_artifact_registry_repository": ("repository_id", r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?"),
    "google_logging_project_bucket_config": ("bucket_id", r"[A-Za-z0-9][\w.-]{0,99}"),
    "google_logging_project_sink": ("name", r"[A-Za-z0-9][\w.-]{0,99}"),
    "google_logging_project_exclusion": ("name", r"[A-Za-z0-9][\w.-]{0,99}"),
    "google_logging_metric": ("name", r"[A-Za-z0-9_/.-]{1,100}"),
    "google_compute_backend_service": ("name", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
    "google_compute_region_network_endpoint_group": ("name", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
    "google_compute_managed_ssl_certificate": ("name", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
    "google_compute_security_policy": ("name", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
}


def test_every_name_is_one_that_its_service_takes(planned: Verdict) -> None:
    for kind, (attribute, pattern) in NAMES.items():
        found = list(planned.of(kind))
        assert found, kind
        for each in found:
            assert re.fullmatch(pattern, each.values[attribute]), f"{each.address}: {each.values[attribute]}"


def test_the_longest_prefix_that_is_allowed_still_fits_into_an_account_id(planned: Verdict) -> None:
    longest = max(len(each.values["account_id"]) for each in planned.of("google_service_account"))
    assert longest - len("crm-gmail") + 9 <= 30


def test_the_first_label_of_each_address_is_short_enough_for_dns(planned: Verdict) -> None:
    for push in planned.of("google_pubsub_subscription"):
        for config in push.values["push_config"]:
            host = urlsplit(config["push_endpoint"]).hostname
            assert host is not None
            # A project number has 13 digits at most, the one of the tests 12.
            assert len(host.split(".")[0]) + 1 <= 63


def test_numbers_lie_in_the_ranges_that_the_services_allow(planned: Verdict) -> None:
    for push in planned.of("google_pubsub_subscription"):
        assert 10 <= push.values.get("ack_deadline_seconds", 10) <= 600, push.address
        for policy in push.values["dead_letter_policy"]:
            assert 5 <= policy["max_delivery_attempts"] <= 100
        for policy in push.values["retry_policy"]:
            assert 0 <= _seconds(policy["minimum_backoff"]) <= _seconds(policy["maximum_backoff"]) <= 600
    for job in planned.of("google_cloud_scheduler_job"):
        assert 15 <= _seconds(job.values["attempt_deadline"]) <= 1800
        assert 0 <= job.values["retry_config"][0]["retry_count"] <= 5
    for function in planned.of("google_cloudfunctions2_function"):
        service = function.values["service_config"][0]
        assert 1 <= service["timeout_seconds"] <= 3600
        assert 1 <= service["max_instance_request_concurrency"] <= 1000
    for bucket in planned.of("google_logging_project_bucket_config"):
        assert 1 <= bucket.values["retention_days"] <= 3650
    for alert in planned.of("google_monitoring_alert_policy"):
        (query,) = alert.values["conditions"][0]["condition_prometheus_query_language"]
        assert _seconds(query["evaluation_interval"]) % 30 == 0
        assert len(alert.values["documentation"][0]["subject"]) <= 255


def test_a_secret_is_destroyed_with_a_delay_that_the_service_allows(planned: Verdict) -> None:
    for secret in planned.of("google_secret_manager_secret"):
        assert 86400 <= _seconds(secret.values["version_destroy_ttl"]) <= 86400 * 1000


def _seconds(text: str) -> int:
    return int(text.removesuffix("s"))
