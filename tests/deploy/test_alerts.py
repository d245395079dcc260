"""Each alert can fire, and somebody who is woken by it finds out what to do."""

import json
import re

import pytest

from tests.deploy.repository import PLAYBOOKS, entry_points, log_events, resources
from tests.deploy.terraform import Verdict

# Told by billing, not by an alert policy.
_OF_THE_BUDGET = "cost_budget"


@pytest.fixture
def queries(planned: Verdict) -> dict[str, str]:
    """Alert -> its PromQL."""
    found: dict[str, str] = {}
    for policy in planned.of("google_monitoring_alert_policy"):
        (condition,) = policy.values["conditions"]
        (query,) = condition["condition_prometheus_query_language"]
        found[condition["display_name"]] = query["query"]
    return found


def test_each_alert_has_a_playbook(queries: dict[str, str]) -> None:
    for alert in (*queries, _OF_THE_BUDGET):
        page = PLAYBOOKS / f"{alert.replace('_', '-')}.md"
        text = page.read_text(encoding="utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Look", "Mend", "Then"], page.name


def test_each_alert_has_a_query_of_its_own_and_the_list_of_playbooks_names_it(
    queries: dict[str, str],
) -> None:
    assert len(set(queries.values())) == len(queries) >= 13
    listed = set(re.findall(r"\((\S+)\.md\)", (PLAYBOOKS / "README.md").read_text(encoding="utf-8")))
    assert {alert.replace("_", "-") for alert in (*queries, _OF_THE_BUDGET)} <= listed
    assert {page.stem for page in PLAYBOOKS.glob("*.md")} - {"README"} == listed


def test_the_dangers_that_stop_the_system_silently_each_have_an_alert(queries: dict[str, str]) -> None:
    late = {"tick_late", "push_silence", "watch_renewal_late", "recount_late", "job_cut_off"}
    stops = late | {"watch_expiring", "backlog"}
    failures = {"token_failures", "dead_letters", "server_errors", "gmail_quota", "front_door"}
    assert stops | failures <= set(queries)


def test_an_alert_waits_only_for_events_that_the_functions_write(queries: dict[str, str]) -> None:
    for alert, query in queries.items():
        for names in re.findall(r'event=~?"([^"]+)"', query):
            assert set(names.split("|")) <= log_events(), alert
        for name in re.findall(r'entry_point="([^"]+)"', query):
            assert name in entry_points(), alert


def test_every_job_on_a_schedule_has_an_alert_on_its_progress(
    queries: dict[str, str], planned: Verdict
) -> None:
    told = [
        name for query in queries.values() for name in re.findall(r'entry_point="([^"]+)",code="ok"', query)
    ]
    jobs = {
        str(job.values["name"]).removeprefix("crm-gmail-") for job in planned.of("google_cloud_scheduler_job")
    }
    assert jobs <= {name.replace("_", "-") for name in told}


def test_runs_that_a_time_out_cuts_off_are_told_of_for_every_job(
    queries: dict[str, str], planned: Verdict
) -> None:
    cut_off = queries["job_cut_off"]
    watched = re.search(r'service_name=~"([^"]+)"', cut_off)
    jobs = [str(job.values["name"]) for job in planned.of("google_cloud_scheduler_job")]
    assert watched is not None
    assert all(re.fullmatch(watched[1], job) for job in jobs)
    assert 'response_code="504"' in cut_off


def test_progress_is_asked_for_over_longer_than_a_period_of_the_job(queries: dict[str, str]) -> None:
    windows = {
        name: [int(count) * {"m": 1, "h": 60}[unit] for count, unit in re.findall(r"\[(\d+)([mh])\]", query)]
        for name, query in queries.items()
    }
    assert windows["tick_late"] == [30]
    assert windows["watch_renewal_late"] == windows["job_cut_off"] == [24 * 60]
    assert windows["recount_late"][0] == 24 * 60


def test_a_first_deploy_waits_a_day_for_its_first_recount(queries: dict[str, str]) -> None:
    missing, ran_a_day_ago = queries["recount_late"].split(" and ")
    assert 'entry_point="recount",code="ok"' in missing
    # As long ago as the hour before the last chance to run: the night's recount lies between.
    assert re.search(r'entry_point="tick",code="ok"\}\[1h\] offset 23h\)\) > 0\) < 1$', ran_a_day_ago)


def test_the_tile_of_a_late_recount_shows_how_many_there_were(planned: Verdict) -> None:
    (dashboard,) = planned.of("google_monitoring_dashboard")
    tiles = json.loads(str(dashboard.values["dashboard_json"]))["mosaicLayout"]["tiles"]
    shown = {tile["widget"]["title"]: json.dumps(tile["widget"]) for tile in tiles}
    # A tile is the query without what stands after the last comparison, which must not be that of the condition.
    assert 'offset 23h)) > 0)"' in shown["No recount for a day: completeness is not proven"]


def test_no_window_is_longer_than_what_an_alert_may_look_back_on(queries: dict[str, str]) -> None:
    # https://cloud.google.com/monitoring/promql/promql-in-alerting: a day and an hour with the duration.
    for alert, query in queries.items():
        for count, unit, back_h in re.findall(r"\[(\d+)([mh])\](?: offset (\d+)h)?", query):
            assert int(count) * {"m": 1, "h": 60}[unit] + int(back_h or 0) * 60 <= 24 * 60, alert


def test_brackets_and_quotes_of_every_query_are_closed(queries: dict[str, str]) -> None:
    for alert, query in queries.items():
        outside = re.sub(r'"[^"]*"', "", query)
        assert '"' not in outside, alert
        for opening, closing in ("()", "[]", "{}"):
            assert outside.count(opening) == outside.count(closing), alert


def test_there_is_one_map_of_alerts() -> None:
    assert [name for name, _ in resources("google_monitoring_alert_policy")] == ["alert"]


def test_logs_reach_the_metric_that_the_alerts_count(planned: Verdict, queries: dict[str, str]) -> None:
    (metric,) = (each for each in planned.of("google_logging_metric") if each.address.endswith(".events"))
    labels = set(metric.values["label_extractors"])
    counted = f"logging_googleapis_com:user_{metric.values['name']}"
    for alert, query in queries.items():
        if "logging_googleapis_com" in query:
            assert counted in query, alert
            used = set(re.findall(r'(\w+)=~?"', query)) - {"monitored_resource"}
            assert used <= labels, alert


def test_a_playbook_asks_the_log_only_for_what_is_written() -> None:
    for page in PLAYBOOKS.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for event in re.findall(r'jsonPayload\.message="([^"]+)"', text):
            assert event in log_events(), page.name
        for name in re.findall(r'jsonPayload\.entry_point="([a-z_]+)"', text):
            assert name in entry_points(), page.name
