# What must hold in every environment: run with -var-file=environments/….tfvars.

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
  mock_data "google_logging_project_cmek_settings" {
    defaults = { service_account_id = "cmek-p123456789012@gcp-sa-logging.iam.gserviceaccount.com" }
  }
}

variables {
  project = "tested-project"
  region  = "europe-west1"
  bundles = {
    oauth   = { path = "tests/empty.zip", sha256 = "1111" }
    proxy   = { path = "tests/empty.zip", sha256 = "2222" }
    notify  = { path = "tests/empty.zip", sha256 = "3333" }
    labeler = { path = "tests/empty.zip", sha256 = "4444" }
  }
}

# What calls what, and as whom.
run "entry_points" {
  command = plan

  assert {
    condition = toset(keys(local.entry_points)) == toset([
      "oauth", "proxy", "notify", "labeler", "on_gmail_push", "renew_watches", "recount", "deliver_event", "tick",
      "label_mailbox",
    ])
    error_message = "There is one function for each entry point of the contract."
  }

  assert {
    condition     = length(distinct([for function in module.function : function.member])) == length(local.entry_points)
    error_message = "Each function runs as an account of its own."
  }

  assert {
    condition     = length(distinct(compact([for function in module.function : function.invoker_email]))) == 6
    error_message = "Each private entry point has an invoker account of its own."
  }

  assert {
    condition     = alltrue([for name, function in module.function : (function.invoker_email == null) == contains(["oauth", "proxy", "notify", "labeler"], name)])
    error_message = "Only the four functions of the contract are public."
  }

  assert {
    condition     = alltrue([for name, bundle in google_storage_bucket_object.bundle : bundle.name == "${name}/${var.bundles[name].sha256}.zip"])
    error_message = "A bundle's object name carries its checksum."
  }

  assert {
    condition     = google_storage_bucket.bundles.public_access_prevention == "enforced" && google_storage_bucket.bundles.uniform_bucket_level_access
    error_message = "Nobody else reads the bundles."
  }

  assert {
    condition     = google_pubsub_topic_iam_member.gmail_publishes.member == "serviceAccount:gmail-api-push@system.gserviceaccount.com" && google_pubsub_topic_iam_member.gmail_publishes.topic == google_pubsub_topic.topic["gmail"].name
    error_message = "Gmail publishes to its topic."
  }

  assert {
    condition     = toset([for topic in local.topics : topic.entry_point]) == toset([for name, each in local.entry_points : name if each.trigger == "push"])
    error_message = "Each entry point that takes pushes has a subscription, and no other."
  }

  assert {
    condition = alltrue([for name, push in google_pubsub_subscription.push :
      push.push_config[0].push_endpoint == module.function[local.topics[name].entry_point].url
      && push.push_config[0].oidc_token[0].audience == push.push_config[0].push_endpoint
      && push.push_config[0].oidc_token[0].service_account_email == module.function[local.topics[name].entry_point].invoker_email
    ])
    error_message = "A push carries the token of its entry point's invoker, made for that entry point."
  }

  assert {
    condition = alltrue([for name, push in google_pubsub_subscription.push :
      push.ack_deadline_seconds > local.entry_points[local.topics[name].entry_point].size.timeout_s
    ])
    error_message = "Pub/Sub waits longer than the function works."
  }

  assert {
    condition = alltrue([for name, push in google_pubsub_subscription.push :
      (name == "events" ? length(push.dead_letter_policy) == 0 : push.dead_letter_policy[0].max_delivery_attempts >= 10)
      && push.retry_policy[0].minimum_backoff == "10s"
      && push.retry_policy[0].maximum_backoff == "600s"
      && push.message_retention_duration == "604800s"
      && push.expiration_policy[0].ttl == ""
    ])
    error_message = "A push is tried again with backoff for a week, then kept among the dead letters; no subscription expires."
  }

  assert {
    condition     = google_pubsub_topic_iam_member.events_are_given_up.topic == google_pubsub_topic.dead_letter["events"].name
    error_message = "An event that is refused for days is put among the dead letters by its entry point."
  }

  assert {
    condition     = alltrue([for dead in google_pubsub_subscription.dead_letter : dead.expiration_policy[0].ttl == "" && dead.message_retention_duration == "604800s"])
    error_message = "Dead letters are kept for a week."
  }

  assert {
    condition     = toset(keys(google_cloud_scheduler_job.job)) == toset([for name, each in local.entry_points : name if each.trigger == "schedule"])
    error_message = "Each scheduled entry point has a job, and no other."
  }

  assert {
    condition = alltrue([for name, job in google_cloud_scheduler_job.job :
      tonumber(trimsuffix(job.attempt_deadline, "s")) > local.entry_points[name].size.timeout_s
      && tonumber(trimsuffix(job.attempt_deadline, "s")) <= 1800
    ])
    error_message = "Cloud Scheduler waits longer than the function works, and no longer than it may."
  }

  assert {
    condition     = google_cloud_scheduler_job.job["tick"].schedule == "*/10 * * * *" && local.entry_points["tick"].size.timeout_s < 600
    error_message = "A tick ends before the next begins."
  }

  assert {
    condition = alltrue([for name, job in google_cloud_scheduler_job.job :
      job.http_target[0].uri == module.function[name].url
      && job.http_target[0].oidc_token[0].audience == module.function[name].url
      && job.http_target[0].oidc_token[0].service_account_email == module.function[name].invoker_email
      && job.time_zone == "Etc/UTC"
      && job.retry_config[0].retry_count > 0
    ])
    error_message = "A job calls its entry point as its invoker, in UTC, and tries again."
  }
}

