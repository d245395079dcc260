# Values of a company with its own CRM: copy, and put your own in.
environment        = "production"
domain             = "mail.example.com"
google_client_id   = "222222222222-production.apps.googleusercontent.com"
firestore_location = "eur3"
protect_data       = true
alert_emails       = ["operator@example.com", "on-call@example.com"]
playbooks_url      = "https://git.example.com/crm-gmail/blob/main/docs/playbooks"
push_silence_hours = 1
log_retention_days = 30

crm = {
  issuer        = "https://crm.example.com"
  jwks_url      = "https://crm.example.com/.well-known/jwks.json"
  connector_url = "https://crm.example.com/connector"
}

# The first user of the morning does not wait for a cold start.
instances = {
  oauth = { min = 1 }
  proxy = { min = 1, max = 50 }
}

budget = { billing_account = "000000-000000-000000", amount = 500, currency = "EUR" }

kms_key           = "projects/example-keys/locations/europe-west1/keyRings/crm-gmail/cryptoKeys/data"
firestore_kms_key = "projects/example-keys/locations/europe/keyRings/crm-gmail/cryptoKeys/firestore"
