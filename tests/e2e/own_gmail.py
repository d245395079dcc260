"""A seller's own hands in Gmail: another mail program that they have allowed, which knows nothing of the product."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from tests.e2e.driver import TIMEOUT_S, Driver

CLIENT = {"client_id": "tests.apps.googleusercontent.com", "client_secret": "a-secret-of-the-tests"}
BACK_TO = "http://localhost:1/elsewhere"
MODIFY = "https://www.googleapis.com/auth/gmail.modify"


@dataclass(frozen=True)
class OwnGmail:
    """One account at Gmail's API. `token` is of the other program's."""

    root: str
    token: str

    @classmethod
    def sign_in(cls, stack: Driver, email: str) -> "OwnGmail":
        """The person allows the other program everything it asks for."""
        gateway = json.loads((stack.logs.parent / "gateway.json").read_text(encoding="utf-8"))
        root = f"http://127.0.0.1:{gateway['gmail_port']}"
        asked = {"client_id": CLIENT["client_id"], "redirect_uri": BACK_TO, "response_type": "code"}
        url = f"{root}/o/oauth2/v2/auth?" + urlencode({**asked, "scope": MODIFY, "state": "s"})
        allowed = {"email": email, "decision": "allow"}
        back = requests.post(url, data=allowed, allow_redirects=False, timeout=TIMEOUT_S)
        code = parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]
        exchange = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK_TO, **CLIENT}
        answer = requests.post(f"{root}/token", data=exchange, timeout=TIMEOUT_S)
        return cls(root, str(answer.json()["access_token"]))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of Gmail's API below users/me; its JSON. Fails the test where Gmail refuses."""
        answer = requests.request(
            method,
            f"{self.root}/gmail/v1/users/me/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=TIMEOUT_S,
        )
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def labels(self) -> dict[str, dict[str, Any]]:
        """The person's own labels by name, those of the product among them."""
        rows = self.call("GET", "labels")["labels"]
        return {row["name"]: row for row in rows if row["type"] == "user"}

    def labels_of(self, message: str) -> set[str]:
        """Names of the labels on a message; system labels by their ids."""
        names = {row["id"]: name for name, row in self.labels().items()}
        row = self.call("GET", f"messages/{message}?format=minimal")
        return {names.get(label, label) for label in row.get("labelIds", [])}

    def modify(self, message: str, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
        """Puts labels on a message and takes others off, by name or system id."""
        ids = {name: row["id"] for name, row in self.labels().items()}
        change = {
            "addLabelIds": [ids.get(name, name) for name in add],
            "removeLabelIds": [ids.get(name, name) for name in remove],
        }
        self.call("POST", f"messages/{message}/modify", change)

    def delete_label(self, name: str) -> None:
        """Deletes a label; mail that carried it stays."""
        self.call("DELETE", f"labels/{self.labels()[name]['id']}")
