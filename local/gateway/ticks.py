"""Runs a scheduled job now and answers when all its work is done."""

import http.client
import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from local.gateway.deliveries import Deliveries
from local.gateway.emulator import Emulator
from local.gateway.problem import Problem, unavailable

_JOB_S = 620.0
_POLL_S = 0.05


class Ticks:
    """`jobs` maps a job's public name to its private entry point."""

    jobs: Mapping[str, str] = {"labeler": "tick", "renew": "renew_watches", "recount": "recount"}

    def __init__(
        self,
        internal_url: str,
        emulator: Emulator,
        deliveries: Deliveries,
        pushes_s: float = 20.0,
        labels_s: float = 280.0,
    ) -> None:
        self._address = urlsplit(internal_url).netloc
        self._emulator = emulator
        self._deliveries = deliveries
        self._pushes_s = pushes_s
        self._labels_s = labels_s
        self._waited_for: set[str] = set()

    def run(self, job: str) -> dict[str, Any]:
        """The job's summary; for the labeler with `mailboxes`, what each mailbox's run answered.

        Raises Problem: the job or the emulator failed (503), or mailboxes were not done in time (504).
        """
        self._wait_for_pushes()
        summary = self._call(self.jobs[job])
        if job != "labeler":
            return summary
        answers = self._answers(_published(summary))
        return {**summary, "mailboxes": [answer for answer in answers if not _is_handed_on(answer)]}

    def _answers(self, published: list[str]) -> list[object]:
        """What every message was answered with, and every message that such an answer says it has published."""
        deadline = time.monotonic() + self._labels_s
        answers: list[object] = []
        while published:
            left_s = max(deadline - time.monotonic(), 0)
            if late := self._deliveries.wait("label_mailbox", published, left_s):
                detail = f"{len(late)} of {len(published)} turns were not done after {self._labels_s:.0f} s."
                raise Problem(HTTPStatus.GATEWAY_TIMEOUT, "tick_unfinished", detail, act="retry")
            answered = self._deliveries.answers("label_mailbox", published)
            answers += answered
            published = [message_id for answer in answered for message_id in _published(answer)]
        return answers

    def _wait_for_pushes(self) -> None:
        """Until every change in Gmail has reached on_gmail_push; a push that is late is waited for by one tick only."""
        deadline = time.monotonic() + self._pushes_s
        while (left_s := deadline - time.monotonic()) > 0:
            published, more_to_come = self._emulator.pushes()
            if not more_to_come:
                self._deliveries.wait("on_gmail_push", set(published) - self._waited_for, left_s)
                self._waited_for = set(published)
                return
            time.sleep(_POLL_S)

    def _call(self, entry_point: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._address, timeout=_JOB_S)
        try:
            connection.request("POST", f"/{entry_point}", b"{}", {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            raise unavailable(f"{entry_point} does not answer.") from None
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise Problem(
                HTTPStatus.BAD_GATEWAY, "job_failed", f"{entry_point} answered {answer.status}.", "retry"
            )
        summary = json.loads(content) if content.strip() else {}
        return summary if isinstance(summary, dict) else {"summary": summary}


def _published(answer: object) -> list[str]:
    """The messages that a job or a turn says it has handed on."""
    found = answer.get("published") if isinstance(answer, dict) else None
    return [str(message_id) for message_id in found] if isinstance(found, list) else []


def _is_handed_on(answer: object) -> bool:
    """Whether a turn was an organisation's: its mailboxes have answers of their own."""
    return isinstance(answer, dict) and "published" in answer
