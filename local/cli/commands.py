"""The table of ./dev's commands, their options and what each does."""

import argparse
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.cli.checks import run_checks
from local.cli.environment import ensure, tool_environment
from local.cli.fault import Fault
from local.cli.progress import complain

ROOT = Path(__file__).resolve().parents[2]
_LOCAL = frozenset({"local"})
_DEV = frozenset({"local", "dev"})
_MISUSE = 2
_WIDE = 50


@dataclass(frozen=True)
class Command:
    """One row of `./dev help`: the words after ./dev, its purpose, examples, and what carries it out."""

    usage: str
    purpose: str
    examples: tuple[str, ...]
    run: Callable[[list[str], argparse.ArgumentParser], int]


def main(arguments: list[str]) -> int:
    """Runs the command named first. Returns the exit code: 2 for misuse, 1 for a fault that is told."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if name in {"-h", "--help"}:
        name, rest = "help", []
    command = COMMANDS.get(name)
    if command is None:
        complain(f'./dev has no command "{name}": `./dev help` lists the commands.')
        return _MISUSE
    try:
        return command.run(rest, _parser(name, command))
    except Fault as fault:
        complain(str(fault))
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(name: str, command: Command) -> argparse.ArgumentParser:
    examples = "\n".join(f"  {example}" for example in command.examples)
    return argparse.ArgumentParser(
        prog=f"./dev {name}",
        usage=f"./dev {command.usage}",
        description=command.purpose,
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _up(arguments: list[str], parser: argparse.ArgumentParser) -> int:
    parser.add_argument("--port", type=_port, default=8080, help="where the whole system answers (8080)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="a data set of your own instead of the demo")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs of this data set kept")
    options = parser.parse_args(arguments)
    python = ensure(ROOT, _LOCAL, os.environ)
    command = [str(python), "-P", "-m", "local.stack", "--port", str(options.port)]
    if options.data is not None:
        command += ["--data", str(options.data.absolute())]
    if options.fresh:
        command.append("--fresh")
    settings = {**tool_environment(ROOT, os.environ), "PYTHONPATH": str(ROOT)}
    # The supervisor takes this process over: whoever signals or kills ./dev reaches it directly.
    os.execve(python, command, settings)  # noqa: S606


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f'"{text}" is no port: give a number from 1 to 65535')
    return int(text)


def _test(arguments: list[str], parser: argparse.ArgumentParser) -> int:
    parser.add_argument("--no-check", action="store_true", help="only the tests, where the checks ran before")
    options, for_pytest = parser.parse_known_args(arguments)
    python, settings = _tools()
    checked = options.no_check or run_checks(ROOT, settings)
    # Three processes: tests wait for processes and timers half of the time, so two leave two cores idle. The tests of
    # the stack and of the pages each stay together, so more would end no sooner.
    spread = [] if any(word.startswith("-n") for word in for_pytest) else ["-n", "3"]
    tested = _call([str(python), "-m", "pytest", *spread, *for_pytest], settings)
    return tested or (0 if checked else 1)


def _check(arguments: list[str], parser: argparse.ArgumentParser) -> int:
    parser.parse_args(arguments)
    _, settings = _tools()
    return 0 if run_checks(ROOT, settings) else 1


def _tools() -> tuple[Path, dict[str, str]]:
    return ensure(ROOT, _DEV, os.environ), tool_environment(ROOT, os.environ)


def _call(command: list[str], settings: Mapping[str, str]) -> int:
    return subprocess.run(command, cwd=ROOT, env=dict(settings), check=False).returncode  # noqa: S603


def _deploy(arguments: list[str], parser: argparse.ArgumentParser) -> int:
    # Only this command needs them, and ./dev up is to start at once.
    from local.deploy.deployment import deploy  # noqa: PLC0415
    from local.deploy.options import parse  # noqa: PLC0415

    return deploy(parse(arguments, parser), ROOT, dict(os.environ))


def _live_check(arguments: list[str], parser: argparse.ArgumentParser) -> int:
    from local.live_check.options import add_options  # noqa: PLC0415

    add_options(parser)
    parser.parse_args(arguments)
    python = ensure(ROOT, _LOCAL, os.environ)
    settings = {**tool_environment(ROOT, os.environ), "PYTHONPATH": str(ROOT)}
    return _call([str(python), "-P", "-m", "local.live_check", *arguments], settings)


def _bench(arguments: list[str], parser: argparse.ArgumentParser) -> int:
    names = _benchmarks()
    parser.add_argument("name", nargs="?", choices=names, help=f"one of {', '.join(names)}; all without it")
    options, for_benchmark = parser.parse_known_args(arguments)
    python, settings = _tools()
    outcomes = []
    for name in [options.name] if options.name else names:
        print(f"{name}:", flush=True)
        outcomes.append(_call([str(python), "-m", f"bench.{name}", *for_benchmark], settings))
    return max(outcomes)


def _benchmarks() -> list[str]:
    """The modules of bench/ that run: each begins with how it is called."""
    found = (ROOT / "bench").glob("*.py")
    return sorted(file.stem for file in found if file.read_text("utf-8").startswith('"""`python -m bench.'))


def _help(arguments: list[str], parser: argparse.ArgumentParser) -> int:
    if arguments and arguments[0] in COMMANDS:
        return main([arguments[0], "--help"])
    parser.parse_args(arguments)
    width = max(len(command.usage) for command in COMMANDS.values() if len(command.usage) <= _WIDE)
    print("crm-gmail on this machine:\n")
    for command in COMMANDS.values():
        # A purpose beside the longest usage would begin beyond the edge of a terminal, so it goes below.
        gap = " " * (width - len(command.usage)) if len(command.usage) <= width else f"\n{' ' * (width + 8)}"
        print(f"  ./dev {command.usage}{gap}  {command.purpose}")
    print("\n`./dev COMMAND --help` tells the options and gives examples.")
    return 0


COMMANDS = {
    "up": Command(
        "up [--port 8080] [--data DIR] [--fresh]",
        "Starts the whole system here; Ctrl-C ends it.",
        ("./dev up", "./dev up --port 9000 --fresh", "./dev up --data my-company/"),
        _up,
    ),
    "test": Command(
        "test [--no-check] [pytest args]",
        "Runs every check and test; the exit code says.",
        ("./dev test", "./dev test tests/local -x", "./dev test -k threads"),
        _test,
    ),
    "check": Command("check", "Checks format, lint, types, layers and docs.", ("./dev check",), _check),
    "bench": Command(
        "bench [name]",
        "Runs the benchmarks: a table here, the numbers in bench/results.",
        ("./dev bench", "./dev bench push", "./dev bench push 20"),
        _bench,
    ),
    "deploy": Command(
        "deploy --project ID --region R [--plan-only | --dry-run | --rollback | --destroy] [--settings FILE] [--yes]",
        "Builds the bundles and runs Terraform.",
        (
            "./dev deploy --project my-project --region europe-west1",
            "./dev deploy --project my-project --region europe-west1 --plan-only",
            "./dev deploy --project my-project --region europe-west1 --dry-run",
            "./dev deploy --project my-project --region europe-west1 --rollback",
            "./dev deploy --project my-project --region europe-west1 --destroy",
        ),
        _deploy,
    ),
    "live-check": Command(
        "live-check --practice | --account A --client F [--topic T --subscription S] [--consents] [--report F] [--yes]",
        "Compares real Gmail with what docs/traps.md says is emulated.",
        (
            "./dev live-check --practice",
            "./dev live-check --account test@example.com --client desktop-client.json",
            "./dev live-check --account test@example.com --client desktop-client.json \\\n"
            "      --topic projects/p/topics/live-check --subscription projects/p/subscriptions/live-check",
        ),
        _live_check,
    ),
    "help": Command("help [COMMAND]", "Lists the commands.", ("./dev help", "./dev help up"), _help),
}
