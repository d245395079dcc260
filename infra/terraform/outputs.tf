output "ip_address" {
  description = "The DNS record (type A) of `domain` must hold it."
  value       = google_compute_global_address.edge.address
}

output "urls" {
  description = "What to paste where."
  value = {
    "Google's OAuth client: authorised redirect URI" = "${local.public_url}/oauth/callback"
    "CRM: address of the system"                     = local.public_url
  }
}

output "public_url" {
  description = "Where the system is."
  value       = local.public_url
}

output "crm_issuer" {
  description = "Who signs the CRM's tokens, for the smoke test."
  value       = var.crm.issuer
}

output "log_bucket" {
  description = "Where the functions' logs are kept."
  value       = google_logging_project_bucket_config.functions.bucket_id
}

output "functions" {
  description = "Name of each function by entry point."
  value       = { for name, function in module.function : name => function.name }
}

output "secrets" {
  description = "Secrets by purpose; each needs a version."
  value       = local.secret_names
}

output "push_topic" {
  description = "Gmail's topic, for the smoke test."
  value       = google_pubsub_topic.topic["gmail"].id
}

output "bundles" {
  description = "The bundle that runs, by function: keep it for a rollback."
  value       = { for name, bundle in google_storage_bucket_object.bundle : name => bundle.name }
}

output "kept_by_destroy" {
  description = "What `terraform destroy` leaves: what is somebody's data, and what Google makes or keeps by itself."
  value = concat(
    var.protect_data ? [
      "Firestore database (default): forgotten by Terraform, not deleted. Its TTL rules go, so that what has an end stays until the next deploy",
      "secrets ${join(", ", values(local.secret_names))}: the destroy stops at each with an error",
    ] : [],
    [
      "buckets gcf-v2-sources-${data.google_project.this.number}-${var.region} and gcf-v2-uploads-…: the product's own zips, kept by Cloud Functions; delete them by hand",
      "log bucket ${google_logging_project_bucket_config.functions.bucket_id}: deleted by Google seven days later; a deploy before that needs `gcloud logging buckets undelete`",
      "APIs: stay on",
    ],
  )
}
