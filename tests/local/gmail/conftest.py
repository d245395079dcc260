"""A fresh emulator with alice and bob for each test."""

from collections.abc import Iterator

import pytest

from tests.local.gmail.running import Running, running


@pytest.fixture
def gmail() -> Iterator[Running]:
    with running() as server:
        yield server
