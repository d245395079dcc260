# No composite index is declared, because no query needs one: each filters by equalities (Firestore merges the
# single-field indexes) or by one range on the field it is ordered by. tests/deploy runs every query of
# shared/adapters/firestore against this file; one that needs an index fails there until it is written here:
#   resource "google_firestore_index" … { collection = "…" fields { … } }

resource "google_firestore_database" "main" {
  name        = "(default)"
  location_id = var.firestore_location
  type        = "FIRESTORE_NATIVE"

  # Any moment of the last seven days can be restored.
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.protect_data ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  # `terraform destroy` forgets a protected database and leaves it.
  deletion_policy = var.protect_data ? "ABANDON" : "DELETE"

  dynamic "cmek_config" {
    for_each = var.firestore_kms_key[*]
    content {
      kms_key_name = cmek_config.value
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.firestore]
}

# What has an end is deleted within a day of it. Cleaning only: the code looks at the time itself.
resource "google_firestore_field" "connections_expires_at" {
  database   = google_firestore_database.main.name
  collection = "connections"
  field      = "expires_at"

  ttl_config {}
}

# The stream of notices asks for these by their end, which is in the order in which they were made.
resource "google_firestore_field" "notices_expires_at" {
  database   = google_firestore_database.main.name
  collection = "notices"
  field      = "expires_at"

  ttl_config {}
}

# Nothing asks for the end of these, so it needs no index.

resource "google_firestore_field" "reads_expires_at" {
  database   = google_firestore_database.main.name
  collection = "reads"
  field      = "expires_at"

  index_config {}
  ttl_config {}
}

resource "google_firestore_field" "ended_consents_expires_at" {
  database   = google_firestore_database.main.name
  collection = "ended_consents"
  field      = "expires_at"

  index_config {}
  ttl_config {}
}

resource "google_firestore_field" "sends_expires_at" {
  database   = google_firestore_database.main.name
  collection = "sends"
  field      = "expires_at"

  index_config {}
  ttl_config {}
}

resource "google_firestore_field" "label_runs_expires_at" {
  database   = google_firestore_database.main.name
  collection = "label_runs"
  field      = "expires_at"

  index_config {}
  ttl_config {}
}

# No index where nothing asks: times that all rows move forward together make one hot end of an index (500 writes a
# second at most), and lists and maps make an entry for each element, of which a document may have 40,000.
resource "google_firestore_field" "syncs_handled_at" {
  database   = google_firestore_database.main.name
  collection = "syncs"
  field      = "handled_at"

  index_config {}
}

resource "google_firestore_field" "syncs_rested_at" {
  database   = google_firestore_database.main.name
  collection = "syncs"
  field      = "rested_at"

  index_config {}
}

resource "google_firestore_field" "quota_shards_full_at" {
  database   = google_firestore_database.main.name
  collection = "quota_shards"
  field      = "full_at"

  index_config {}
}

resource "google_firestore_field" "syncs_lease_until" {
  database   = google_firestore_database.main.name
  collection = "syncs"
  field      = "lease_until"

  index_config {}
}

resource "google_firestore_field" "syncs_unsorted" {
  database   = google_firestore_database.main.name
  collection = "syncs"
  field      = "unsorted"

  index_config {}
}

resource "google_firestore_field" "syncs_unseen" {
  database   = google_firestore_database.main.name
  collection = "syncs"
  field      = "unseen"

  index_config {}
}

resource "google_firestore_field" "syncs_tries" {
  database   = google_firestore_database.main.name
  collection = "syncs"
  field      = "tries"

  index_config {}
}

resource "google_firestore_field" "syncs_set_aside" {
  database   = google_firestore_database.main.name
  collection = "syncs"
  field      = "set_aside"

  index_config {}
}

resource "google_firestore_field" "label_runs_before" {
  database   = google_firestore_database.main.name
  collection = "label_runs"
  field      = "before"

  index_config {}
}

resource "google_firestore_field" "label_runs_after" {
  database   = google_firestore_database.main.name
  collection = "label_runs"
  field      = "after"

  index_config {}
}

resource "google_firestore_field" "label_runs_inbox" {
  database   = google_firestore_database.main.name
  collection = "label_runs"
  field      = "inbox"

  index_config {}
}

resource "google_firestore_field" "labelings_held" {
  database   = google_firestore_database.main.name
  collection = "labelings"
  field      = "held"

  index_config {}
}

resource "google_firestore_field" "labelings_confirmed" {
  database   = google_firestore_database.main.name
  collection = "labelings"
  field      = "confirmed"

  index_config {}
}

resource "google_firestore_field" "recounts_missing" {
  database   = google_firestore_database.main.name
  collection = "recounts"
  field      = "missing"

  index_config {}
}

resource "google_firestore_field" "audit_changes" {
  database   = google_firestore_database.main.name
  collection = "audit"
  field      = "changes"

  index_config {}
}

resource "google_firestore_field" "grants_ciphertext" {
  database   = google_firestore_database.main.name
  collection = "grants"
  field      = "ciphertext"

  index_config {}
}

# Browsers and phones never speak to Firestore: no client SDK may read or write anything. Server SDKs are held by IAM.
resource "google_firebaserules_ruleset" "deny_all" {
  source {
    files {
      name    = "firestore.rules"
      content = file("${path.module}/firestore.rules")
    }
  }

  depends_on = [google_firestore_database.main]
}

resource "google_firebaserules_release" "firestore" {
  name         = "cloud.firestore"
  ruleset_name = google_firebaserules_ruleset.deny_all.name

  # A ruleset that is released cannot be deleted: the new one first.
  lifecycle {
    replace_triggered_by = [google_firebaserules_ruleset.deny_all]
  }
}
