"""A process ends at a signal whenever it comes: also while the wait for it is just beginning."""

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
# Sends this process SIGTERM in the midst of `wait()`, at the call that is named. What stands still is ended by
# faulthandler, which says where it stood.
_PROCESS = """
import faulthandler, os, signal, sys, threading
from local.stop_signal import StopSignal

class ByEvent:
    def __init__(self):
        self.came = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: self.came.set())

    def wait(self):
        self.came.wait()

waiting, called, seconds = sys.argv[1:]
stop = {"StopSignal": StopSignal, "ByEvent": ByEvent}[waiting]()

def interrupt(frame, event, argument):
    name = argument.__qualname__ if event == "c_call" else frame.f_code.co_qualname if event == "call" else ""
    if name == called:
        sys.setprofile(None)
        os.kill(os.getpid(), signal.SIGTERM)

faulthandler.dump_traceback_later(int(seconds), exit=True)
sys.setprofile(interrupt)
stop.wait()
print("ended")
"""


def _run(waiting: str, called: str, seconds: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _PROCESS, waiting, called, str(seconds)]
    return subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("called", ["StopSignal.wait", "SimpleQueue.get"])
def test_a_signal_that_comes_while_the_wait_begins_ends_it(called: str) -> None:
    ended = _run("StopSignal", called, 50)
    assert (ended.returncode, ended.stdout) == (0, "ended\n"), ended.stderr


def test_control_an_event_would_stand_for_ever() -> None:
    stood = _run("ByEvent", "Condition.wait", 2)
    assert stood.returncode == 1
    assert "in set\n" in stood.stderr
