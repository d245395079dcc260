# What the function may do. Firestore has no grants on a database, so the project's is narrowed by a condition.
resource "google_project_iam_member" "store" {
  project = var.place.project
  role    = "roles/datastore.user"
  member  = local.member

  condition {
    title      = "one database"
    expression = "resource.name == \"projects/${var.place.project}/databases/${var.place.database}\""
  }

  depends_on = [google_service_account.runs]
}

resource "google_secret_manager_secret_iam_member" "reads" {
  for_each = toset(var.entry_point.secrets)

  project   = var.place.project
  secret_id = "${var.place.prefix}-${each.key}"
  role      = "roles/secretmanager.secretAccessor"
  member    = local.member

  depends_on = [google_service_account.runs, terraform_data.before]
}

# Spans belong to the project: there is no smaller resource to grant this on, and it allows writing only.
resource "google_project_iam_member" "traces" {
  count = var.settings["TRACES_URL"] == "" ? 0 : 1

  project = var.place.project
  role    = "roles/telemetry.tracesWriter"
  member  = local.member

  depends_on = [google_service_account.runs]
}

# Who may call it. A private one has an account of its own for its one caller.
resource "google_service_account" "invokes" {
  count = local.private ? 1 : 0

  account_id   = "${var.place.prefix}-invoke-${local.id}"
  display_name = "Calls ${var.entry_point.name}, and nothing else"
}

resource "google_cloud_run_v2_service_iam_member" "caller" {
  project  = var.place.project
  location = var.place.region
  name     = google_cloudfunctions2_function.this.name
  role     = "roles/run.invoker"
  # Everybody reaches the public ones, through the load balancer; each route checks the CRM's token.
  member = local.private ? "serviceAccount:${local.invoker_email}" : "allUsers"

  depends_on = [google_service_account.invokes]
}
