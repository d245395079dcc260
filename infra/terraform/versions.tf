# State: without a backend block it lies in this folder, in a workspace for each project, as `./dev deploy` selects it.
# For a team copy backend.tf.example to backend.tf.
terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "6.50.0"
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region

  # Calls are counted against, and permitted by, this project also where a person's own credentials are used.
  billing_project       = var.project
  user_project_override = true

  default_labels = {
    application = var.prefix
    environment = var.environment
  }
}

data "google_project" "this" {
  project_id = var.project
}
