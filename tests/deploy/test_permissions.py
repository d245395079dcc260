"""docs/permissions.md is what Terraform grants, and no function is granted more than its code uses."""

import ast
import itertools
import re
from collections.abc import Iterator

import pytest

from tests.deploy.needs import announces, needed_secrets, needed_topics
from tests.deploy.repository import ROOT, entry_points
from tests.deploy.terraform import Resource, Verdict

Grant = tuple[str, str, str]

_ROW = re.compile(r"^\| (.+?) \| (roles/\S+) \| (.+?) \|$", re.MULTILINE)
_KEYS = "## Who deploys"


def test_the_table_holds_every_grant_of_the_plan_and_no_other(planned: Verdict) -> None:
    granted = set(_grants(planned))
    own_key = any(role == "roles/cloudkms.cryptoKeyEncrypterDecrypter" for _, role, _ in granted)
    written = {row for row in _table() if own_key or not row[1].startswith("roles/cloudkms.")}
    assert granted - written == set(), "granted, but not in docs/permissions.md"
    assert written - granted == set(), "in docs/permissions.md, but not granted"


@pytest.mark.parametrize("entry_point", entry_points())
def test_a_function_may_read_exactly_the_secrets_that_its_code_reads(
    entry_point: str, verdicts: dict[str, Verdict]
) -> None:
    role = "roles/secretmanager.secretAccessor"
    assert _granted_to(entry_point, role, verdicts["staging"]) == needed_secrets(entry_point)


@pytest.mark.parametrize("entry_point", entry_points())
def test_a_function_may_publish_exactly_to_the_topics_that_its_code_uses(
    entry_point: str, verdicts: dict[str, Verdict]
) -> None:
    assert _granted_to(entry_point, "roles/pubsub.publisher", verdicts["staging"]) == needed_topics(
        entry_point
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("services.mailboxes.create(mailbox)", True),
        ("mailboxes.update(mailbox, 'health')", True),
        ("services.mailboxes.update(mailbox, 'settings', grant=sealed)", True),
        ("mailboxes.update(mailbox, *fields)", True),
        ("services.announce(mailbox, notices, {})", True),
        ("services.mailboxes.update(mailbox, 'settings')", False),
        ("services.notices.create(notice)", False),
    ],
)
def test_a_call_that_tells_the_crm_is_told_from_one_that_does_not(source: str, told: bool) -> None:
    assert announces(ast.parse(source)) == told


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("google_project_iam_member", {"role": "roles/datastore.user", "condition": []}),
        ("google_secret_manager_secret_iam_member", {"role": "roles/secretmanager.admin", "secret_id": "x"}),
        ("google_pubsub_topic_iam_member", {"role": "roles/pubsub.publisher", "topic": "crm-gmail-gmail"}),
    ],
)
def test_a_grant_that_is_wider_than_the_table_would_be_noticed(kind: str, values: dict[str, object]) -> None:
    member = "serviceAccount:crm-gmail-tick@tested-project.iam.gserviceaccount.com"
    wider = Resource("added", kind, {"member": member, **values})
    (grant,) = _grants(Verdict("control", {}, "", (wider,)))
    assert grant not in set(_table())


def test_no_grant_is_on_the_whole_project_but_for_writing_logs_and_spans(planned: Verdict) -> None:
    whole = {(who, role) for who, role, on in _grants(planned) if on == "project"}
    spans = {(name.replace("_", "-"), "roles/telemetry.tracesWriter") for name in entry_points()}
    assert whole == {("builder", "roles/logging.logWriter")} | spans


def test_no_role_is_a_basic_one_and_none_may_make_keys_or_grants(planned: Verdict) -> None:
    forbidden = ("roles/owner", "roles/editor", "roles/viewer", "roles/iam.serviceAccountTokenCreator")
    assert [grant for grant in _grants(planned) if grant[1] in forbidden or grant[1].endswith("dmin")] == []


def test_every_function_runs_as_its_own_account_and_not_as_the_projects_default(planned: Verdict) -> None:
    accounts = {
        f.address: f.values["service_config"][0]["service_account_email"] for f in _functions(planned)
    }
    assert len(set(accounts.values())) == len(accounts) == len(entry_points())
    assert all("compute@" not in email for email in accounts.values())


def test_grants_are_added_one_by_one_and_never_replace_those_of_others(planned: Verdict) -> None:
    kinds = {r.kind for r in planned.resources if "_iam_" in r.kind}
    assert {k for k in kinds if k.endswith(("_iam_binding", "_iam_policy"))} == set()


def _granted_to(entry_point: str, role: str, verdict: Verdict) -> set[str]:
    """Names of the secrets or topics on which the function's account has the role."""
    me = entry_point.replace("_", "-")
    return {on.split()[1] for who, granted, on in _grants(verdict) if who == me and granted == role}


def _functions(planned: Verdict) -> list[Resource]:
    return list(planned.of("google_cloudfunctions2_function"))


def _table() -> Iterator[Grant]:
    text = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8").split(_KEYS)[0]
    for who, role, on in _ROW.findall(text):
        yield from itertools.product(who.split(", "), [role], on.split(", "))


def _grants(planned: Verdict) -> Iterator[Grant]:
    for each in planned.resources:
        if each.kind.endswith("_iam_member"):
            yield _who(each.values["member"]), each.values["role"], _on(each)


def _who(member: str) -> str:
    if member == "allUsers":
        return "everybody"
    account = member.removeprefix("serviceAccount:")
    if account == "gmail-api-push@system.gserviceaccount.com":
        return "Gmail"
    if account.endswith("@tested-project.iam.gserviceaccount.com"):
        return account.split("@")[0].removeprefix("crm-gmail-")
    agent = account.split("@")[1].removeprefix("gcp-sa-").split(".")[0]
    return "Pub/Sub" if agent == "pubsub" else f"{agent} agent"


def _on(grant: Resource) -> str:
    """The resource in the words of the table."""
    values = grant.values
    named = {
        "google_pubsub_topic_iam_member": ("topic", "topic"),
        "google_pubsub_subscription_iam_member": ("subscription", "subscription"),
        "google_secret_manager_secret_iam_member": ("secret", "secret_id"),
        "google_cloud_run_v2_service_iam_member": ("function", "name"),
        "google_artifact_registry_repository_iam_member": ("repository", "repository"),
    }
    if grant.kind in named:
        word, attribute = named[grant.kind]
        return f"{word} {values[attribute].rpartition('/')[2].removeprefix('crm-gmail-')}"
    if grant.kind == "google_service_account_iam_member":
        return f"account {values['service_account_id'].rpartition('/')[2].split('@')[0].removeprefix('crm-gmail-')}"
    if grant.kind == "google_storage_bucket_iam_member":
        return f"bucket {values['bucket'].removeprefix('tested-project-crm-gmail-')}"
    if grant.kind == "google_kms_crypto_key_iam_member":
        return "firestore key" if "firestore" in values["crypto_key_id"] else "key"
    assert grant.kind == "google_project_iam_member", grant.kind
    condition = values["condition"][0]["expression"] if values["condition"] else ""
    if database := re.fullmatch(r'resource\.name == "projects/tested-project/databases/(.+)"', condition):
        return f"database {database[1]}"
    if condition.startswith('resource.name.startsWith("projects/_/buckets/gcf-v2-sources-'):
        return "buckets gcf-v2-sources"
    assert not condition, condition
    return "project"
