"""What `./dev deploy` finds out of the OAuth client, asked of the OAuth emulator and of an answer in Google's form."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local.deploy.oauth_client import REFUSALS, OAuthClient, read
from tests.contracts.gmail_emulators import Emulator, our_emulator

KNOWN = OAuthClient("7-ours.apps.googleusercontent.com", "mail.acme.example")


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    client = {
        "client_id": KNOWN.client_id,
        "client_secret": "GOCSPX-x",
        "name": "CRM",
        "redirect_uris": [KNOWN.redirect_uri],
    }
    seed = {"users": [{"email": "owner@mail.example"}], "oauth_clients": [client]}
    with our_emulator(seed, tmp_path_factory.mktemp("google")) as emulator:
        yield emulator


def test_a_client_that_is_known_with_its_redirect_is_not_refused(google: Emulator) -> None:
    assert KNOWN.refusal(google.endpoint("authorization_endpoint")) is None


@pytest.mark.parametrize(
    ("client", "refusal"),
    [
        (OAuthClient("8-nobodys.apps.googleusercontent.com", "mail.acme.example"), "invalid_client"),
        (OAuthClient(KNOWN.client_id, "other.acme.example"), "redirect_uri_mismatch"),
    ],
)
def test_a_client_or_redirect_that_google_does_not_know_is_told(
    client: OAuthClient, refusal: str, google: Emulator
) -> None:
    assert client.refusal(google.endpoint("authorization_endpoint")) == refusal


def test_the_answer_in_googles_form_is_read() -> None:
    packed = base64.urlsafe_b64encode(b"\n\x15redirect_uri_mismatch\x12more").decode().rstrip("=")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/error"):
                self.send_response(200)
                self.end_headers()
                return
            self.send_response(302)
            self.send_header("Location", f"/error?authError={packed}")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert KNOWN.refusal(f"http://127.0.0.1:{server.server_port}/auth") == "redirect_uri_mismatch"
    finally:
        server.shutdown()
        server.server_close()


def test_a_page_that_cannot_be_asked_refuses_nothing() -> None:
    assert KNOWN.refusal("http://127.0.0.1:1/") is None


def test_client_and_domain_are_read_from_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "x.tfvars"
    file.write_text(
        'domain = "mail.acme.example"\n  google_client_id   = "7-ours.apps.googleusercontent.com"\n'
    )
    assert read(file) == KNOWN
    assert KNOWN.project_number == "7"
    file.write_text('domain = "mail.acme.example"\n')
    assert read(file) is None
    assert read(tmp_path / "none.tfvars") is None
    assert all("{}" not in sentence.format(KNOWN.redirect_uri) for sentence in REFUSALS.values())
