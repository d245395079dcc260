# Where it runs. One project per environment: names and identities are not told apart within a project.

variable "project" {
  description = "The Google Cloud project's id."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project is a project id such as my-company-crm-gmail, not its number or name."
  }
}

variable "region" {
  description = "Region of functions, topics and schedules, such as europe-west1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a Google Cloud region such as europe-west1."
  }
}

variable "environment" {
  description = "staging or production; a label on everything, and shown in alerts."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,20}$", var.environment))
    error_message = "environment is a short lower-case word."
  }
}

variable "prefix" {
  description = "Begins the name of every resource."
  type        = string
  default     = "crm-gmail"

  validation {
    # Account ids have 30 characters at most: PREFIX-invoke-on-gmail-push.
    condition     = can(regex("^[a-z][a-z0-9-]{0,8}$", var.prefix))
    error_message = "prefix has 1 to 9 characters: lower-case letters, digits, hyphens."
  }
}

# What the functions must know.

variable "domain" {
  description = "Host name of the system, such as mail.example.com; its DNS must point to the output ip_address."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain is a host name without scheme or path."
  }
}

variable "google_client_id" {
  description = "The OAuth client of type Web application: ends in .apps.googleusercontent.com. Not a secret."
  type        = string

  validation {
    condition     = endswith(var.google_client_id, ".apps.googleusercontent.com")
    error_message = "google_client_id ends in .apps.googleusercontent.com."
  }
}

variable "crm" {
  description = "The CRM: the issuer of its tokens, where its keys are, and where its connector routes begin."
  type = object({
    issuer        = string
    jwks_url      = string
    connector_url = string
  })

  validation {
    condition     = alltrue([for url in [var.crm.jwks_url, var.crm.connector_url] : startswith(url, "https://")])
    error_message = "jwks_url and connector_url begin with https://."
  }
}

variable "allowed_origins" {
  description = "Web origins that every organisation accepts, beside those its own policy names."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.allowed_origins : can(regex("^https://[^/,]+$", origin))])
    error_message = "An origin is https://host, without a path."
  }
}

variable "allowed_return_urls" {
  description = "Pages, by their exact URL, that may take a connect's ticket in every organisation, beside those its policy names."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for url in var.allowed_return_urls : can(regex("^https://[^/,#]+/[^,#]*$", url))])
    error_message = "A return URL is https://host/path, without a fragment."
  }
}

variable "oauth_testing_mode" {
  description = "Whether Google's consent screen is still in testing, where every consent ends after seven days: health and webhook then warn of it."
  type        = bool
  default     = false
}

variable "notice_retention_days" {
  description = "How long MailMagnet's notices are kept."
  type        = number
  default     = 90
}

# What it runs on.

variable "bundles" {
  description = "The zip of each function, as `./dev deploy` builds them: path on this machine and SHA-256 in hex."
  type        = map(object({ path = string, sha256 = string }))

  validation {
    condition     = toset(keys(var.bundles)) == toset(["oauth", "proxy", "notify", "labeler"])
    error_message = "There is one bundle each for oauth, proxy, notify and labeler."
  }
}

variable "runtime" {
  description = "Python of the functions."
  type        = string
  default     = "python313"

  validation {
    condition     = contains(["python311", "python313"], var.runtime)
    error_message = "The functions are tested on python311 and python313."
  }
}

variable "instances" {
  description = "Fewest and most instances of an entry point, where they differ from functions.tf."
  type        = map(object({ min = optional(number), max = optional(number) }))
  default     = {}
}

variable "firestore_location" {
  description = "Region or multi-region of the database (eur3, nam5, europe-west1). It can never be changed."
  type        = string
}

variable "protect_data" {
  description = "Whether Firestore and the secrets refuse to be deleted. Turn it off, apply, then destroy to lose everything."
  type        = bool
  default     = true
}

# Edge.

variable "rate_limits" {
  description = "Requests a minute from one address: for connecting (/oauth/authorize, /oauth/callback, /oauth/connections), and for everything else. A whole office may share one address."
  type        = object({ sign_in = number, all = number })
  default     = { sign_in = 300, all = 3000 }
}

# Watching.

variable "alert_emails" {
  description = "Who is told. At least one address."
  type        = set(string)

  validation {
    condition     = length(var.alert_emails) > 0
    error_message = "Somebody must be told when something stops."
  }
}

variable "playbooks_url" {
  description = "Where docs/playbooks of the deployed version can be read; alerts link to it."
  type        = string
  default     = "docs/playbooks"
}

variable "quota_percent_for_people" {
  description = "Percent of Gmail's units that only calls with somebody waiting may use."
  type        = number
  default     = 25

  validation {
    condition     = var.quota_percent_for_people >= 0 && var.quota_percent_for_people <= 90
    error_message = "quota_percent_for_people is from 0 to 90."
  }
}

variable "quota_units_per_minute" {
  description = "Gmail's limit for the project: 1,200,000 for projects made since 2026-05-01."
  type        = number
  default     = 1200000

  validation {
    condition     = var.quota_units_per_minute >= 12000
    error_message = "quota_units_per_minute is at least 12000: with less, a page of 25 threads would never get its units."
  }
}

variable "push_silence_hours" {
  description = "Hours without any push of Gmail's after which an alert is raised. Each daily renewal of a watch brings one, so 24 is safe for the smallest installation; a larger one should say 1."
  type        = number
  default     = 24

  validation {
    condition     = var.push_silence_hours >= 1 && var.push_silence_hours <= 24
    error_message = "push_silence_hours lies between 1 and 24."
  }
}

variable "budget" {
  description = "Monthly cost of the project that should not be passed unnoticed. Without it there is no budget."
  type        = object({ billing_account = string, amount = number, currency = string })
  default     = null
}

variable "traces" {
  description = "Whether requests that Google samples leave spans in Cloud Trace: ids, hosts and durations."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "How long the functions' logs are kept. They hold ids only."
  type        = number
  default     = 30
}

# Options.

variable "kms_key" {
  description = "A Cloud KMS key (projects/…/cryptoKeys/…, in the region) that encrypts what is at rest; Google's own without it."
  type        = string
  default     = null
}

variable "firestore_kms_key" {
  description = "The key for Firestore: in its own location, which differs from the region for eur3 and nam5."
  type        = string
  default     = null
}

variable "binary_authorization_policy" {
  description = "A Binary Authorization policy (projects/…/platforms/cloudRun/policies/…) that the functions' images must satisfy."
  type        = string
  default     = null
}
