# Cloud Armor: what one address may ask in a minute. No rule looks into bodies: they are mail, which may hold any text.
resource "google_compute_security_policy" "edge" {
  name        = "${var.prefix}-edge"
  description = "Rate limits per address."

  dynamic "rule" {
    for_each = local.rate_rules
    content {
      priority    = rule.value.priority
      description = rule.key
      action      = "throttle"

      match {
        expr {
          expression = rule.value.expression
        }
      }

      rate_limit_options {
        conform_action = "allow"
        exceed_action  = "deny(429)"
        enforce_on_key = "IP"
        rate_limit_threshold {
          count        = rule.value.count
          interval_sec = 60
        }
      }
    }
  }

  rule {
    priority    = 2147483647
    description = "The functions decide about the rest."
    action      = "allow"

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.api]
}

locals {
  rate_rules = {
    # Not all of /oauth/: every record that is opened asks for the mailbox there, and an office may share one address.
    "Connecting" = {
      priority   = 1000
      expression = join(" || ", [for step in ["authorize", "callback", "connections"] : "request.path.startsWith('/oauth/${step}')"])
      count      = var.rate_limits.sign_in
    }
    "Everything" = {
      priority   = 2000
      expression = "true"
      count      = var.rate_limits.all
    }
  }
}
