# Only with kms_key: each service encrypts through its own service agent, which must be allowed to use the key.
# The agents of services that were never used do not exist yet; docs/deploy.md has the commands that make them.
locals {
  project_number = data.google_project.this.number
  key_users = var.kms_key == null ? {} : {
    artifact_registry = "serviceAccount:service-${local.project_number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    functions         = "serviceAccount:service-${local.project_number}@gcf-admin-robot.iam.gserviceaccount.com"
    pubsub            = local.pubsub_agent
    run               = "serviceAccount:service-${local.project_number}@serverless-robot-prod.iam.gserviceaccount.com"
    secrets           = "serviceAccount:service-${local.project_number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
    storage           = "serviceAccount:service-${local.project_number}@gs-project-accounts.iam.gserviceaccount.com"
    logging           = "serviceAccount:${data.google_logging_project_cmek_settings.this[0].service_account_id}"
  }
}

data "google_logging_project_cmek_settings" "this" {
  count   = var.kms_key == null ? 0 : 1
  project = var.project
}

resource "google_kms_crypto_key_iam_member" "agent" {
  for_each = local.key_users

  crypto_key_id = var.kms_key
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = each.value

  depends_on = [google_project_service.api]
}

resource "google_kms_crypto_key_iam_member" "firestore" {
  count = var.firestore_kms_key == null ? 0 : 1

  crypto_key_id = var.firestore_kms_key
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:service-${local.project_number}@gcp-sa-firestore.iam.gserviceaccount.com"

  depends_on = [google_project_service.api]
}
