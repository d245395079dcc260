locals {
  public_url = "https://${var.domain}"

  # The one list of entry points. `source` is the folder under functions/, and so the bundle.
  # trigger: public (load balancer; the function checks the CRM's token), push (Pub/Sub), schedule (Cloud Scheduler).
  # secrets: those that its code reads. Time-outs nest: request < function < push or schedule deadline.
  entry_points = {
    oauth = {
      source    = "oauth", trigger = "public", secrets = ["google-client-secret", "token-key"]
      timeout_s = 60, memory = "512Mi", concurrency = 40, min = 0, max = 10
    }
    proxy = {
      source = "proxy", trigger = "public", secrets = ["google-client-secret", "token-key", "cursor-key", "crm-service-token"]
      # A mail of 25 MB comes as JSON of 35 MB and leaves as MIME: few at once, much memory.
      timeout_s = 60, memory = "1Gi", concurrency = 16, min = 0, max = 20
    }
    notify = {
      source = "notify", trigger = "public", secrets = ["cursor-key", "crm-service-token"]
      # An event stream stays open until the time-out; the browser comes back by itself.
      timeout_s = 600, memory = "512Mi", concurrency = 80, min = 0, max = 20
    }
    labeler = {
      source    = "labeler", trigger = "public", secrets = ["google-client-secret", "token-key", "crm-service-token"]
      timeout_s = 60, memory = "512Mi", concurrency = 20, min = 0, max = 10
    }
    on_gmail_push = {
      source    = "notify", trigger = "push", secrets = ["google-client-secret", "token-key", "crm-service-token"]
      timeout_s = 55, memory = "512Mi", concurrency = 20, min = 0, max = 20
    }
    renew_watches = {
      source    = "notify", trigger = "schedule", secrets = ["google-client-secret", "token-key"]
      timeout_s = 1740, memory = "512Mi", concurrency = 1, min = 0, max = 1
    }
    recount = {
      source    = "notify", trigger = "schedule", secrets = ["google-client-secret", "token-key", "crm-service-token"]
      timeout_s = 1740, memory = "512Mi", concurrency = 1, min = 0, max = 1
    }
    tick = {
      source    = "labeler", trigger = "schedule", secrets = ["token-key"]
      timeout_s = 300, memory = "512Mi", concurrency = 1, min = 0, max = 1
    }
    label_mailbox = {
      source    = "labeler", trigger = "push", secrets = ["google-client-secret", "token-key", "crm-service-token"]
      timeout_s = 540, memory = "512Mi", concurrency = 8, min = 0, max = 20
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
    FIRESTORE_DATABASE       = google_firestore_database.main.name
    ALLOWED_ORIGINS          = join(",", var.allowed_origins)
  }
}

module "function" {
  source   = "./modules/function"
  for_each = local.entry_points

  entry_point = merge(each.value, {
    name = each.key
    min  = coalesce(try(var.instances[each.key].min, null), each.value.min)
    max  = coalesce(try(var.instances[each.key].max, null), each.value.max)
  })
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

# tick alone hands out work.
resource "google_pubsub_topic_iam_member" "tick_publishes" {
  topic  = google_pubsub_topic.topic["label-mailbox"].name
  role   = "roles/pubsub.publisher"
  member = module.function["tick"].member
}
