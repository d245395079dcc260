# A small system for trying things out: nothing is kept from being deleted.
environment        = "staging"
domain             = "mail-staging.example.com"
google_client_id   = "111111111111-staging.apps.googleusercontent.com"
firestore_location = "europe-west1"
protect_data       = false
alert_emails       = ["operator@example.com"]
log_retention_days = 7
oauth_testing_mode = true

crm = {
  issuer        = "https://crm-staging.example.com"
  jwks_url      = "https://crm-staging.example.com/.well-known/jwks.json"
  connector_url = "https://crm-staging.example.com/connector"
}
