"""Commands of the playbooks name what Terraform makes."""

import re
from collections.abc import Iterator

from tests.deploy.repository import PLAYBOOKS
from tests.deploy.terraform import Verdict

# Type of resource -> the attribute with its name, and where a command names it.
_NAMED = {
    "google_secret_manager_secret": (
        "secret_id",
        r"gcloud secrets versions (?:add |\w+ \S+ --secret[= ])([\w-]+)",
    ),
    "google_pubsub_topic": ("name", r"gcloud pubsub topics [\w-]+ ([\w-]+)"),
    "google_pubsub_subscription": ("name", r"gcloud pubsub subscriptions [\w-]+ ([\w-]+)"),
    "google_cloud_scheduler_job": ("name", r"gcloud scheduler jobs [\w-]+ ([\w-]+)"),
    "google_logging_project_bucket_config": ("bucket_id", r"--bucket ([\w-]+)"),
}
# It stands for each topic in turn.
_TOPIC = "TOPIC"


def _strangers(text: str, planned: Verdict) -> Iterator[str]:
    """Names in commands that the plan does not have."""
    topics = [
        str(each.values["name"]).removeprefix("crm-gmail-")
        for each in planned.of("google_pubsub_topic")
        if each.address.startswith("google_pubsub_topic.topic")
    ]
    for kind, (attribute, pattern) in _NAMED.items():
        made = {each.values[attribute] for each in planned.of(kind)}
        for name in re.findall(pattern, text):
            meant = [name.replace(_TOPIC, topic) for topic in topics] if _TOPIC in name else [name]
            yield from (each for each in meant if each not in made)


def _all_playbooks() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PLAYBOOKS.glob("*.md"))


def test_a_playbook_names_secrets_topics_subscriptions_and_jobs_as_terraform_does(planned: Verdict) -> None:
    text = _all_playbooks()
    assert [kind for kind, (_, pattern) in _NAMED.items() if not re.search(pattern, text)] == []
    assert list(_strangers(text, planned)) == []


def test_control_a_name_without_the_prefix_is_a_stranger_in_each_kind(planned: Verdict) -> None:
    bare = _all_playbooks().replace("crm-gmail-", "")
    assert {"token-key", "webhook-secret", "gmail", "events-dead-letter", "tick", "functions"} <= set(
        _strangers(bare, planned)
    )
