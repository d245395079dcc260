"""The authorization endpoint: who is asked what, and where the answer goes."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.local.gmail.consent_form import FORM, HTTP, click_through, read_form, redirected, submit
from tests.local.gmail.oauth_server import CALLBACK, EMAIL, MODIFY, SEND, Google, running_google


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Google]:
    with running_google(tmp_path_factory.mktemp("oauth") / "clock") as server:
        yield server


def granted(google: Google, answer: dict[str, str]) -> set[str]:
    return set(google.exchange(answer["code"]).json()["scope"].split())


def test_allowing_redirects_to_the_client_with_code_state_and_scope(google: Google) -> None:
    answer = click_through(google.authorization_url(state="a b&c"))

    assert answer["code"].startswith("4/")
    assert answer["state"] == "a b&c"
    assert set(answer["scope"].split()) == {"openid", "email", EMAIL, MODIFY, SEND}


def test_the_page_proposes_the_first_account_unless_a_login_hint_names_another(google: Google) -> None:
    first = read_form(google.authorization_url())
    hinted = read_form(google.authorization_url(login_hint="BOB@lumen.example"))
    unknown = read_form(google.authorization_url(login_hint="nobody@lumen.example"))

    assert first.choices["email"] == ["alice@lumen.example", "bob@lumen.example"]
    assert first.values("email") == ["alice@lumen.example"]
    assert hinted.values("email") == ["bob@lumen.example"]
    assert unknown.values("email") == ["alice@lumen.example"]


def test_the_chosen_account_is_the_one_that_is_connected(google: Google) -> None:
    answer = click_through(google.authorization_url(), email="bob@lumen.example")

    access = google.exchange(answer["code"]).json()["access_token"]
    assert google.server.tokens.authenticate(access).email == "bob@lumen.example"


def test_every_sensitive_scope_has_a_ticked_box_and_the_sign_in_scopes_have_none(google: Google) -> None:
    form = read_form(google.authorization_url())

    assert form.choices["scope"] == [MODIFY, SEND]
    assert form.values("scope") == [MODIFY, SEND]


def test_an_unticked_scope_is_left_out_of_the_grant(google: Google) -> None:
    answer = click_through(google.authorization_url(), unticked=[SEND])

    assert granted(google, answer) == {"openid", EMAIL, MODIFY}


def test_unticking_every_box_leaves_the_sign_in_scopes(google: Google) -> None:
    answer = click_through(google.authorization_url(), unticked=[MODIFY, SEND])

    assert granted(google, answer) == {"openid", EMAIL}


def test_unticking_all_that_was_asked_for_is_a_refusal(google: Google) -> None:
    answer = click_through(google.authorization_url(scope=MODIFY), unticked=[MODIFY])

    assert answer == {"state": "s-1", "error": "access_denied"}


def test_a_client_that_posts_only_account_and_decision_to_the_pages_url_grants_everything(
    google: Google,
) -> None:
    body = urlencode({"email": "alice@lumen.example", "decision": "allow"})
    answer = redirected(
        HTTP.request("POST", google.authorization_url(), body=body, headers=FORM, redirect=False)
    )

    assert granted(google, answer) == {"openid", EMAIL, MODIFY, SEND}


def test_a_box_that_was_never_on_the_page_grants_nothing(google: Google) -> None:
    form = read_form(google.authorization_url(scope=f"openid {MODIFY}"))
    form.fields.append(("scope", "https://mail.google.com/"))

    assert granted(google, submit(form, "allow")) == {"openid", MODIFY}


def test_denying_redirects_with_access_denied_and_no_code(google: Google) -> None:
    answer = submit(read_form(google.authorization_url()), "deny")

    assert answer == {"state": "s-1", "error": "access_denied"}


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"redirect_uri": "http://evil.example/"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": CALLBACK + "/"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": CALLBACK + "?x=1"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": ""}, 400, "redirect_uri_mismatch"),
    ],
)
def test_a_client_or_redirect_that_is_not_registered_is_refused_on_a_page(
    google: Google, changed: dict[str, str], status: int, error: str
) -> None:
    url = google.authorization_url(**changed)
    shown = HTTP.request("GET", url, redirect=False)
    body = urlencode({"email": "alice@lumen.example", "decision": "allow"})
    posted = HTTP.request("POST", url, body=body, headers=FORM, redirect=False)

    assert (shown.status, posted.status) == (status, status)
    assert "Location" not in shown.headers | posted.headers
    assert error in shown.data.decode()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"scope": ""}, "invalid_request"),
        ({"scope": "openid https://www.googleapis.com/auth/gmail.everything"}, "invalid_scope"),
        ({"access_type": "forever"}, "invalid_request"),
        ({"prompt": "none consent"}, "invalid_request"),
        ({"code_challenge": "x", "code_challenge_method": "S512"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
)
def test_other_faults_go_back_to_the_client(google: Google, changed: dict[str, str], error: str) -> None:
    answer = redirected(HTTP.request("GET", google.authorization_url(**changed), redirect=False))

    assert (answer["error"], answer["state"]) == (error, "s-1")


def test_a_parameter_sent_twice_is_refused(google: Google) -> None:
    url = google.authorization_url() + "&redirect_uri=http%3A%2F%2Fevil.example"

    assert HTTP.request("GET", url, redirect=False).status == 400


def test_an_account_that_is_not_seeded_gets_no_code(google: Google) -> None:
    form = read_form(google.authorization_url())
    form.fields = [("email", "mallory@lumen.example") if n == "email" else (n, v) for n, v in form.fields]
    body = urlencode([*form.fields, ("decision", "allow")])

    answer = HTTP.request("POST", form.action, body=body, headers=FORM, redirect=False)
    assert (answer.status, "Location" in answer.headers) == (400, False)


def test_without_a_prompt_only_a_consent_given_before_is_used(tmp_path: Path) -> None:
    with running_google(tmp_path / "clock") as google:
        silent = google.authorization_url(prompt="none", login_hint="alice@lumen.example")
        before = redirected(HTTP.request("GET", silent, redirect=False))
        click_through(google.authorization_url())
        after = redirected(HTTP.request("GET", silent, redirect=False))
        stranger = redirected(HTTP.request("GET", google.authorization_url(prompt="none"), redirect=False))

    assert before["error"] == "interaction_required"
    assert stranger["error"] == "login_required"
    assert after["code"]


def test_the_page_is_plain_accessible_html_and_escapes_what_it_shows(google: Google) -> None:
    hostile = '"><script>alert(1)</script>'
    page = HTTP.request("GET", google.authorization_url(state=hostile, nonce=hostile))
    html = page.data.decode()

    assert "<script" not in html
    assert "Bob &lt;Achterberg&gt;" in html
    assert '<html lang="en">' in html
    assert html.count("<legend>") == html.count("<fieldset>") == 2
    controls = re.findall(r'<input type="(?:radio|checkbox)"', html)
    assert len(controls) == html.count("<label><input")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_the_state_comes_back_unchanged_through_the_form(google: Google) -> None:
    state = "\"'<>&é 日本 %2B+"

    assert click_through(google.authorization_url(state=state))["state"] == state


def test_a_redirect_uri_with_a_query_keeps_it(google: Google) -> None:
    url = google.authorization_url(client_id="other.apps.example", redirect_uri=f"{CALLBACK}?tenant=7")
    answer = submit(read_form(url), "allow")

    assert (answer["tenant"], answer["state"]) == ("7", "s-1")
    assert answer["code"]
