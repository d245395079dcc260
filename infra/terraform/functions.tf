locals {
  public_url = "https://${var.domain}"

  # The one list of entry points. `source` is the folder under functions/, and so the bundle.
  # trigger: public (load balancer; the function checks the CRM's token), push (Pub/Sub), schedule (Cloud Scheduler).
  # secrets: those that its code reads. publishes: topics that its code publishes to (tests/deploy/needs.py traces both).
  # Time-outs nest: request < function < push or schedule deadline.
  entry_points = {
    oauth = {
      source    = "oauth"
      trigger   = "public"
      publishes = ["events"]
      secrets   = ["google-client-secret", "token-key", "cursor-key", "crm-service-token"]
      size      = { timeout_s = 60, memory = "512Mi", concurrency = 40, max = 10 }
    }
    proxy = {
      source    = "proxy"
      trigger   = "public"
      publishes = ["events"]
      secrets   = ["google-client-secret", "token-key", "cursor-key", "crm-service-token"]
      # A mail of 25 MB takes at most 75 MB, and 45 MB while others are read: tests/e2e/test_memory.py.
      size = { timeout_s = 60, memory = "1Gi", concurrency = 16, max = 20 }
    }
    notify = {
      source    = "notify"
      trigger   = "public"
      publishes = ["events"]
      secrets   = ["google-client-secret", "token-key", "cursor-key", "crm-service-token"]
      # An event stream stays open until the time-out; the browser comes back by itself. 64 of the 80 may be streams
      # (functions/notify/services.py): with all instances 1,280 at a time, docs/cost.md. Each listens to Firestore, and
      # one client's connection carries 100 calls at a time: with a higher concurrency streams would hang in silence.
      size = { timeout_s = 600, memory = "512Mi", concurrency = 80, max = 20 }
    }
    labeler = {
      source    = "labeler"
      trigger   = "public"
      publishes = ["events"]
      secrets   = ["google-client-secret", "token-key", "cursor-key", "crm-service-token"]
      size      = { timeout_s = 60, memory = "512Mi", concurrency = 20, max = 10 }
    }
    on_gmail_push = {
      source    = "notify"
      trigger   = "push"
      publishes = ["events"]
      secrets   = ["google-client-secret", "token-key", "crm-service-token"]
      size      = { timeout_s = 55, memory = "512Mi", concurrency = 20, max = 20 }
    }
    renew_watches = {
      source    = "notify"
      trigger   = "schedule"
      publishes = ["events"]
      secrets   = ["google-client-secret", "token-key"]
      size      = { timeout_s = 1740, memory = "512Mi", concurrency = 1, max = 1 }
    }
    recount = {
      source    = "notify"
      trigger   = "schedule"
      publishes = ["events"]
      secrets   = ["google-client-secret", "token-key", "crm-service-token"]
      size      = { timeout_s = 1740, memory = "512Mi", concurrency = 1, max = 1 }
    }
    deliver_event = {
      source    = "notify"
      trigger   = "push"
      publishes = []
      secrets   = ["webhook-secret"]
      size      = { timeout_s = 25, memory = "512Mi", concurrency = 20, max = 10 }
    }
    tick = {
      source    = "labeler"
      trigger   = "schedule"
      publishes = ["events", "label-mailbox"]
      secrets   = ["google-client-secret", "token-key"]
      size      = { timeout_s = 300, memory = "512Mi", concurrency = 1, max = 1 }
    }
    label_mailbox = {
      source    = "labeler"
      trigger   = "push"
      publishes = ["events", "label-mailbox"]
      secrets   = ["google-client-secret", "token-key", "crm-service-token"]
      size      = { timeout_s = 540, memory = "512Mi", concurrency = 8, max = 20 }
    }
  }

  # shared/wiring.py, CommonSettings. Secrets are resource names: the functions read the values themselves.
  settings = {
    GOOGLE_CLOUD_PROJECT     = var.project
    PUBLIC_URL               = local.public_url
    GOOGLE_CLIENT_ID         = var.google_client_id
    GOOGLE_CLIENT_SECRET     = local.secret_names["google-client-secret"]
    TOKEN_KEY_SECRET         = local.secret_names["token-key"]
    CURSOR_KEY_SECRET        = local.secret_names["cursor-key"]
    CRM_ISSUER               = var.crm.issuer
    CRM_JWKS_URL             = var.crm.jwks_url
    CRM_CONNECTOR_URL        = var.crm.connector_url
    CRM_SERVICE_TOKEN_SECRET = local.secret_names["crm-service-token"]
    GMAIL_TOPIC              = local.topic_names["gmail"]
    LABEL_TOPIC              = local.topic_names["label-mailbox"]
    EVENTS_TOPIC             = local.topic_names["events"]
    EVENTS_DEAD_LETTER_TOPIC = "${local.topic_names["events"]}-dead-letter"
    WEBHOOK_SECRET           = local.secret_names["webhook-secret"]
    NOTICE_RETENTION_DAYS    = tostring(var.notice_retention_days)
    OAUTH_TESTING_MODE       = tostring(var.oauth_testing_mode)
    FIRESTORE_DATABASE       = google_firestore_database.main.name
    ALLOWED_ORIGINS          = join(",", var.allowed_origins)
    ALLOWED_RETURN_URLS      = join(",", var.allowed_return_urls)
    GMAIL_UNITS_PER_MINUTE   = tostring(var.quota_units_per_minute)
    GMAIL_PERCENT_FOR_PEOPLE = tostring(var.quota_percent_for_people)
    TRACES_URL               = var.traces ? "https://telemetry.googleapis.com/v1/traces" : ""
  }
}

module "function" {
  source   = "./modules/function"
  for_each = local.entry_points

  entry_point = {
    name    = each.key
    source  = each.value.source
    trigger = each.value.trigger
    secrets = each.value.secrets
    size = merge(each.value.size, {
      min = coalesce(try(var.instances[each.key].min, null), 0)
      max = coalesce(try(var.instances[each.key].max, null), each.value.size.max)
    })
  }
  place = {
    project        = var.project
    project_number = data.google_project.this.number
    region         = var.region
    prefix         = var.prefix
    database       = google_firestore_database.main.name
  }
  build = {
    runtime           = var.runtime
    bucket            = google_storage_bucket.bundles.name
    object            = google_storage_bucket_object.bundle[each.value.source].name
    repository        = google_artifact_registry_repository.functions.id
    builder           = google_service_account.builder.name
    kms_key           = var.kms_key
    authorization     = var.binary_authorization_policy
    needs_before_it   = local.builder_grants
    secrets_before_it = [for secret in google_secret_manager_secret.secret : secret.id]
  }
  settings = local.settings

  depends_on = [google_project_service.api]
}

resource "google_pubsub_topic_iam_member" "publishes" {
  for_each = merge([for name, entry_point in local.entry_points : {
    for topic in entry_point.publishes : "${name} to ${topic}" => { function = name, topic = topic }
  }]...)

  topic  = google_pubsub_topic.topic[each.value.topic].name
  role   = "roles/pubsub.publisher"
  member = module.function[each.value.function].member
}
