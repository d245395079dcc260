"""Bundles: an allow-list, the same bytes from the same files."""

import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from local.bundles.archive import build
from local.bundles.contents import FUNCTIONS, ForeignFile, bundle_files
from tests.deploy.repository import ROOT, entry_points


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what bundles are made from, to be changed by a test."""
    for folder in ("functions", "shared"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_there_is_a_bundle_for_each_function_with_an_entry_point() -> None:
    assert set(FUNCTIONS) == set(entry_points().values())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_bundle_holds_its_function_and_the_shared_house_and_nothing_else(
    function: str, tmp_path: Path
) -> None:
    bundle = build(ROOT, tmp_path)[function]
    with zipfile.ZipFile(bundle.path) as archive:
        names = archive.namelist()
    at_the_top = {name for name in names if "/" not in name}
    assert at_the_top == {"main.py", "requirements.txt"}
    below = [name for name in names if "/" in name]
    allowed = (f"functions/{function}/", "shared/")
    assert [n for n in below if not n.startswith(allowed)] == ["functions/__init__.py"]
    assert not [n for n in names if "__pycache__" in n or n.endswith(".pyc")]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_bundle_mirrors_every_source_file_of_the_repository(function: str) -> None:
    held = set(bundle_files(ROOT, function))
    sources = {
        path.relative_to(ROOT).as_posix()
        for folder in (ROOT / "functions" / function, ROOT / "shared")
        for path in folder.rglob("*.py")
    }
    assert sources <= held


def test_building_twice_gives_the_same_checksums_whatever_times_and_modes_the_files_have(
    copy: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = build(copy, tmp_path_factory.mktemp("first"))
    for path in (copy / "shared").rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    after = build(copy, tmp_path_factory.mktemp("second"))
    assert {n: b.sha256 for n, b in before.items()} == {n: b.sha256 for n, b in after.items()}


def test_two_checkouts_of_one_commit_give_the_same_checksums(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("THIS IS NO GIT CHECKOUT: bundles of two checkouts were not compared")
    built = []
    for name in ("one", "another"):
        clone = ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(tmp_path / name)]
        subprocess.run(clone, check=True)
        built.append({n: b.sha256 for n, b in build(tmp_path / name, tmp_path / "out" / name).items()})
    assert built[0] == built[1]
    assert len(set(built[0].values())) == len(FUNCTIONS)


def test_a_changed_line_gives_another_checksum_to_the_bundles_that_hold_it(
    copy: Path, tmp_path: Path
) -> None:
    before = build(copy, tmp_path / "out")
    with (copy / "functions" / "oauth" / "routes.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    after = build(copy, tmp_path / "out")
    assert {name for name in FUNCTIONS if before[name].sha256 != after[name].sha256} == {"oauth"}


def test_a_name_in_the_bucket_carries_the_checksum_of_the_bytes(tmp_path: Path) -> None:
    for bundle in build(ROOT, tmp_path).values():
        assert bundle.sha256 in bundle.path.name


@pytest.mark.parametrize("name", ["service-account.key", "mail.eml", "notes.md", ".env"])
def test_a_file_that_does_not_belong_there_stops_the_build(copy: Path, name: str) -> None:
    (copy / "shared" / name).write_text("x", encoding="utf-8")
    with pytest.raises(ForeignFile, match=name):
        build(copy, copy / "out")


def test_a_link_out_of_the_repository_stops_the_build(copy: Path) -> None:
    (copy / "shared" / "elsewhere.py").symlink_to("/etc/passwd")
    with pytest.raises(ForeignFile, match="elsewhere"):
        build(copy, copy / "out")
