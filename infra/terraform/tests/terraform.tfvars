# The tested project, in every test file that does not say otherwise.

project = "tested-project"
region  = "europe-west1"
bundles = {
  oauth   = { path = "tests/empty.zip", sha256 = "1111" }
  proxy   = { path = "tests/empty.zip", sha256 = "2222" }
  notify  = { path = "tests/empty.zip", sha256 = "3333" }
  labeler = { path = "tests/empty.zip", sha256 = "4444" }
}
