"""Says at the end of a run, where nobody can overlook it, that a contract was not checked."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        report
        for report in terminalreporter.getreports("skipped")
        if "test_gmail_emulators_agree" in report.nodeid
    ]
    if skipped:
        terminalreporter.section("NOT CHECKED", red=True, bold=True)
        line = (
            f"{len(skipped)} contract tests of the Gmail emulator did not run: they need Node.js 20 and npm."
        )
        terminalreporter.write_line(line, red=True)
