# One entry point, public and private.

mock_provider "google" {}

variables {
  place = {
    project        = "tested-project"
    project_number = "123456789012"
    region         = "europe-west1"
    prefix         = "crm-gmail"
    database       = "(default)"
  }
  build = {
    runtime           = "python313"
    bucket            = "bundles"
    object            = "labeler/1111.zip"
    repository        = "projects/tested-project/locations/europe-west1/repositories/functions"
    builder           = "projects/tested-project/serviceAccounts/builder@tested-project.iam.gserviceaccount.com"
    needs_before_it   = []
    secrets_before_it = []
  }
  settings = { PUBLIC_URL = "https://mail.example.com", ALLOWED_ORIGINS = "", TRACES_URL = "https://telemetry.googleapis.com/v1/traces" }
  entry_point = {
    name = "label_mailbox", source = "labeler", trigger = "push", secrets = ["token-key"], size = { timeout_s = 540, memory = "512Mi", concurrency = 8, min = 0, max = 3 }
  }
}

run "a_private_one" {
  command = plan
  module {
    source = "./modules/function"
  }

  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"
    error_message = "Nobody outside reaches it."
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.caller.member == "serviceAccount:crm-gmail-invoke-label-mailbox@tested-project.iam.gserviceaccount.com" && google_cloud_run_v2_service_iam_member.caller.role == "roles/run.invoker"
    error_message = "Only its own invoker may call it."
  }

  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables["INVOKER_AUDIENCE"] == output.url && google_cloudfunctions2_function.this.service_config[0].environment_variables["INVOKER_EMAIL"] == output.invoker_email
    error_message = "It is told whose tokens to accept."
  }

  assert {
    condition     = output.url == "https://crm-gmail-label-mailbox-123456789012.europe-west1.run.app"
    error_message = "Its address is Cloud Run's deterministic one."
  }

  assert {
    condition     = google_cloudfunctions2_function.this.build_config[0].entry_point == "label_mailbox" && google_cloudfunctions2_function.this.build_config[0].source[0].storage_source[0].object == "labeler/1111.zip"
    error_message = "It runs the named entry point of its bundle."
  }

  assert {
    condition     = google_cloudfunctions2_function.this.build_config[0].service_account == var.build.builder && google_cloudfunctions2_function.this.service_config[0].service_account_email == "crm-gmail-label-mailbox@tested-project.iam.gserviceaccount.com"
    error_message = "It is built by the builder and runs as itself."
  }

  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables["THREADS"] == "8" && google_cloudfunctions2_function.this.service_config[0].max_instance_request_concurrency == 8
    error_message = "It has as many threads as requests at once."
  }

  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.this.service_config[0].environment_variables), "ALLOWED_ORIGINS")
    error_message = "An empty setting is no setting."
  }

  assert {
    condition     = keys(google_secret_manager_secret_iam_member.reads) == ["token-key"]
    error_message = "It reads the secrets that it needs, and no other."
  }

  assert {
    condition     = google_project_iam_member.traces[0].role == "roles/telemetry.tracesWriter"
    error_message = "It may write spans, and read none."
  }

  assert {
    condition     = strcontains(google_project_iam_member.store.condition[0].expression, "databases/(default)")
    error_message = "Its grant on Firestore holds for one database."
  }

  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].timeout_seconds == 540 && google_cloudfunctions2_function.this.service_config[0].available_memory == "512Mi" && google_cloudfunctions2_function.this.service_config[0].min_instance_count == 0 && google_cloudfunctions2_function.this.service_config[0].max_instance_count == 3
    error_message = "Time-out, memory and instances are those of its row."
  }

  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].vpc_connector == null
    error_message = "It has no network of its own: docs/decisions/0012."
  }
}

run "a_public_one" {
  command = plan
  module {
    source = "./modules/function"
  }
  variables {
    entry_point = {
      name = "oauth", source = "oauth", trigger = "public", secrets = [], size = { timeout_s = 60, memory = "512Mi", concurrency = 40, min = 1, max = 3 }
    }
  }

  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].ingress_settings == "ALLOW_INTERNAL_AND_GCLB"
    error_message = "It is reached through the load balancer only."
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.caller.member == "allUsers" && length(google_service_account.invokes) == 0
    error_message = "Everybody may call it; it has no invoker."
  }

  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.this.service_config[0].environment_variables), "INVOKER_EMAIL")
    error_message = "It accepts no invoker's token."
  }
}

run "an_unknown_trigger" {
  command = plan
  module {
    source = "./modules/function"
  }
  variables {
    entry_point = {
      name = "oauth", source = "oauth", trigger = "cron", secrets = [], size = { timeout_s = 60, memory = "512Mi", concurrency = 40, min = 0, max = 3 }
    }
  }
  expect_failures = [var.entry_point]
}
