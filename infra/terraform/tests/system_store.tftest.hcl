# What is kept, where, and for how long: in every environment. Run with -var-file=environments/….tfvars.

mock_provider "google" {
  source = "./tests/mocks"
}

# Places, keys, ends.
run "store" {
  command = plan

  assert {
    condition     = google_firestore_database.main.type == "FIRESTORE_NATIVE" && google_firestore_database.main.location_id == var.firestore_location
    error_message = "The store is Firestore in native mode where the settings say."
  }

  assert {
    condition     = google_firestore_database.main.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    error_message = "The last seven days can be restored."
  }

  assert {
    condition     = var.environment != "production" || var.protect_data
    error_message = "Production keeps its data from being deleted."
  }

  assert {
    condition     = google_firestore_database.main.delete_protection_state == (var.protect_data ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED") && google_firestore_database.main.deletion_policy == (var.protect_data ? "ABANDON" : "DELETE")
    error_message = "A protected database outlives a destroy."
  }

  assert {
    condition     = length(google_firestore_field.connections_expires_at.ttl_config) == 1
    error_message = "Connects that nobody completed are deleted."
  }

  assert {
    condition     = strcontains(google_firebaserules_ruleset.deny_all.source[0].files[0].content, "allow read, write: if false;") && length(regexall("allow", google_firebaserules_ruleset.deny_all.source[0].files[0].content)) == 1
    error_message = "Client SDKs may neither read nor write."
  }

  assert {
    condition     = alltrue([for secret in google_secret_manager_secret.secret : secret.deletion_protection == var.protect_data && secret.version_destroy_ttl == "604800s"])
    error_message = "Secrets are protected as the data is, and destroyed versions can be had back for a week."
  }

  assert {
    condition     = length(google_kms_crypto_key_iam_member.agent) == (var.kms_key == null ? 0 : 7)
    error_message = "With a key of one's own each service that keeps something may use it."
  }

  assert {
    condition     = alltrue([for topic in merge(google_pubsub_topic.topic, google_pubsub_topic.dead_letter) : topic.kms_key_name == var.kms_key])
    error_message = "Topics are encrypted with that key."
  }

  assert {
    condition     = length(google_firestore_database.main.cmek_config) == (var.firestore_kms_key == null ? 0 : 1) && length(google_storage_bucket.bundles.encryption) == (var.kms_key == null ? 0 : 1)
    error_message = "Firestore and the bundles are encrypted with their keys."
  }

  assert {
    condition     = alltrue([for api in google_project_service.api : api.disable_on_destroy == false]) && length(google_project_service.api) == length(local.apis)
    error_message = "Every API is turned on, and a destroy turns none off: others may use it."
  }

  assert {
    condition     = google_artifact_registry_repository.functions.format == "DOCKER" && google_artifact_registry_repository.functions.location == var.region && toset([for policy in google_artifact_registry_repository.functions.cleanup_policies : policy.action]) == toset(["KEEP", "DELETE"])
    error_message = "Images lie in the region, and old ones are deleted."
  }

  assert {
    condition     = google_storage_bucket.bundles.versioning[0].enabled && alltrue([for bundle in google_storage_bucket_object.bundle : bundle.deletion_policy == "ABANDON"])
    error_message = "The bundle before stays, for a rollback."
  }

  assert {
    condition = alltrue([for field in [
      google_firestore_field.connections_expires_at, google_firestore_field.notices_expires_at,
      google_firestore_field.reads_expires_at, google_firestore_field.sends_expires_at,
      google_firestore_field.label_runs_expires_at,
    ] : length(field.ttl_config) == 1 && field.field == "expires_at"])
    error_message = "Whatever has an end is deleted after it."
  }

  assert {
    condition     = google_firebaserules_release.firestore.name == "cloud.firestore"
    error_message = "The rules that deny everything are the ones in force."
  }

  assert {
    condition     = alltrue([for topic in merge(google_pubsub_topic.topic, google_pubsub_topic.dead_letter) : topic.message_storage_policy[0].allowed_persistence_regions == toset([var.region])])
    error_message = "Messages stay in the region."
  }

  assert {
    condition     = toset(keys(google_pubsub_topic.dead_letter)) == toset(keys(google_pubsub_topic.topic)) && toset(keys(google_pubsub_subscription.dead_letter)) == toset(keys(google_pubsub_topic.topic))
    error_message = "Each topic has dead letters, and somebody keeps them."
  }

  assert {
    condition     = alltrue([for secret in google_secret_manager_secret.secret : [for replica in secret.replication[0].user_managed[0].replicas : replica.location] == [var.region]])
    error_message = "Secrets lie in the region."
  }

  assert {
    condition     = google_project_iam_audit_config.secret_reads.service == "secretmanager.googleapis.com" && [for kind in google_project_iam_audit_config.secret_reads.audit_log_config : kind.log_type] == ["DATA_READ"]
    error_message = "Who read a secret is told by the audit log."
  }

  assert {
    condition     = length(output.kept_by_destroy) == (var.protect_data ? 5 : 3) && alltrue([for line in output.kept_by_destroy : var.protect_data || !strcontains(line, "Firestore")])
    error_message = "What a destroy leaves is told, and only protected data is left on purpose."
  }
}

# With every option on.
run "options" {
  command = plan

  variables {
    kms_key                     = "projects/keys/locations/europe-west1/keyRings/k/cryptoKeys/data"
    firestore_kms_key           = "projects/keys/locations/europe/keyRings/k/cryptoKeys/firestore"
    binary_authorization_policy = "projects/tested-project/platforms/cloudRun/policies/ours"
  }

  assert {
    condition     = alltrue([for secret in google_secret_manager_secret.secret : secret.replication[0].user_managed[0].replicas[0].customer_managed_encryption[0].kms_key_name == var.kms_key])
    error_message = "Secrets are encrypted with the key."
  }

  assert {
    condition     = google_artifact_registry_repository.functions.kms_key_name == var.kms_key && google_storage_bucket.bundles.encryption[0].default_kms_key_name == var.kms_key
    error_message = "Bundles and images are encrypted with the key."
  }

  assert {
    condition     = google_logging_project_bucket_config.functions.cmek_settings[0].kms_key_name == var.kms_key && google_firestore_database.main.cmek_config[0].kms_key_name == var.firestore_kms_key
    error_message = "Logs and the store are encrypted with their keys."
  }

  assert {
    condition     = alltrue([for function in module.function : function.authorization == var.binary_authorization_policy && function.kms_key == var.kms_key])
    error_message = "Each function runs only images that the policy admits, built with the key."
  }

  assert {
    condition     = contains(keys(google_project_service.api), "binaryauthorization.googleapis.com")
    error_message = "The API that enforces the policy is turned on."
  }
}
