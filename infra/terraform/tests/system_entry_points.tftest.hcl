# What calls what, as whom, and what each function is told: in every environment. Run with -var-file=environments/….tfvars.

mock_provider "google" {
  source = "./tests/mocks"
}

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

# What every function is told.
run "settings" {
  command = plan

  variables {
    quota_units_per_minute   = 2400000
    quota_percent_for_people = 40
  }

  assert {
    condition     = local.settings.GMAIL_UNITS_PER_MINUTE == tostring(var.quota_units_per_minute) && local.settings.GMAIL_PERCENT_FOR_PEOPLE == tostring(var.quota_percent_for_people)
    error_message = "Each function hands out the same quota: the project's."
  }

  assert {
    condition     = local.settings.EVENTS_DEAD_LETTER_TOPIC == "projects/${var.project}/topics/${google_pubsub_topic.dead_letter["events"].name}"
    error_message = "An event that is given up goes to the topic that keeps it."
  }

  assert {
    condition     = local.settings.OAUTH_TESTING_MODE == tostring(var.oauth_testing_mode) && (var.environment != "production" || !var.oauth_testing_mode)
    error_message = "Health is told whether consents end after seven days; those of production do not."
  }

  assert {
    condition = alltrue([for name, topic in { GMAIL_TOPIC = "gmail", LABEL_TOPIC = "label-mailbox", EVENTS_TOPIC = "events" } :
      local.settings[name] == "projects/${var.project}/topics/${google_pubsub_topic.topic[topic].name}"
    ])
    error_message = "Functions publish to the topics that exist."
  }
}
