"""The provider is one version, and a lock file that is committed holds checksums of a release, not of a stand-in."""

import re

import pytest

from tests.deploy.repository import ROOT, TERRAFORM

_PINNED = re.compile(r'source\s*=\s*"hashicorp/google"\s*version\s*=\s*"(\d+\.\d+\.\d+)"')


def test_every_module_asks_for_the_same_exact_version() -> None:
    files = [file for file in TERRAFORM.rglob("versions.tf") if ".terraform" not in file.parts]
    versions = [_PINNED.findall(file.read_text(encoding="utf-8")) for file in files]
    assert len(files) == 2
    assert versions[0] == versions[1]
    assert len(versions[0]) == 1


def lock_faults(text: str, version: str) -> list[str]:
    """What is wrong with a lock file: HashiCorp's own list (zh) holds a checksum for each of some fifteen platforms."""
    faults = []
    if f'version     = "{version}"' not in text:
        faults.append("it locks another version")
    if len(re.findall(r'"zh:[0-9a-f]{64}"', text)) < 10:
        faults.append("it has no checksums of a release")
    return faults


def test_a_lock_file_that_is_committed_is_of_a_release() -> None:
    lock = TERRAFORM / ".terraform.lock.hcl"
    version = _PINNED.findall((TERRAFORM / "versions.tf").read_text(encoding="utf-8"))[0]
    if lock.exists():
        assert lock_faults(lock.read_text(encoding="utf-8"), version) == []
    else:
        argued = (TERRAFORM / "findings.md").read_text(encoding="utf-8")
        assert "Why no `.terraform.lock.hcl` lies here" in argued
    assert ".terraform.lock.hcl" not in (ROOT / ".gitignore").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('version     = "6.49.0"\n' + '"zh:' + "a" * 64 + '"\n' * 12, "it locks another version"),
        ('version     = "6.50.0"\n"h1:c3RhbmQtaW4="', "it has no checksums of a release"),
    ],
)
def test_a_lock_file_of_a_stand_in_or_of_another_version_is_noticed(text: str, fault: str) -> None:
    assert fault in lock_faults(text, "6.50.0")