# What is kept, what faces the world, who is told.
run "store_edge_and_watching" {
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
    condition = toset(flatten([for rule in google_compute_url_map.edge.path_matcher[0].path_rule : rule.paths])) == toset([
      "/oauth/*", "/proxy/*", "/notify/*", "/labeler/*",
    ])
    error_message = "The paths are those of the contract."
  }

  assert {
    condition     = toset(flatten([for rule in google_compute_url_map.edge.host_rule : rule.hosts])) == toset([var.domain])
    error_message = "The load balancer answers for one host."
  }

  assert {
    condition     = google_compute_ssl_policy.edge.min_tls_version == "TLS_1_2" && google_compute_ssl_policy.edge.profile == "MODERN"
    error_message = "TLS is 1.2 or newer."
  }

  assert {
    condition     = google_compute_url_map.to_https.default_url_redirect[0].https_redirect && google_compute_url_map.to_https.default_url_redirect[0].strip_query
    error_message = "Plain HTTP leads to HTTPS and repeats no query."
  }

  assert {
    condition     = length([for rule in google_compute_security_policy.edge.rule : rule if rule.action == "throttle"]) == 2 && alltrue([for rule in google_compute_security_policy.edge.rule : rule.rate_limit_options[0].exceed_action == "deny(429)" if rule.action == "throttle"])
    error_message = "One address can ask only so much."
  }

  assert {
    condition     = alltrue([for name, group in google_compute_region_network_endpoint_group.function : group.network_endpoint_type == "SERVERLESS" && group.cloud_run[0].service == module.function[name].name])
    error_message = "Each public function is behind the load balancer."
  }

  assert {
    condition     = alltrue([for name, alert in google_monitoring_alert_policy.alert : strcontains(alert.documentation[0].content, "${var.playbooks_url}/${replace(name, "_", "-")}.md") && length(alert.documentation[0].links) == (startswith(var.playbooks_url, "https://") ? 1 : 0)])
    error_message = "Each alert leads to its playbook."
  }

  assert {
    condition     = length(google_monitoring_notification_channel.email) == length(var.alert_emails) && length(var.alert_emails) > 0
    error_message = "Somebody is told."
  }

  assert {
    condition     = alltrue([for name in ["tick_late", "push_silence", "watch_renewal_late", "recount_late"] : strcontains(google_monitoring_alert_policy.alert[name].conditions[0].condition_prometheus_query_language[0].query, "or vector(0)")])
    error_message = "An alert on progress also fires where there is no series at all."
  }

  assert {
    condition     = length(google_billing_budget.monthly) == (var.budget == null ? 0 : 1) && (var.environment != "production" || var.budget != null)
    error_message = "Production has a budget."
  }

  assert {
    condition     = google_logging_project_bucket_config.functions.retention_days == var.log_retention_days && var.log_retention_days <= 90
    error_message = "Logs are kept for a stated time."
  }

  assert {
    condition     = strcontains(google_logging_project_sink.functions.exclusions[0].filter, "requestUrl:\"?\"") && strcontains(google_logging_project_exclusion.requests_with_a_query.filter, "http_load_balancer")
    error_message = "No URL with a query is kept: it may hold an authorization code or search words."
  }

  assert {
    condition     = length(jsondecode(google_monitoring_dashboard.main.dashboard_json).mosaicLayout.tiles) == length(local.alerts) + length(local.other_tiles)
    error_message = "The dashboard has a tile for each alert."
  }
}

