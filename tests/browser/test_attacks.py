"""Mails that attack: each of them acts in this Chromium without defences, and none behind either defence alone."""

import re

from playwright.sync_api import Browser

from shared.adapters.safe_html import clean_html
from tests.browser.attacked import BATCH, attacked
from tests.domain.live_attacks import ATTACKS, Attack

LEAST = 320
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"


def as_sent(attack: Attack) -> str:
    return attack.html


def cleaned(attack: Attack) -> str:
    return clean_html(attack.html, attachment_url=lambda _: None, show_images=False).html or ""


def named(numbers: set[int]) -> list[str]:
    """The attacks with these numbers, to be read by a person."""
    return [str(attack) for attack in ATTACKS if attack.number in numbers]


def test_the_attacks_are_many_and_none_is_there_twice() -> None:
    assert len({re.sub(r"\d+", "", attack.html) for attack in ATTACKS}) >= LEAST
    assert len({attack.html for attack in ATTACKS}) == len(ATTACKS)


def test_control_each_attack_acts_where_nothing_defends(chromium: Browser) -> None:
    with attacked(chromium, show="bare", document=as_sent) as crm:
        acting = crm.acting(ATTACKS, at_least=BATCH)
    assert named({attack.number for attack in ATTACKS} - acting) == []


def test_no_attack_acts_that_was_cleaned_although_nothing_frames_it(chromium: Browser) -> None:
    with attacked(chromium, show="bare", document=cleaned) as crm:
        assert named(crm.acting(ATTACKS, at_least=0)) == []


def test_no_attack_acts_in_the_components_frame_although_nothing_cleaned_it(chromium: Browser) -> None:
    with attacked(chromium, show="component", document=as_sent) as crm:
        assert named(crm.acting(ATTACKS, at_least=0)) == []


def test_control_in_the_sandbox_without_the_policy_other_machines_are_asked(chromium: Browser) -> None:
    asking = [attack for attack in ATTACKS if "https://" in attack.html and not attack.gesture]
    with attacked(chromium, show="bare", document=as_sent, sandbox=SANDBOX) as crm:
        assert len(crm.acting(asking[:BATCH], at_least=40)) >= 40


def test_control_a_script_that_ran_in_a_sandbox_would_be_heard(chromium: Browser) -> None:
    running = [attack for attack in ATTACKS if not attack.gesture][:BATCH]
    with attacked(chromium, show="bare", document=as_sent, sandbox=f"{SANDBOX} allow-scripts") as crm:
        assert len(crm.acting(running, at_least=50)) >= 50
