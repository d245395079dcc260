locals {
  # Entry point -> when it runs, how long Cloud Scheduler waits for its answer, and how often it asks again.
  # A job is harmless twice: what it does is a lease or a comparison. All are in UTC; the functions know each
  # organisation's own zone.
  schedules = {
    tick = { cron = "*/10 * * * *", deadline_s = 330, retries = 1 }
    # Each hour renews the watches of its own mailboxes, so that each is renewed once a day.
    renew_watches = { cron = "10 * * * *", deadline_s = 1800, retries = 3 }
    recount       = { cron = "40 2 * * *", deadline_s = 1800, retries = 3 }
  }
}

resource "google_cloud_scheduler_job" "job" {
  for_each = local.schedules

  name             = "${var.prefix}-${replace(each.key, "_", "-")}"
  description      = "Runs ${each.key}."
  region           = var.region
  schedule         = each.value.cron
  time_zone        = "Etc/UTC"
  attempt_deadline = "${each.value.deadline_s}s"

  retry_config {
    retry_count          = each.value.retries
    min_backoff_duration = "30s"
    max_backoff_duration = "300s"
    max_doublings        = 3
  }

  http_target {
    http_method = "POST"
    uri         = module.function[each.key].url
    oidc_token {
      service_account_email = module.function[each.key].invoker_email
      audience              = module.function[each.key].url
    }
  }
}
