"""`python -m local.live_check`: what `./dev live-check` starts, in the environment that has Google's client."""

import argparse
import json
import secrets
import string
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document

from local.cli.fault import Fault
from local.live_check.mailbox import ConsentAgain, Mailbox, Patience, SecondConsent, Unclear
from local.live_check.notifications import subscriber, subscription
from local.live_check.options import add_options
from local.live_check.practice import NARROWED, Place, practice
from local.live_check.run import Outcome, report, run, table
from local.live_check.sign_in import (
    MAIL,
    METADATA,
    NARROW,
    PUBSUB,
    Client,
    Consent,
    read_client,
    renewed,
    revoke,
    sign_in,
)
from local.live_check.table import CHECKS, ELSEWHERE

ROOT = Path(__file__).resolve().parents[2]
GOOGLE = "https://gmail.googleapis.com/"


def main(arguments: list[str] | None = None) -> int:
    """0 where Gmail is as docs/traps.md says, 1 where a person should look, or something is missing."""
    parser = argparse.ArgumentParser(prog="./dev live-check")
    add_options(parser)
    options = parser.parse_args(arguments)
    try:
        return _practise(options) if options.practice else _live(options)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1


def users(token: str, root: str = GOOGLE) -> Any:
    """Google's client for the mailbox that the token opens. `root` ends in a slash."""
    place = resources.files("googleapiclient").joinpath("discovery_cache/documents/gmail.v1.json")
    described = {**json.loads(place.read_text(encoding="utf-8")), "rootUrl": root}
    make_credentials: Any = Credentials
    return build_from_document(described, credentials=make_credentials(token)).users()


def new_token() -> str:
    """A word of letters that no mail holds by chance."""
    return "lc" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(14))


def _live(options: argparse.Namespace) -> int:
    if options.account is None or options.client is None:
        raise Fault(
            "Give --account ADDRESS and --client FILE, or try it with --practice (--help has examples)."
        )
    _confirm(options)
    client = read_client(options.client)
    scopes = f"{MAIL} {PUBSUB}" if options.subscription else MAIL
    with _consents(client, lambda asked: sign_in(client, asked, _show)) as consent:
        token = consent(scopes).in_full(scopes).token
        make_credentials: Any = Credentials
        pushes = None
        if options.subscription:
            pushes = subscription(options.subscription, subscriber(make_credentials(token)))
        mailbox = _open(Mailbox(users(token), new_token(), Patience(), options.topic, pushes), options)
        if options.consents:
            mailbox.second = _second(client, consent, lambda token: mailbox.beside(users(token)))
        return _carry_out(mailbox, options)


def _second(
    client: Client, consent: Callable[[str], Consent], open_named: Callable[[str], Any]
) -> SecondConsent:
    """`open_named`: from a token to its mailbox. Raises Fault where it is another account's, or not all was allowed."""
    first = consent(NARROW).in_full(NARROW)

    def again() -> ConsentAgain:
        print('Once more, and now take the tick off "View your email message metadata" (gmail.metadata).')
        try:
            third = consent(NARROW)
            open_named(third.token)
            now = renewed(client, first)
            return ConsentAgain(third.scopes, now.scopes, open_named(now.token))
        except Fault:
            raise Unclear(
                "the account did not consent a third time, or Google renewed no token that opens it"
            ) from None

    return SecondConsent(open_named(first.token), lambda: revoke(client, first), again)


@contextmanager
def _consents(client: Client, ask: Callable[[str], Consent]) -> Iterator[Callable[[str], Consent]]:
    """As `ask`, from scopes to a consent; in the end every one is revoked, whichever account gave it."""
    given: list[Consent] = []

    def consent(scopes: str) -> Consent:
        given.append(ask(scopes))
        return given[-1]

    try:
        yield consent
    finally:
        # Each is tried, whatever Google says of the one before.
        ended = [revoke(client, each) for each in given]
        if not all(ended):
            print("A consent could not be ended: end it at https://myaccount.google.com/connections.")


def _open(mailbox: Mailbox, options: argparse.Namespace) -> Mailbox:
    """The same mailbox, where it is the named account's. Raises Fault before anything was written."""
    if mailbox.address.lower() != options.account.lower():
        raise Fault("You signed in to another account than --account names: nothing was written.")
    return mailbox


def _confirm(options: argparse.Namespace) -> None:
    print(
        f"This writes to the mailbox of {options.account}: a label, some twenty mails, and two mails that the "
        "account sends to itself.\nAll of them are deleted at the end. Take a test account, never a person's own."
    )
    if options.topic:
        print("It also replaces the account's watch of this project, and ends it.")
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise Fault("Nobody can be asked here: run it in a terminal, or with --yes.")
    if input("Type the address to go on: ").strip().lower() != options.account.lower():
        raise Fault("Nothing was written.")


def _show(address: str) -> None:
    print(f"Allow it in the browser. If none opens:\n\n  {address}\n", flush=True)
    webbrowser.open(address)


def practised(place: Place, root: str) -> SecondConsent:
    """The second consent as the emulator would answer: what was allowed once stays allowed, and is named."""
    narrow = users(NARROWED, root)
    again = ConsentAgain(frozenset(NARROW.split()) - {METADATA}, frozenset(NARROW.split()), narrow)
    return SecondConsent(narrow, place.end, lambda: again)


def _practise(options: argparse.Namespace) -> int:
    with practice() as place:
        patience = Patience(seconds=5, repeats=0)
        opened, second = users("practice", place.root), practised(place, place.root)
        mailbox = Mailbox(opened, new_token(), patience, place.topic, place.pushes, second)
        return _carry_out(mailbox, options)


def _carry_out(mailbox: Mailbox, options: argparse.Namespace) -> int:
    outcome = run(mailbox, CHECKS, lambda row: print(table([row]), flush=True))
    _tell(outcome)
    file = options.report or ROOT / ".dev" / "live-check" / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(report(outcome, datetime.now(UTC), _commit()), encoding="utf-8")
    print(f"The report, without addresses and mail: {file}")
    return 0 if outcome.passed else 1


def _tell(outcome: Outcome) -> None:
    print(
        f"\nThis run should have cost {outcome.units:,} units of Gmail's quota, more where Gmail asked to wait."
    )
    for name, how in ELSEWHERE.items():
        print(f"  {name:<21}{how}")
    if outcome.left_behind is None:
        print(
            'Gmail did not let this run clean up: look for the label that begins with "crm-gmail live check".'
        )
    elif outcome.left_behind:
        print(f'{outcome.left_behind} mails are left behind: look for "Live check" as the sender.')


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    try:
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return "unknown"
    return said.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
