output "name" {
  description = "Name of the function, and of its Cloud Run service."
  value       = google_cloudfunctions2_function.this.name
}

output "url" {
  description = "Its own address: the audience of its caller's tokens."
  value       = local.url
  depends_on  = [google_cloudfunctions2_function.this]
}

output "member" {
  description = "The account it runs as, as an IAM member."
  value       = local.member
  depends_on  = [google_service_account.runs]
}

output "invoker_email" {
  description = "The account of its one caller; null for a public one."
  value       = local.private ? local.invoker_email : null
  depends_on  = [google_cloud_run_v2_service_iam_member.caller]
}

output "invoker_id" {
  description = "The same, as a resource name; null for a public one."
  value       = local.private ? "projects/${var.place.project}/serviceAccounts/${local.invoker_email}" : null
  depends_on  = [google_service_account.invokes]
}

output "authorization" {
  description = "The Binary Authorization policy that its images must satisfy; null without."
  value       = google_cloudfunctions2_function.this.service_config[0].binary_authorization_policy
}

output "kms_key" {
  description = "The key that its build is encrypted with; null without."
  value       = google_cloudfunctions2_function.this.kms_key_name
}
