# One map of alerts. The first group watches that work goes forward, which also notices a stop that fails nowhere.
# Each has a playbook of its name in docs/playbooks, and a tile on the dashboard. Queries are PromQL.
locals {
  events = "logging_googleapis_com:user_${google_logging_metric.events.name}"
  ours   = "monitored_resource=\"cloud_run_revision\""

  # Seconds that `query` must be true before anybody is told.
  alerts = {
    tick_late = {
      title    = "No labeler run for half an hour"
      severity = "CRITICAL"
      for_s    = 300
      query    = "(sum(increase(${local.events}{${local.ours},event=\"entry\",entry_point=\"tick\",code=\"ok\"}[30m])) or vector(0)) < 1"
    }
    push_silence = {
      title    = "No push of Gmail's has been handled"
      severity = "CRITICAL"
      for_s    = 3600
      query    = "(sum(increase(${local.events}{${local.ours},event=\"entry\",entry_point=\"on_gmail_push\",code=\"ok\"}[${var.push_silence_hours}h])) or vector(0)) < 1"
    }
    watch_renewal_late = {
      title    = "Watches were not renewed for a day; they expire after seven"
      severity = "CRITICAL"
      for_s    = 7200
      query    = "(sum(increase(${local.events}{${local.ours},event=\"entry\",entry_point=\"renew_watches\",code=\"ok\"}[24h])) or vector(0)) < 1"
    }
    # Only of a system that ran a day ago already: it comes once a night, and a first deploy waits for its first one.
    recount_late = {
      title    = "No recount for a day: completeness is not proven"
      severity = "WARNING"
      for_s    = 7200
      query    = "((sum(increase(${local.events}{${local.ours},event=\"entry\",entry_point=\"recount\",code=\"ok\"}[24h])) or vector(0)) and sum(increase(${local.events}{${local.ours},event=\"entry\",entry_point=\"tick\",code=\"ok\"}[1h] offset 23h)) > 0) < 1"
    }
    # One run that ends hides those that do not from the alerts above. A run that is cut off writes no line of its own.
    job_cut_off = {
      title    = "A scheduled job is cut off by its time-out again and again"
      severity = "WARNING"
      for_s    = 0
      query    = "sum by (service_name) (increase(run_googleapis_com:request_count{${local.ours},service_name=~\"${var.prefix}-(${join("|", [for job in keys(local.schedules) : replace(job, "_", "-")])})\",response_code=\"504\"}[24h])) > 3"
    }
    backlog = {
      title    = "A message has waited for half an hour"
      severity = "WARNING"
      for_s    = 300
      query    = "max by (subscription_id) (pubsub_googleapis_com:subscription_oldest_unacked_message_age{monitored_resource=\"pubsub_subscription\",subscription_id=~\"${var.prefix}-(on-gmail-push|label-mailbox|deliver-event)\"}) > 1800"
    }
    pushes_missing = {
      title    = "Mail arrives without pushes in a whole organisation"
      severity = "CRITICAL"
      for_s    = 0
      query    = "sum(increase(${local.events}{${local.ours},event=\"pushes.missing\"}[30m])) > 0"
    }
    watch_expiring = {
      title    = "A watch is about to expire and cannot be renewed"
      severity = "WARNING"
      for_s    = 0
      query    = "sum(increase(${local.events}{${local.ours},event=\"watch.expiring\"}[1h])) > 0"
    }
    labels_held = {
      title    = "A labeler run stopped: too much would change at once"
      severity = "WARNING"
      for_s    = 0
      query    = "sum(increase(${local.events}{${local.ours},event=\"labels.held\"}[30m])) > 0"
    }
    message_set_aside = {
      title    = "A message could not be handled and was set aside"
      severity = "WARNING"
      for_s    = 0
      query    = "sum(increase(${local.events}{${local.ours},event=\"message.set_aside\"}[1h])) > 0"
    }
    notices_repaired = {
      title    = "The recount found notices that no push had brought"
      severity = "WARNING"
      for_s    = 0
      query    = "sum(increase(${local.events}{${local.ours},event=\"recount.repaired\"}[1h])) > 0"
    }
    token_failures = {
      title    = "Many mailboxes lost Google's consent within an hour"
      severity = "WARNING"
      for_s    = 0
      query    = "sum(increase(${local.events}{${local.ours},event=\"mailbox.needs_reconnect\"}[1h])) > 5"
    }
    dead_letters = {
      title    = "Messages were given up"
      severity = "CRITICAL"
      for_s    = 0
      query    = "sum by (subscription_id) (pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource=\"pubsub_subscription\",subscription_id=~\"${var.prefix}-.*-dead-letter\"}) > 0"
    }
    server_errors = {
      title    = "More than 2 % of requests fail on our side"
      severity = "CRITICAL"
      for_s    = 300
      query    = "sum(increase(${local.events}{${local.ours},event=\"request\",status=~\"5..\"}[10m])) / sum(increase(${local.events}{${local.ours},event=\"request\"}[10m])) > 0.02"
    }
    defects = {
      title    = "An unforeseen error"
      severity = "WARNING"
      for_s    = 0
      query    = "sum(increase(${local.events}{${local.ours},event=~\"request.defect|entry.defect\"}[10m])) > 0"
    }
    gmail_quota = {
      title    = "More than 70 % of Gmail's quota for the project is used"
      severity = "WARNING"
      for_s    = 300
      query    = "60 * sum(rate(serviceruntime_googleapis_com:quota_rate_net_usage{monitored_resource=\"consumer_quota\",service=\"gmail.googleapis.com\"}[5m])) / ${var.quota_units_per_minute} > 0.7"
    }
    work_put_off = {
      title    = "Labels or notices have waited for Gmail's quota for four hours"
      severity = "WARNING"
      for_s    = 14400
      query    = "sum(increase(${local.events}{${local.ours},event=~\"turn.postponed|push.postponed\",code!=\"user_quota_postponed\"}[30m])) > 0"
    }
    front_door = {
      title    = "The system cannot be reached from outside"
      severity = "CRITICAL"
      for_s    = 300
      query    = "avg(avg_over_time(monitoring_googleapis_com:uptime_check_check_passed{monitored_resource=\"uptime_url\",host=\"${var.domain}\"}[5m])) < 0.5"
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  display_name = each.key
  type         = "email"
  labels       = { email_address = each.key }

  depends_on = [google_project_service.api]
}

resource "google_monitoring_alert_policy" "alert" {
  for_each = local.alerts

  display_name          = "${var.prefix} ${var.environment}: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]

  conditions {
    display_name = each.key
    condition_prometheus_query_language {
      query               = each.value.query
      duration            = "${each.value.for_s}s"
      evaluation_interval = "60s"
      # The series of a new project appear with the first event.
      disable_metric_validation = true
    }
  }

  documentation {
    subject   = "${var.prefix} ${var.environment}: ${each.value.title}"
    mime_type = "text/markdown"
    content   = "What to do: ${var.playbooks_url}/${replace(each.key, "_", "-")}.md"
    # A link must be a whole URL.
    dynamic "links" {
      for_each = startswith(var.playbooks_url, "https://") ? ["${var.playbooks_url}/${replace(each.key, "_", "-")}.md"] : []
      content {
        display_name = "Playbook"
        url          = links.value
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }
}

# A call without a token is refused with 401 only where load balancer, certificate, function and settings all work.
resource "google_monitoring_uptime_check_config" "front_door" {
  display_name = "${var.prefix} front door"
  timeout      = "10s"
  period       = "300s"

  http_check {
    path         = "/oauth/mailbox"
    port         = 443
    use_ssl      = true
    validate_ssl = true
    accepted_response_status_codes {
      status_value = 401
    }
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project, host = var.domain }
  }

  depends_on = [google_project_service.api]
}
