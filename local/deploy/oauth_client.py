"""What can be found out of an OAuth client without signing in: whose it is, and whether Google knows it."""

import base64
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Final

GOOGLE: Final = "https://accounts.google.com/o/oauth2/v2/auth"
REFUSALS: Final = {
    "invalid_client": "Google does not know the OAuth client (google_client_id).",
    "deleted_client": "The OAuth client (google_client_id) was deleted.",
    "disabled_client": "The OAuth client (google_client_id) is disabled.",
    "redirect_uri_mismatch": "The OAuth client lacks the authorised redirect URI {}.",
}
"""What Google's page may say at once, and the sentence about it. The words stand in its address or its text."""


@dataclass(frozen=True)
class OAuthClient:
    """`project_number` is the part of the id before its first hyphen."""

    client_id: str
    domain: str

    @property
    def project_number(self) -> str:
        """The number of the project that the client was made in."""
        return self.client_id.partition("-")[0]

    @property
    def redirect_uri(self) -> str:
        """Where Google must be allowed to send the browser back."""
        return f"https://{self.domain}/oauth/callback"

    def refusal(self, authorization_url: str) -> str | None:
        """Which of `REFUSALS` Google's page says to a stranger; None where it says none, or cannot be asked.

        No page of Google's documents this answer, so silence is no proof that all is well.
        """
        asked = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": "openid",
        }
        url = f"{authorization_url}?{urllib.parse.urlencode(asked)}"
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310  Google, or where a test points
                told = answer.url + _decoded(answer.url) + answer.read(200_000).decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            told = error.read(200_000).decode("utf-8", "replace")
        except (OSError, ValueError):
            return None
        return next((word for word in REFUSALS if word in told), None)


def read(settings: Path) -> OAuthClient | None:
    """The client that a tfvars file names, with the domain; None where it lacks one of them."""
    try:
        text = settings.read_text(encoding="utf-8")
    except OSError:
        return None
    client = re.search(r'^\s*google_client_id\s*=\s*"([^"]+)"', text, re.MULTILINE)
    domain = re.search(r'^\s*domain\s*=\s*"([^"]+)"', text, re.MULTILINE)
    return OAuthClient(client[1], domain[1]) if client and domain else None


def _decoded(url: str) -> str:
    """The words in `authError`, which Google packs in base64."""
    packed = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).get("authError", [""])[0]
    try:
        return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-8", "replace")
    except ValueError:
        return ""
