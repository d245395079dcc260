"""A person's call waits a moment for a mailbox that a push is at work on, and for nothing else."""

import pytest

from shared.errors import AppError, NotFound, TryAgain
from shared.retry import when_free

BUSY = TryAgain("Somebody else is at work on this mailbox.", code="mailbox_busy")


def answers(*errors: AppError) -> list[AppError | str]:
    return [*errors, "done"]


def one_of(left: list[AppError | str]) -> str:
    found = left.pop(0)
    if isinstance(found, AppError):
        raise found
    return found


def test_a_call_that_meets_a_busy_mailbox_is_made_again() -> None:
    left = answers(BUSY, BUSY)
    assert when_free(lambda: one_of(left)) == "done"


@pytest.mark.parametrize("error", [TryAgain("Not visible yet.", code="try_again"), NotFound("Gone.")])
def test_another_error_goes_up_at_once(error: AppError) -> None:
    left = answers(error)
    with pytest.raises(type(error)):
        when_free(lambda: one_of(left))
    assert left == ["done"]
