"""What `./dev deploy` asks a deployed system, asked of the running stack: the questions fit the real functions."""

from local.deploy.smoke import ask_public
from tests.e2e.driver import Driver


def test_a_running_system_passes_the_questions_of_a_deploy(stack: Driver) -> None:
    outcomes = ask_public(stack.url, f"{stack.url}/crm")
    assert [each for each in outcomes if not each.passed] == []
    assert len(outcomes) == 6
