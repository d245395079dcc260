locals {
  # API -> what needs it.
  apis = merge(
    {
      "artifactregistry.googleapis.com"     = "images of the functions"
      "billingbudgets.googleapis.com"       = "the budget"
      "cloudbuild.googleapis.com"           = "building the functions"
      "cloudfunctions.googleapis.com"       = "the functions"
      "cloudresourcemanager.googleapis.com" = "grants"
      "cloudscheduler.googleapis.com"       = "tick, renew_watches, recount"
      "cloudtrace.googleapis.com"           = "traces"
      "compute.googleapis.com"              = "the load balancer"
      "firebaserules.googleapis.com"        = "deny-all rules of Firestore"
      "firestore.googleapis.com"            = "the store"
      "gmail.googleapis.com"                = "Gmail, with the project's quota"
      "iam.googleapis.com"                  = "service accounts"
      "logging.googleapis.com"              = "logs and their metrics"
      "monitoring.googleapis.com"           = "alerts and the dashboard"
      "pubsub.googleapis.com"               = "pushes and turns"
      "run.googleapis.com"                  = "what functions run on"
      "secretmanager.googleapis.com"        = "secrets"
      "storage.googleapis.com"              = "bundles"
      "telemetry.googleapis.com"            = "traces, as OpenTelemetry sends them"
    },
    var.binary_authorization_policy == null ? {} : { "binaryauthorization.googleapis.com" = "the policy of images" },
  )
}

resource "google_project_service" "api" {
  for_each = local.apis

  service = each.key
  # Others in the project may use it too.
  disable_on_destroy = false
}
