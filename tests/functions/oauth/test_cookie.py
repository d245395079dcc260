"""The one cookie: it ties a connect to the browser that began it."""

from functions.oauth.routes import _cookie


def test_the_cookie_of_a_connect_is_bound_to_this_host_and_to_https() -> None:
    name, *attributes = _cookie("https://mail.example.com", "value").split("; ")
    assert name == "__Host-crm-gmail-connect=value"
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=600", "Secure"}


def test_a_local_trial_without_https_has_a_cookie_that_it_can_keep() -> None:
    attributes = _cookie("http://localhost:8080", "value").split("; ")
    assert "Secure" not in attributes
    assert "HttpOnly" in attributes
    assert not attributes[0].startswith("__Host-")
