# What is refused before anything is planned.

mock_provider "google" {
  source = "./tests/mocks"
}

run "a_project_number" {
  command = plan
  variables {
    project = "123456789012"
  }
  expect_failures = [var.project]
}

run "a_url_as_domain" {
  command = plan
  variables {
    domain = "https://mail.example.com"
  }
  expect_failures = [var.domain]
}

run "a_client_id_of_another_kind" {
  command = plan
  variables {
    google_client_id = "GOCSPX-this-is-the-secret"
  }
  expect_failures = [var.google_client_id]
}

run "an_origin_with_a_path" {
  command = plan
  variables {
    allowed_origins = ["https://crm.example.com/app"]
  }
  expect_failures = [var.allowed_origins]
}

run "a_connector_without_tls" {
  command = plan
  variables {
    crm = { issuer = "x", jwks_url = "http://crm.example.com/jwks", connector_url = "https://crm.example.com" }
  }
  expect_failures = [var.crm]
}

run "a_missing_bundle" {
  command = plan
  variables {
    bundles = { oauth = { path = "tests/empty.zip", sha256 = "1111" } }
  }
  expect_failures = [var.bundles]
}

run "a_long_prefix" {
  command = plan
  variables {
    prefix = "our-crm-mail"
  }
  expect_failures = [var.prefix]
}

run "nobody_to_tell" {
  command = plan
  variables {
    alert_emails = []
  }
  expect_failures = [var.alert_emails]
}

run "another_python" {
  command = plan
  variables {
    runtime = "python39"
  }
  expect_failures = [var.runtime]
}

run "silence_longer_than_a_query_sees" {
  command = plan
  variables {
    push_silence_hours = 48
  }
  expect_failures = [var.push_silence_hours]
}

run "less_quota_than_one_user_has" {
  command = plan
  variables {
    quota_units_per_minute = 11999
  }
  expect_failures = [var.quota_units_per_minute]
}

run "nothing_left_for_the_work_behind" {
  command = plan
  variables {
    quota_percent_for_people = 91
  }
  expect_failures = [var.quota_percent_for_people]
}
