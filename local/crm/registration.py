"""What a CRM does once when it is connected to the mail system: puts its organisation's policy there.

The demo CRM does it over HTTP at its start, as an administrator of its own; until then it is not ready. What is in
place already (an administrator has changed it) stays, but for a webhook of this CRM at another port of this machine:
nobody listens there any more.
"""

import json
import re
import threading
from collections.abc import Callable
from typing import Any, Final

import urllib3

from local.crm.models import Organisation

RETRY_S: Final = 0.3
# 401 and 404: the keys or the function are not there yet. 429: too many at once.
_PASSING: Final = frozenset({401, 404, 429})
_OWN_WEBHOOK: Final = re.compile(r"http://localhost(:\d+)?/crm/webhook")


class Refused(Exception):
    """The mail system takes neither this policy nor this caller, and will not later; `str` says why."""


class Registration:
    """Registers in the background. `token` gives a CRM token with the permission `mail_admin`."""

    def __init__(
        self,
        public_url: str,
        organisation: Organisation,
        token: Callable[[], str],
        give_up: Callable[[str], None],
        with_webhook: bool = False,
    ) -> None:
        """`give_up` gets a sentence where trying again is in vain.

        `with_webhook`: events are wanted at this CRM's own `/crm/webhook`.
        """
        self._url = f"{public_url.rstrip('/')}/oauth/org"
        self._webhook = {"url": f"{public_url.rstrip('/')}/crm/webhook"} if with_webhook else None
        self._organisation = organisation
        self._token = token
        self._give_up = give_up
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
        try:
            while not self._stop.is_set():
                if self._register():
                    self._done.set()
                    return
                self._stop.wait(RETRY_S)
        except Refused as refused:
            self._give_up(f"The organisation's policy is refused: {refused}")

    def _register(self) -> bool:
        try:
            policy = self._ask("GET")
            if policy is None:
                return False
            wanted = self._wanted(policy)
            return wanted == policy or self._ask("PUT", wanted) is not None
        except (urllib3.exceptions.HTTPError, OSError, ValueError):
            return False

    def _ask(self, method: str, policy: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """The policy that is in place then, None where this may work later. Raises Refused."""
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
        body = None if policy is None else json.dumps(policy).encode()
        answer = self._http.request(method, self._url, headers=headers, body=body)
        if 400 <= answer.status < 500 and answer.status not in _PASSING:
            raise Refused(_reason(answer.status, answer.data))
        if answer.status != 200:
            return None
        found: dict[str, Any] = json.loads(answer.data)
        return found

    def _wanted(self, policy: dict[str, Any]) -> dict[str, Any]:
        wanted = dict(policy)
        untouched = policy.get("time_zone") == "UTC" and not policy.get("excluded_domains")
        if untouched:
            wanted["time_zone"] = self._organisation.time_zone
            wanted["excluded_domains"] = list(self._organisation.domains)
        if self._webhook is not None and (untouched or _is_of_a_demo_crm(policy.get("webhook"))):
            wanted["webhook"] = self._webhook
        return wanted


def _is_of_a_demo_crm(webhook: object) -> bool:
    url = webhook.get("url") if isinstance(webhook, dict) else None
    return isinstance(url, str) and _OWN_WEBHOOK.fullmatch(url) is not None


def _reason(status: int, body: bytes) -> str:
    """The `detail` of a problem (RFC 9457), or the status where the answer is none."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    detail = problem.get("detail") if isinstance(problem, dict) else None
    return str(detail) if detail else f"status {status}."
