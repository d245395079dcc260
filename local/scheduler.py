"""`python -m local.scheduler --gateway URL --clock FILE`: fires the scheduled jobs by the stack's clock.

As Cloud Scheduler does with a cron line: at the boundaries of each period (`*/10 * * * *`, midnight UTC), not
counted from the start. A clock that jumps forward over several boundaries fires a job once; one that goes
back fires nothing until it reaches the next boundary.
"""

import argparse
import http.client
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from local.clock import LocalClock
from local.stop_signal import StopSignal

_POLL_S = 0.5
# Cloud Scheduler's longest attempt deadline for an HTTP target is 30 minutes.
_ATTEMPT_S = 1800.0


@dataclass(frozen=True)
class Job:
    """One schedule: the private entry point and the length of its period in seconds."""

    entry_point: str
    period_s: int


JOBS = (Job("tick", 600), Job("renew_watches", 3_600), Job("recount", 86_400))


class Schedule:
    """Tells when one job is due."""

    def __init__(self, job: Job, now: datetime) -> None:
        self.job = job
        self._period = self._period_of(now)

    def is_due(self, now: datetime) -> bool:
        """True once for each time the clock is seen past a boundary."""
        before, self._period = self._period, self._period_of(now)
        return self._period > before

    def _period_of(self, now: datetime) -> int:
        return int(now.timestamp() // self.job.period_s)


def run_schedule(
    schedule: Schedule, now: Callable[[], datetime], fire: Callable[[Job], None], stop: threading.Event
) -> None:
    """Fires one job whenever it is due, one run at a time, until `stop` is set."""
    while not stop.wait(_POLL_S):
        if schedule.is_due(now()):
            fire(schedule.job)


def call_gateway(gateway: str, job: Job) -> None:
    """POSTs to the gateway's internal front; a failure is one line, and the next period tries again."""
    connection = http.client.HTTPConnection(urlsplit(gateway).netloc, timeout=_ATTEMPT_S)
    try:
        connection.request("POST", f"/{job.entry_point}", b"{}", {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        print(f"{job.entry_point}: {answer.status}", flush=True)
    except (OSError, http.client.HTTPException) as fault:
        print(f"{job.entry_point}: not reached ({fault})", file=sys.stderr, flush=True)
    finally:
        connection.close()


def main() -> None:
    """Runs all jobs until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m local.scheduler", description=__doc__)
    parser.add_argument("--gateway", required=True, help="the internal URL of the gateway")
    parser.add_argument("--clock", type=Path, required=True)
    options = parser.parse_args()
    stop, ended = StopSignal(), threading.Event()
    clock = LocalClock(options.clock)

    def fire(job: Job) -> None:
        call_gateway(options.gateway, job)

    schedules = [Schedule(job, clock.now()) for job in JOBS]
    print(f"{len(schedules)} jobs are scheduled", flush=True)
    for schedule in schedules:
        # Daemons: a run under way does not hold up the end of the process.
        threading.Thread(target=run_schedule, args=(schedule, clock.now, fire, ended), daemon=True).start()
    stop.wait()
    ended.set()


if __name__ == "__main__":
    main()
