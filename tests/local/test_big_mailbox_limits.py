"""The benchmark of a large mailbox fails beyond its limits, and says which."""

import pytest

from bench.big_mailbox import beyond


@pytest.mark.parametrize(
    ("wrong", "units", "peak_mib", "told"),
    [
        (0, 6000, 256, []),
        (1, 6000, 256, ["1 mails lie under a wrong label."]),
        (0, 6001, 257, ["It cost 6,001 units", "A labeler's process used 257 MiB"]),
    ],
)
def test_a_wrong_label_and_too_many_units_and_too_much_memory_are_told(
    wrong: int, units: int, peak_mib: int, told: list[str]
) -> None:
    lines = list(beyond(wrong, units, peak_mib))
    assert [line.startswith(start) for line, start in zip(lines, told, strict=True)] == [True] * len(told)
