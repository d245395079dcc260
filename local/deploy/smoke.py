"""Asks the deployed system a few questions whose answers tell that its parts work together."""

import base64
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from local.deploy.programs import Answer, Programs

_PUSH_S: Final = 120.0
_POLL_S: Final = 5.0
NOBODY: Final = "smoke-test@crm-gmail.invalid"


@dataclass(frozen=True)
class Outcome:
    """One question: what was asked, whether the answer was right, and what it was."""

    question: str
    passed: bool
    told: str


def ask_public(url: str, issuer: str) -> list[Outcome]:
    """Each public function, without a token and with a forged one; and a path that is none."""
    forged = {"Authorization": f"Bearer {forged_token(issuer)}"}
    paths = ("/oauth/mailbox", "/proxy/aliases", "/notify/notices", "/labeler/runs")
    outcomes = [_expect(401, f"{path} without a token", url + path, {}) for path in paths]
    outcomes.append(_expect(401, "a token that the CRM did not sign", f"{url}/oauth/mailbox", forged))
    outcomes.append(_expect(404, "a path that is none", f"{url}/oauth/nothing", {}))
    return outcomes


@dataclass(frozen=True)
class Place:
    """Where the push is sent and its log line is found."""

    project: str
    topic: str
    region: str
    log_bucket: str


def ask_pubsub(programs: Programs, place: Place, wait_s: float = _PUSH_S) -> Outcome:
    """A push about a mailbox that nobody has: taken, checked, and dropped by `on_gmail_push`."""
    question = "a push through Pub/Sub"
    message = json.dumps({"emailAddress": NOBODY, "historyId": "1"})
    # Gmail pushes at the same time: the function's line about this message is known by its trace alone.
    trace = secrets.token_hex(16)
    what = ("--message", message, "--attribute", f"traceparent=00-{trace}-{secrets.token_hex(8)}-00")
    said = programs.ask(
        "gcloud", "pubsub", "topics", "publish", place.topic, "--project", place.project, *what
    )
    if not said.ok:
        return Outcome(question, False, said.error)
    deadline = time.monotonic() + wait_s
    while True:
        logged = _logged_status(programs, place, trace)
        if logged.ok and logged.text:
            return Outcome(question, logged.text in {"200", "204"}, f"answered {logged.text}")
        if time.monotonic() >= deadline:
            silent = f"on_gmail_push logged nothing within {wait_s:.0f} s"
            return Outcome(question, False, silent if logged.ok else f"no log to read: {logged.error}")
        time.sleep(min(_POLL_S, wait_s))


def forged_token(issuer: str) -> str:
    """A token as the CRM would make it, with a signature that is noise."""
    now = int(time.time())
    claims = {
        "iss": issuer,
        "aud": "crm-gmail",
        "sub": "nobody",
        "org": "nobody",
        "exp": now + 600,
        "iat": now,
    }
    head = {"alg": "RS256", "typ": "JWT", "kid": "forged"}
    parts = [json.dumps(head).encode(), json.dumps(claims).encode(), secrets.token_bytes(256)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _expect(status: int, question: str, url: str, headers: Mapping[str, str]) -> Outcome:
    request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310  the deployed system itself
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:  # noqa: S310
            got, body = answer.status, answer.read(2000)
    except urllib.error.HTTPError as error:
        got, body = error.code, error.read(2000)
    except OSError as fault:
        return Outcome(question, False, f"no answer ({getattr(fault, 'reason', fault)})")
    return Outcome(question, got == status, f"{got} {_code(body)}".strip())


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def _logged_status(programs: Programs, place: Place, trace: str) -> Answer:
    wanted = (
        'jsonPayload.message="entry" AND jsonPayload.entry_point="on_gmail_push" '
        f'AND jsonPayload.trace_id="{trace}"'
    )
    where = ("--project", place.project, "--location", place.region, "--bucket", place.log_bucket)
    how = ("--view=_AllLogs", "--freshness=10m", "--limit=1", "--format=value(jsonPayload.status)")
    return programs.ask("gcloud", "logging", "read", wanted, *where, *how)
