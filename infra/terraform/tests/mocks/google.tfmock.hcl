# What Google would answer about the tested project.

mock_data "google_project" {
  defaults = { number = "123456789012" }
}

mock_data "google_logging_project_cmek_settings" {
  defaults = { service_account_id = "cmek-p123456789012@gcp-sa-logging.iam.gserviceaccount.com" }
}
