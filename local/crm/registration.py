"""What a CRM does once when it is connected to the mail system: puts its organisation's policy there.

The demo CRM does it over HTTP at its start, as an administrator of its own; until then it is not ready. What is in
place already (an administrator has changed it) stays.
"""

import json
import threading
from collections.abc import Callable
from typing import Any, Final

import urllib3

from local.crm.models import Organisation

RETRY_S: Final = 0.3


class Registration:
    """Registers in the background. `token` gives a CRM token with the permission `mail_admin`."""

    def __init__(
        self,
        public_url: str,
        organisation: Organisation,
        token: Callable[[], str],
        with_webhook: bool = False,
    ) -> None:
        """`with_webhook`: events are wanted at this CRM's own `/crm/webhook`."""
        self._url = f"{public_url.rstrip('/')}/oauth/org"
        self._webhook = {"url": f"{public_url.rstrip('/')}/crm/webhook"} if with_webhook else None
        self._organisation = organisation
        self._token = token
        self._done = threading.Event()
        self._stop = threading.Event()
        self._http = urllib3.PoolManager(retries=False, timeout=10.0)

    @property
    def done(self) -> bool:
        """Whether the policy is in place."""
        return self._done.is_set()

    def start(self) -> None:
        """Tries until it is done, on a thread of its own."""
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Ends the trying."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._register():
                self._done.set()
                return
            self._stop.wait(RETRY_S)

    def _register(self) -> bool:
        try:
            headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
            answer = self._http.request("GET", self._url, headers=headers)
            if answer.status != 200:
                return False
            policy: dict[str, Any] = json.loads(answer.data)
            if not self._is_untouched(policy):
                return True
            policy["time_zone"] = self._organisation.time_zone
            policy["excluded_domains"] = list(self._organisation.domains)
            if self._webhook is not None:
                policy["webhook"] = self._webhook
            answer = self._http.request("PUT", self._url, headers=headers, body=json.dumps(policy).encode())
        except (urllib3.exceptions.HTTPError, OSError, ValueError):
            return False
        return answer.status == 200

    def _is_untouched(self, policy: dict[str, Any]) -> bool:
        return policy.get("time_zone") == "UTC" and not policy.get("excluded_domains")
