# A tile for each alert (its query without the threshold), then what people ask first.
locals {
  alert_tiles = [for name, alert in local.alerts : {
    title = alert.title
    query = regex("^(.*) [<>] [0-9.]+$", alert.query)[0]
  }]
  other_tiles = [
    {
      title = "Requests by status"
      query = "sum by (status) (rate(${local.events}{${local.ours},event=\"request\"}[5m]))"
    },
    {
      title = "Private calls by entry point and outcome"
      query = "sum by (entry_point, code) (rate(${local.events}{${local.ours},event=\"entry\"}[10m]))"
    },
    {
      title = "Slowest answers (95 of 100 are faster), ms"
      query = "histogram_quantile(0.95, sum by (le, service_name) (rate(run_googleapis_com:request_latencies_bucket{${local.ours},service_name=~\"${var.prefix}-.*\"}[10m])))"
    },
    {
      title = "Instances by function"
      query = "sum by (service_name) (run_googleapis_com:container_instance_count{${local.ours},service_name=~\"${var.prefix}-.*\"})"
    },
    {
      title = "Labeler runs by outcome"
      query = "sum by (outcome) (increase(${local.label_runs["mails"]}_count{${local.ours}}[10m]))"
    },
    {
      title = "Mails whose label a run has changed"
      query = "sum(increase(${local.label_runs["mails"]}_sum{${local.ours}}[10m]))"
    },
    {
      title = "Gmail units that labeler runs have cost"
      query = "sum(increase(${local.label_runs["units"]}_sum{${local.ours}}[10m]))"
    },
    {
      title = "Slowest labeler runs (95 of 100 are faster), ms"
      query = "histogram_quantile(0.95, sum by (le) (increase(${local.label_runs["duration"]}_bucket{${local.ours}}[10m])))"
    },
  ]
  label_runs  = { for key, metric in google_logging_metric.label_runs : key => "logging_googleapis_com:user_${metric.name}" }
  tile_width  = 16
  tile_height = 12
}

resource "google_monitoring_dashboard" "main" {
  dashboard_json = jsonencode({
    displayName = "${var.prefix} ${var.environment}"
    mosaicLayout = {
      columns = 48
      tiles = [for place, tile in concat(local.other_tiles, local.alert_tiles) : {
        xPos   = (place % 3) * local.tile_width
        yPos   = floor(place / 3) * local.tile_height
        width  = local.tile_width
        height = local.tile_height
        widget = {
          title = tile.title
          xyChart = {
            dataSets = [{
              timeSeriesQuery = { prometheusQuery = tile.query }
              plotType        = "LINE"
            }]
          }
        }
      }]
    }
  })

  depends_on = [google_project_service.api]
}
