# Containers only: Terraform never sees a value. `./dev deploy` says which are still empty.
locals {
  secrets = {
    "google-client-secret" = "Secret of the OAuth client."
    "token-key"            = "Each version is one AES-256 key (32 random bytes) for refresh tokens."
    "cursor-key"           = "32 random bytes that seal the cursors of lists."
    "crm-service-token"    = "What the CRM's connector accepts."
    "webhook-secret"       = "Signs what is sent to the CRM's webhook: whsec_ and 32 bytes in base64."
  }
  secret_names = { for name in keys(local.secrets) : name => "projects/${var.project}/secrets/${var.prefix}-${name}" }
}

resource "google_secret_manager_secret" "secret" {
  for_each = local.secrets

  secret_id   = "${var.prefix}-${each.key}"
  annotations = { purpose = each.value }
  # A version that was destroyed by mistake can be had back for a week: without the token key every user must connect anew.
  version_destroy_ttl = "604800s"
  deletion_protection = var.protect_data

  replication {
    user_managed {
      replicas {
        location = var.region
        dynamic "customer_managed_encryption" {
          for_each = var.kms_key[*]
          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

# Who read a secret is told by the audit log (ids only; reads are few, as values are cached).
resource "google_project_iam_audit_config" "secret_reads" {
  project = var.project
  service = "secretmanager.googleapis.com"

  audit_log_config {
    log_type = "DATA_READ"
  }
}
