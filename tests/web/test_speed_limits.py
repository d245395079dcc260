"""The benchmark of the pages fails beyond its limits, and says which."""

import pytest

from bench.pages import beyond


@pytest.mark.parametrize(
    ("first_ms", "late", "of_empty", "told"),
    [
        (200, 6, 0, []),
        (201, 0, 0, ["The first mail is shown 201 ms"]),
        (50, 7, 0, ["7 of 300 frames"]),
        (50, 40, 34, []),
        (300, 40, 0, ["The first mail is shown 300 ms", "40 of 300 frames"]),
    ],
)
def test_a_late_first_mail_and_late_frames_are_told(
    first_ms: float, late: int, of_empty: int, told: list[str]
) -> None:
    lines = list(beyond(first_ms, late, of_empty))
    assert len(lines) == len(told)
    assert all(line.startswith(start) for line, start in zip(lines, told, strict=True))
