# What faces the world: in every environment. Run with -var-file=environments/….tfvars.

mock_provider "google" {
  source = "./tests/mocks"
}

# Host, paths, certificate, limits.
run "edge" {
  command = plan

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
    condition = { for rule in google_compute_security_policy.edge.rule : rule.match[0].expr[0].expression => rule.rate_limit_options[0].rate_limit_threshold[0].count if rule.action == "throttle" } == {
      "request.path.startsWith('/oauth/authorize') || request.path.startsWith('/oauth/callback') || request.path.startsWith('/oauth/connections')" = var.rate_limits.sign_in
      "true"                                                                                                                                       = var.rate_limits.all
    }
    error_message = "Only connecting has the smaller limit; the mailbox, which every record asks for, has that of everything."
  }

  assert {
    condition     = google_monitoring_uptime_check_config.front_door.http_check[0].validate_ssl && google_monitoring_uptime_check_config.front_door.monitored_resource[0].labels.host == var.domain
    error_message = "The front door is tried from outside."
  }

  assert {
    condition     = alltrue([for backend in google_compute_backend_service.function : backend.custom_response_headers == toset(["Strict-Transport-Security: max-age=31536000"])])
    error_message = "A browser that was here once comes back over HTTPS only, for a year."
  }
}
