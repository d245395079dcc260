locals {
  # Topic -> the entry point that its push subscription calls, and the push's time-out in seconds. attempts: deliveries
  # after which Pub/Sub gives a message up; null: its entry point does so itself, after days that 100 attempts do not fill.
  topics = {
    "gmail"         = { entry_point = "on_gmail_push", ack_deadline_s = 60, attempts = 20 }
    "label-mailbox" = { entry_point = "label_mailbox", ack_deadline_s = 600, attempts = 20 }
    "events"        = { entry_point = "deliver_event", ack_deadline_s = 30, attempts = null }
  }
  counted        = { for name, topic in local.topics : name => topic if topic.attempts != null }
  topic_names    = { for name in keys(local.topics) : name => "projects/${var.project}/topics/${var.prefix}-${name}" }
  pubsub_agent   = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  keep_s         = "604800s"
  first_wait_s   = "10s"
  longest_wait_s = "600s"
}

resource "google_pubsub_topic" "topic" {
  for_each = local.topics

  name         = "${var.prefix}-${each.key}"
  kms_key_name = var.kms_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

resource "google_pubsub_topic" "dead_letter" {
  for_each = local.topics

  name         = "${var.prefix}-${each.key}-dead-letter"
  kms_key_name = var.kms_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

# https://developers.google.com/workspace/gmail/api/guides/push#grant_publish_rights_on_your_topic
resource "google_pubsub_topic_iam_member" "gmail_publishes" {
  topic  = google_pubsub_topic.topic["gmail"].name
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:gmail-api-push@system.gserviceaccount.com"
}

resource "google_pubsub_subscription" "push" {
  for_each = local.topics

  name                       = "${var.prefix}-${replace(each.value.entry_point, "_", "-")}"
  topic                      = google_pubsub_topic.topic[each.key].id
  ack_deadline_seconds       = each.value.ack_deadline_s
  message_retention_duration = local.keep_s

  # It must never expire, however quiet the mailboxes are.
  expiration_policy {
    ttl = ""
  }

  push_config {
    push_endpoint = module.function[each.value.entry_point].url
    oidc_token {
      service_account_email = module.function[each.value.entry_point].invoker_email
      audience              = module.function[each.value.entry_point].url
    }
  }

  retry_policy {
    minimum_backoff = local.first_wait_s
    maximum_backoff = local.longest_wait_s
  }

  dynamic "dead_letter_policy" {
    for_each = each.value.attempts[*]
    content {
      dead_letter_topic     = google_pubsub_topic.dead_letter[each.key].id
      max_delivery_attempts = dead_letter_policy.value
    }
  }
}

# Keeps what was given up, for a person to look at: docs/playbooks/dead-letters.md.
resource "google_pubsub_subscription" "dead_letter" {
  for_each = local.topics

  name                       = google_pubsub_topic.dead_letter[each.key].name
  topic                      = google_pubsub_topic.dead_letter[each.key].id
  message_retention_duration = local.keep_s

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub itself moves a message to the dead letters: it publishes there and acknowledges here.
resource "google_pubsub_topic_iam_member" "pubsub_gives_up" {
  for_each = local.counted

  topic  = google_pubsub_topic.dead_letter[each.key].name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

# An event that the CRM has refused for three days: functions/notify/deliver_event.py.
resource "google_pubsub_topic_iam_member" "events_are_given_up" {
  topic  = google_pubsub_topic.dead_letter["events"].name
  role   = "roles/pubsub.publisher"
  member = module.function["deliver_event"].member
}

resource "google_pubsub_subscription_iam_member" "pubsub_acknowledges" {
  for_each = local.counted

  subscription = google_pubsub_subscription.push[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

# Pub/Sub signs its pushes as the invoker of the entry point.
resource "google_service_account_iam_member" "pubsub_signs" {
  for_each = local.topics

  service_account_id = module.function[each.value.entry_point].invoker_id
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local.pubsub_agent
}
