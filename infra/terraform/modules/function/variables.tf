variable "entry_point" {
  description = "One row of the map of entry points: functions.tf of the root module says what each field means."
  type = object({
    name    = string
    source  = string
    trigger = string
    secrets = list(string)
    size = object({
      timeout_s   = number
      memory      = string
      concurrency = number
      min         = number
      max         = number
    })
  })

  validation {
    condition     = contains(["public", "push", "schedule"], var.entry_point.trigger)
    error_message = "trigger is public, push or schedule."
  }

  validation {
    condition     = var.entry_point.size.min <= var.entry_point.size.max && var.entry_point.size.timeout_s <= 3600
    error_message = "min is at most max, and a function may run for an hour at most."
  }
}

variable "place" {
  description = "Where the function is, and the database it uses."
  type = object({
    project        = string
    project_number = string
    region         = string
    prefix         = string
    database       = string
  })
}

variable "build" {
  description = "What it is built from and with, and what must exist before."
  type = object({
    runtime           = string
    bucket            = string
    object            = string
    repository        = string
    builder           = string
    kms_key           = optional(string)
    authorization     = optional(string)
    needs_before_it   = list(string)
    secrets_before_it = list(string)
  })
}

variable "settings" {
  description = "The environment that all entry points share; an empty value is left out."
  type        = map(string)
}
