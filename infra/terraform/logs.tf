# The functions' logs hold ids only, and go to a bucket with a retention of its own. Google's request logs hold
# URLs, and a URL may hold an authorization code or what a user searches for: those with a query are not kept.
locals {
  our_logs         = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^${var.prefix}-\""
  requests_with_qs = "httpRequest.requestUrl:\"?\" AND (${local.our_logs} OR resource.type=\"http_load_balancer\")"
}

resource "google_logging_project_bucket_config" "functions" {
  project        = var.project
  location       = var.region
  bucket_id      = "${var.prefix}-functions"
  description    = "Logs of the functions: ids and numbers."
  retention_days = var.log_retention_days

  dynamic "cmek_settings" {
    for_each = var.kms_key[*]
    content {
      kms_key_name = cmek_settings.value
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

resource "google_logging_project_sink" "functions" {
  name                   = "${var.prefix}-functions"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.functions.id}"
  filter                 = local.our_logs
  unique_writer_identity = true

  exclusions {
    name   = "requests-with-a-query"
    filter = local.requests_with_qs
  }
}

# The same in the project's default sink, which would keep everything once more.
resource "google_logging_project_exclusion" "kept_elsewhere" {
  name        = "${var.prefix}-kept-elsewhere"
  description = "In the bucket ${var.prefix}-functions instead."
  filter      = local.our_logs

  depends_on = [google_logging_project_sink.functions]
}

resource "google_logging_project_exclusion" "requests_with_a_query" {
  name        = "${var.prefix}-requests-with-a-query"
  description = "URLs may hold an authorization code or search words."
  filter      = local.requests_with_qs

  depends_on = [google_project_service.api]
}

# One count of all log events of the functions; alerts tell them apart by label. Exclusions do not touch it.
resource "google_logging_metric" "events" {
  name   = replace("${var.prefix}_events", "-", "_")
  filter = "${local.our_logs} AND jsonPayload.message:*"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    dynamic "labels" {
      for_each = local.event_labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  label_extractors = local.event_labels

  depends_on = [google_project_service.api]
}

locals {
  event_labels = {
    event       = "EXTRACT(jsonPayload.message)"
    entry_point = "EXTRACT(jsonPayload.entry_point)"
    status      = "EXTRACT(jsonPayload.status)"
    code        = "EXTRACT(jsonPayload.code)"
  }
}

# What the labeler's runs did: each line's number goes into a distribution, whose sum and count are charted.
resource "google_logging_metric" "label_runs" {
  for_each = local.run_numbers

  name            = replace("${var.prefix}_label_run_${each.key}", "-", "_")
  filter          = "${local.our_logs} AND jsonPayload.message=\"run.finished\""
  value_extractor = "EXTRACT(jsonPayload.${each.value.field})"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit

    labels {
      key        = "outcome"
      value_type = "STRING"
    }
  }

  label_extractors = { outcome = "EXTRACT(jsonPayload.outcome)" }

  depends_on = [google_project_service.api]
}

locals {
  run_numbers = {
    mails    = { field = "count", unit = "1" }
    units    = { field = "gmail_units", unit = "1" }
    duration = { field = "duration_ms", unit = "ms" }
  }
}
