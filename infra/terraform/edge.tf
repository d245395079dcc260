# One HTTPS load balancer in front of the four public functions: the paths are those of the contract.
locals {
  public = { for name, entry_point in local.entry_points : name => entry_point if entry_point.trigger == "public" }
}

resource "google_compute_global_address" "edge" {
  name = "${var.prefix}-edge"

  depends_on = [google_project_service.api]
}

resource "google_compute_region_network_endpoint_group" "function" {
  for_each = local.public

  name                  = "${var.prefix}-${each.key}"
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = module.function[each.key].name
  }
}

resource "google_compute_backend_service" "function" {
  for_each = local.public

  name                  = "${var.prefix}-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.edge.id
  # Here, where HTTPS ends, and not in the functions: on one machine they answer over plain HTTP.
  custom_response_headers = ["Strict-Transport-Security: max-age=31536000"]

  backend {
    group = google_compute_region_network_endpoint_group.function[each.key].id
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_url_map" "edge" {
  name = "${var.prefix}-edge"
  # Any other host or path: oauth answers it as it answers every path it does not know, 404 in problem JSON.
  default_service = google_compute_backend_service.function["oauth"].id

  host_rule {
    hosts        = [var.domain]
    path_matcher = "contract"
  }

  path_matcher {
    name            = "contract"
    default_service = google_compute_backend_service.function["oauth"].id

    dynamic "path_rule" {
      for_each = local.public
      content {
        paths   = ["/${path_rule.key}/*"]
        service = google_compute_backend_service.function[path_rule.key].id
      }
    }
  }
}

resource "google_compute_managed_ssl_certificate" "edge" {
  name = "${var.prefix}-${substr(sha256(var.domain), 0, 8)}"

  managed {
    domains = [var.domain]
  }

  # Another domain is another certificate; the old one is in use until the new one is.
  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_project_service.api]
}

resource "google_compute_ssl_policy" "edge" {
  name            = "${var.prefix}-edge"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.api]
}

resource "google_compute_target_https_proxy" "edge" {
  name             = "${var.prefix}-edge"
  url_map          = google_compute_url_map.edge.id
  ssl_certificates = [google_compute_managed_ssl_certificate.edge.id]
  ssl_policy       = google_compute_ssl_policy.edge.id
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "${var.prefix}-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.edge.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.edge.id
}

# Plain HTTP only says where HTTPS is.
resource "google_compute_url_map" "to_https" {
  name = "${var.prefix}-to-https"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "PERMANENT_REDIRECT"
    strip_query            = true
  }

  depends_on = [google_project_service.api]
}

resource "google_compute_target_http_proxy" "to_https" {
  name    = "${var.prefix}-to-https"
  url_map = google_compute_url_map.to_https.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "${var.prefix}-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.edge.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.to_https.id
}