# Where things lie, when they end, and that nothing is left out.
run "places_and_ends" {
  command = plan

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
    condition     = google_compute_managed_ssl_certificate.edge.managed[0].domains == tolist([var.domain])
    error_message = "The certificate is for the one host."
  }

  assert {
    condition     = google_compute_global_forwarding_rule.https.port_range == "443" && google_compute_global_forwarding_rule.http.port_range == "80"
    error_message = "HTTPS is served, and HTTP leads there."
  }

  assert {
    condition     = toset(keys(google_compute_backend_service.function)) == toset(keys(local.public)) && alltrue([for backend in google_compute_backend_service.function : backend.protocol == "HTTPS" && backend.load_balancing_scheme == "EXTERNAL_MANAGED"])
    error_message = "There is one backend for each public function, and none for a private one."
  }

  assert {
    condition     = toset([for rule in google_compute_security_policy.edge.rule : rule.rate_limit_options[0].rate_limit_threshold[0].count if rule.action == "throttle"]) == toset([var.rate_limits.sign_in, var.rate_limits.all])
    error_message = "The limits are those of the settings."
  }

  assert {
    condition     = toset(keys(google_logging_metric.events.label_extractors)) == toset(["event", "entry_point", "status", "code"])
    error_message = "The log metric tells events apart by what alerts ask for, and by nothing about a person."
  }

  assert {
    condition     = strcontains(google_logging_metric.events.filter, var.prefix) && google_logging_project_exclusion.kept_elsewhere.filter == local.our_logs
    error_message = "Our lines are counted, and kept once."
  }

  assert {
    condition = length(setsubtract([
      "tick_late", "push_silence", "watch_expiring", "token_failures", "dead_letters", "server_errors", "gmail_quota",
    ], keys(google_monitoring_alert_policy.alert))) == 0
    error_message = "There is an alert for each way in which the system stops."
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["gmail_quota"].conditions[0].condition_prometheus_query_language[0].query, "/ ${var.quota_units_per_minute} > 0.7")
    error_message = "The quota alert speaks at 70 %."
  }

  assert {
    condition     = alltrue([for budget in google_billing_budget.monthly : length(budget.threshold_rules) == 3 && budget.amount[0].specified_amount[0].units == tostring(var.budget.amount)])
    error_message = "The budget tells before the money is spent."
  }

  assert {
    condition     = google_monitoring_uptime_check_config.front_door.http_check[0].validate_ssl && google_monitoring_uptime_check_config.front_door.monitored_resource[0].labels.host == var.domain
    error_message = "The front door is tried from outside."
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
}
