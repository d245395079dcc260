locals {
  id      = replace(var.entry_point.name, "_", "-")
  name    = "${var.place.prefix}-${local.id}"
  private = var.entry_point.trigger != "public"
  # Known before the function exists, so that it can be its own setting: Cloud Run's deterministic URL.
  # https://cloud.google.com/run/docs/triggering/https-request#deterministic
  url           = "https://${local.name}-${var.place.project_number}.${var.place.region}.run.app"
  email         = "${local.name}@${var.place.project}.iam.gserviceaccount.com"
  invoker_email = "${var.place.prefix}-invoke-${local.id}@${var.place.project}.iam.gserviceaccount.com"
  member        = "serviceAccount:${local.email}"

  invoker_settings = local.private ? { INVOKER_AUDIENCE = local.url, INVOKER_EMAIL = local.invoker_email } : {}
}

resource "google_service_account" "runs" {
  account_id   = local.name
  display_name = "Runs ${var.entry_point.name}"
}

resource "google_cloudfunctions2_function" "this" {
  name         = local.name
  location     = var.place.region
  description  = "Entry point ${var.entry_point.name} of functions/${var.entry_point.source}, trigger: ${var.entry_point.trigger}."
  kms_key_name = var.build.kms_key

  build_config {
    runtime           = var.build.runtime
    entry_point       = var.entry_point.name
    docker_repository = var.build.repository
    service_account   = var.build.builder

    source {
      storage_source {
        bucket = var.build.bucket
        object = var.build.object
      }
    }

    # Security fixes of the runtime arrive without a deploy.
    automatic_update_policy {}
  }

  service_config {
    service_account_email            = local.email
    available_memory                 = var.entry_point.size.memory
    available_cpu                    = "1"
    timeout_seconds                  = var.entry_point.size.timeout_s
    max_instance_request_concurrency = var.entry_point.size.concurrency
    min_instance_count               = var.entry_point.size.min
    max_instance_count               = var.entry_point.size.max
    # Public ones are reached through the load balancer only; Pub/Sub and Cloud Scheduler count as internal.
    ingress_settings               = local.private ? "ALLOW_INTERNAL_ONLY" : "ALLOW_INTERNAL_AND_GCLB"
    all_traffic_on_latest_revision = true
    binary_authorization_policy    = var.build.authorization

    # functions-framework serves as many requests at once as it has THREADS. What a large mail took goes back to the
    # system at once: by itself glibc raises this bound to the largest mail seen, and keeps the pieces.
    environment_variables = merge(
      { for name, value in var.settings : name => value if value != "" },
      local.invoker_settings,
      { THREADS = tostring(var.entry_point.size.concurrency), MALLOC_MMAP_THRESHOLD_ = "262144" },
    )
  }

  # The first request may come at once: everything it needs is granted before.
  depends_on = [
    google_service_account.runs,
    google_service_account.invokes,
    google_project_iam_member.store,
    google_secret_manager_secret_iam_member.reads,
    terraform_data.before,
  ]
}

# Holds the build's grants in the order of things without naming each.
resource "terraform_data" "before" {
  input = [var.build.needs_before_it, var.build.secrets_before_it]
}
