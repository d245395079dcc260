"""`python -m bench.cold_start`: what importing each function costs a new process, beside the framework it runs in."""

import subprocess
import sys

from bench.results_file import report

FLOOR = "functions_framework"
FUNCTIONS = ("oauth", "proxy", "notify", "labeler")
ROUNDS = 7
# CPU time: other work on the machine does not count.
PROGRAM = "import time; began = time.process_time(); import {}; print(time.process_time() - began)"


def main() -> None:
    """Imports each module in a new process, several times, and reports the shortest times."""
    floor = _milliseconds(FLOOR)
    numbers: dict[str, object] = {f"{FLOOR}_ms": floor}
    for function in FUNCTIONS:
        took = _milliseconds(f"functions.{function}.main")
        numbers |= {f"{function}_ms": took, f"{function}_to_framework": round(took / floor, 2)}
    report("cold_start", numbers)


def _milliseconds(module: str) -> int:
    command = [sys.executable, "-c", PROGRAM.format(module)]
    runs = [subprocess.run(command, capture_output=True, check=True, text=True) for _ in range(ROUNDS)]
    return round(min(float(run.stdout) for run in runs) * 1000)


if __name__ == "__main__":
    main()
