# Bundles and the images that Cloud Build makes of them.

resource "google_storage_bucket" "bundles" {
  name                        = "${var.project}-${var.prefix}-bundles"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  # Every bundle can be built again from its commit, byte by byte.
  force_destroy = true

  versioning {
    enabled = true
  }

  lifecycle_rule {
    condition {
      num_newer_versions = 3
      with_state         = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

resource "google_storage_bucket_object" "bundle" {
  for_each = var.bundles

  # A new checksum is a new object, and so a new revision; the same one changes nothing.
  name         = "${each.key}/${each.value.sha256}.zip"
  bucket       = google_storage_bucket.bundles.name
  source       = each.value.path
  content_type = "application/zip"

  # The bundle before stays in the bucket: that is what a rollback names.
  deletion_policy = "ABANDON"
}

resource "google_artifact_registry_repository" "functions" {
  repository_id = "${var.prefix}-functions"
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the functions, made by Cloud Build."
  kms_key_name  = var.kms_key

  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 5
    }
  }
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

# Builds run as this account, not as the project's default one, which may edit everything.
resource "google_service_account" "builder" {
  account_id   = "${var.prefix}-builder"
  display_name = "Builds the functions' images"

  depends_on = [google_project_service.api]
}

locals {
  builder_member = "serviceAccount:${var.prefix}-builder@${var.project}.iam.gserviceaccount.com"
  builder_grants = [
    google_storage_bucket_iam_member.builder_reads.id,
    google_artifact_registry_repository_iam_member.builder_writes.id,
    google_project_iam_member.builder_logs.id,
    google_project_iam_member.builder_reads_staged.id,
  ]
}

resource "google_storage_bucket_iam_member" "builder_reads" {
  bucket = google_storage_bucket.bundles.name
  role   = "roles/storage.objectViewer"
  member = local.builder_member

  depends_on = [google_service_account.builder]
}

resource "google_artifact_registry_repository_iam_member" "builder_writes" {
  repository = google_artifact_registry_repository.functions.repository_id
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = local.builder_member

  depends_on = [google_service_account.builder]
}

# Log entries belong to the project: there is no smaller resource to grant this on.
resource "google_project_iam_member" "builder_logs" {
  project = var.project
  role    = "roles/logging.logWriter"
  member  = local.builder_member

  depends_on = [google_service_account.builder]
}

# Cloud Functions copies the bundle to a bucket of its own, made at the first deploy, so it cannot be named here.
resource "google_project_iam_member" "builder_reads_staged" {
  project = var.project
  role    = "roles/storage.objectViewer"
  member  = local.builder_member

  condition {
    title      = "staged sources of functions"
    expression = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-${data.google_project.this.number}-${var.region}\")"
  }

  depends_on = [google_service_account.builder]
}
