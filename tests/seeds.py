"""The seed of what a test draws by chance; the test prints it."""

import os
import random

from hypothesis import settings


def drawn_seed() -> int:
    """The same in each run, as Hypothesis's own examples are; another one with `--hypothesis-profile anew`.

    The environment's SEED brings a printed one back.
    """
    known = os.environ.get("SEED")
    if known:
        return int(known)
    return 1 if settings().derandomize else random.SystemRandom().randrange(2**32)
