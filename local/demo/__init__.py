"""The demo data set: an invented organisation, its contacts and deals, and the mail of its five users."""
