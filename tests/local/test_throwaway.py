"""A package that a benchmark compares us with is fetched for it; where it cannot be, the benchmark is told why."""

from pathlib import Path

import pytest

from bench.throwaway import NotFetched, run_with
from tests.local.free_port import free_port


def test_a_package_index_that_cannot_be_reached_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{free_port()}/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    script = tmp_path / "job.py"
    script.write_text("print('{}')", encoding="utf-8")
    with pytest.raises(NotFetched, match=r"127\.0\.0\.1"):
        run_with("simplegmail==5.0.0", script)
