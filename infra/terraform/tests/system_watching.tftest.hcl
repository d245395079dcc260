# What is counted, kept in logs and told: in every environment. Run with -var-file=environments/….tfvars.

mock_provider "google" {
  source = "./tests/mocks"
}

# Logs, metrics, alerts, budget.
run "watching" {
  command = plan

  assert {
    condition     = alltrue([for name, alert in google_monitoring_alert_policy.alert : strcontains(alert.documentation[0].content, "${var.playbooks_url}/${replace(name, "_", "-")}.md") && length(alert.documentation[0].links) == (startswith(var.playbooks_url, "https://") ? 1 : 0)])
    error_message = "Each alert leads to its playbook."
  }

  assert {
    condition     = length(google_monitoring_notification_channel.email) == length(var.alert_emails) && length(var.alert_emails) > 0
    error_message = "Somebody is told."
  }

  assert {
    condition     = alltrue([for name in ["tick_late", "push_silence", "watch_renewal_late", "recount_late"] : strcontains(google_monitoring_alert_policy.alert[name].conditions[0].condition_prometheus_query_language[0].query, "or vector(0)")])
    error_message = "An alert on progress also fires where there is no series at all."
  }

  assert {
    condition     = length(google_billing_budget.monthly) == (var.budget == null ? 0 : 1) && (var.environment != "production" || var.budget != null)
    error_message = "Production has a budget."
  }

  assert {
    condition     = google_logging_project_bucket_config.functions.retention_days == var.log_retention_days && var.log_retention_days <= 90
    error_message = "Logs are kept for a stated time."
  }

  assert {
    condition     = strcontains(google_logging_project_sink.functions.exclusions[0].filter, "requestUrl:\"?\"") && strcontains(google_logging_project_exclusion.requests_with_a_query.filter, "http_load_balancer")
    error_message = "No URL with a query is kept: it may hold an authorization code or search words."
  }

  assert {
    condition     = length(jsondecode(google_monitoring_dashboard.main.dashboard_json).mosaicLayout.tiles) == length(local.alerts) + length(local.other_tiles)
    error_message = "The dashboard has a tile for each alert."
  }

  assert {
    condition     = toset(keys(google_logging_metric.events.label_extractors)) == toset(["event", "entry_point", "status", "code"])
    error_message = "The log metric tells events apart by what alerts ask for, and by nothing about a person."
  }

  assert {
    condition     = toset([for metric in google_logging_metric.label_runs : metric.value_extractor]) == toset([for field in ["count", "gmail_units", "duration_ms"] : "EXTRACT(jsonPayload.${field})"]) && alltrue([for metric in google_logging_metric.label_runs : strcontains(metric.filter, "run.finished")])
    error_message = "Of each run of the labeler its mails, units and time are charted."
  }

  assert {
    condition     = strcontains(google_logging_metric.events.filter, var.prefix) && google_logging_project_exclusion.kept_elsewhere.filter == local.our_logs
    error_message = "Our lines are counted, and kept once."
  }

  assert {
    condition = length(setsubtract([
      "tick_late", "push_silence", "watch_expiring", "job_cut_off", "token_failures", "dead_letters", "server_errors", "gmail_quota",
    ], keys(google_monitoring_alert_policy.alert))) == 0
    error_message = "There is an alert for each way in which the system stops."
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["gmail_quota"].conditions[0].condition_prometheus_query_language[0].query, "/ ${var.quota_units_per_minute} > 0.7")
    error_message = "The quota alert speaks at 70 %."
  }

  assert {
    condition     = alltrue([for budget in google_billing_budget.monthly : length(budget.threshold_rules) == 3 && budget.amount[0].specified_amount[0].units == tostring(var.budget.amount)])
    error_message = "The budget tells before the money is spent."
  }
}
