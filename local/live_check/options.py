"""What `./dev live-check` can be told. Standard library only: --help needs nothing installed."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options, with their help."""
    parser.add_argument(
        "--account", metavar="ADDRESS", help="the test account; signing in to another one stops the run"
    )
    parser.add_argument(
        "--client", type=Path, metavar="FILE", help="JSON of an OAuth client of type Desktop app"
    )
    parser.add_argument(
        "--topic", help="projects/…/topics/…, where Gmail may publish: also checks notifications"
    )
    parser.add_argument(
        "--subscription", help="projects/…/subscriptions/…, a pull subscription to that topic"
    )
    parser.add_argument(
        "--consents",
        action="store_true",
        help="sign in three times, to see whether gmail.metadata narrows gmail.readonly, what a refresh tells of "
        "a scope that was unticked, and whether the end of one consent ends the other's token",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="where the report goes (.dev/live-check/TIME.md)"
    )
    parser.add_argument("--yes", action="store_true", help="write without asking first")
    parser.add_argument(
        "--practice", action="store_true", help="run against the emulator here; no account needed"
    )
