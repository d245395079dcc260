"""The scheduler fires by the stack's clock: at boundaries, once for a jump, one run at a time."""

import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.clock import LocalClock
from local.scheduler import JOBS, Job, Schedule, call_gateway, run_schedule
from tests.local.front import Echo, serving
from tests.local.waiting import until

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TICK = Job("tick", 600)


def due(*seconds: float) -> list[bool]:
    """Whether a ten-minute job is due at each of these seconds after noon, seen one after the other."""
    schedule = Schedule(TICK, NOON)
    return [schedule.is_due(NOON + timedelta(seconds=second)) for second in seconds]


def test_a_job_is_due_once_at_each_boundary() -> None:
    assert due(1, 599, 600, 601, 1199, 1200) == [False, False, True, False, False, True]


def test_a_clock_that_jumps_over_many_periods_fires_once() -> None:
    assert due(86_400, 86_401) == [True, False]


def test_a_clock_that_goes_back_fires_nothing_until_the_next_boundary() -> None:
    assert due(1200, 10, 599, 600) == [True, False, False, True]


def test_the_three_jobs_have_their_periods() -> None:
    assert {job.entry_point: job.period_s for job in JOBS} == {
        "tick": 600,
        "renew_watches": 3_600,
        "recount": 86_400,
    }


def test_a_job_does_not_overlap_with_itself() -> None:
    now, began, may_end, stop = [NOON], [0], threading.Event(), threading.Event()
    running: list[int] = []
    overlaps: list[int] = []

    def fire(_job: Job) -> None:
        running.append(1)
        overlaps.append(len(running))
        began[0] += 1
        may_end.wait(60)
        running.pop()

    arguments = (Schedule(TICK, NOON), lambda: now[0], fire, stop)
    thread = threading.Thread(target=run_schedule, args=arguments, daemon=True)
    thread.start()
    now[0] += timedelta(minutes=10)
    until(lambda: began[0] == 1, "the first run is under way")
    now[0] += timedelta(minutes=10)
    may_end.set()
    until(lambda: began[0] == 2, "the second run came after the first")
    stop.set()
    thread.join(60)
    assert overlaps == [1, 1]


def test_a_run_is_a_post_to_the_entry_point() -> None:
    front = Echo("front")
    with serving(front) as server:
        call_gateway(f"http://127.0.0.1:{server.server_port}", TICK)
    assert [(asked["method"], asked["target"]) for asked in front.asked] == [("POST", "/tick")]


def test_a_gateway_that_is_down_does_not_end_the_scheduler(capsys: pytest.CaptureFixture[str]) -> None:
    call_gateway("http://127.0.0.1:1", TICK)
    assert "tick: not reached" in capsys.readouterr().err


def test_the_process_fires_when_the_clock_is_moved_and_ends_on_sigterm(tmp_path: Path) -> None:
    front, clock = Echo("front"), LocalClock(tmp_path / "clock")
    clock.set(NOON + timedelta(seconds=5))
    with serving(front) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        command = [
            sys.executable,
            "-u",
            "-m",
            "local.scheduler",
            "--gateway",
            url,
            "--clock",
            str(tmp_path / "clock"),
        ]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "3 jobs are scheduled\n"
            clock.advance(600)
            until(lambda: [asked["target"] for asked in front.asked] == ["/tick"], "the tick has fired")
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(60)
    assert code == 0
