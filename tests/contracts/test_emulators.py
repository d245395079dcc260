"""Google's emulators are found where the Google Cloud CLI puts them."""

from pathlib import Path

import pytest

from local.emulators import (
    find_firestore_jar,
    find_java,
    find_pubsub_jar,
    firestore_command,
    java_release,
    pubsub_command,
)

FIRESTORE = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
PUBSUB = "platform/pubsub-emulator/lib/cloud-pubsub-emulator-0.8.20-all.jar"


def _install(root: Path) -> Path:
    for name in (FIRESTORE, PUBSUB):
        (root / name).parent.mkdir(parents=True)
        (root / name).touch()
    return root


def _java(directory: Path, version: str, exit_code: int = 0) -> str:
    program = directory / "java"
    program.write_text(
        f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\nexit {exit_code}\n", encoding="ascii"
    )
    program.chmod(0o755)
    return str(program)


def test_the_root_that_the_environment_names_wins(tmp_path: Path) -> None:
    root = _install(tmp_path / "sdk")
    _install(tmp_path / "home" / "google-cloud-sdk")
    environment = {"CLOUDSDK_ROOT_DIR": str(root), "HOME": str(tmp_path / "home")}
    assert find_firestore_jar(environment) == root / FIRESTORE
    assert find_pubsub_jar(environment) == root / PUBSUB


def test_a_cli_in_the_home_directory_is_found(tmp_path: Path) -> None:
    root = _install(tmp_path / "google-cloud-sdk")
    assert find_firestore_jar({"HOME": str(tmp_path)}) == root / FIRESTORE


def test_a_cli_is_found_through_a_link_to_gcloud(tmp_path: Path) -> None:
    root = _install(tmp_path / "Caskroom" / "google-cloud-sdk")
    (root / "bin").mkdir()
    (root / "bin" / "gcloud").touch(mode=0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gcloud").symlink_to(root / "bin" / "gcloud")
    assert find_pubsub_jar({"PATH": str(tmp_path / "bin")}) == root / PUBSUB


def test_the_newest_of_several_pubsub_jars_is_taken(tmp_path: Path) -> None:
    root = _install(tmp_path)
    newer = root / PUBSUB.replace("0.8.20", "0.8.21")
    newer.touch()
    assert find_pubsub_jar({"CLOUDSDK_ROOT_DIR": str(root)}) == newer


def test_a_recent_java_on_the_path_is_found(tmp_path: Path) -> None:
    java = _java(tmp_path, "11.0.2")
    assert find_java({"PATH": str(tmp_path)}) == java


@pytest.mark.parametrize(("version", "exit_code"), [("1.8.0_302", 0), ("17.0.15", 1)])
def test_an_old_or_broken_java_is_not_taken(tmp_path: Path, version: str, exit_code: int) -> None:
    _java(tmp_path, version, exit_code)
    assert find_java({"PATH": str(tmp_path)}) is None


def test_no_java_on_the_path_is_none(tmp_path: Path) -> None:
    assert find_java({"PATH": str(tmp_path)}) is None
    assert find_java({}) is None


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_302"', 8),
        ('version "21"', 21),
        ("", 0),
    ],
)
def test_the_release_is_read_from_what_java_prints(text: str, release: int) -> None:
    assert java_release(text) == release


def test_the_commands_name_java_jar_host_and_port() -> None:
    for command in (
        firestore_command(Path("/f.jar"), "/java", 81),
        pubsub_command(Path("/p.jar"), "/java", 81),
    ):
        assert command[0] == "/java"
        assert command[-2:] == ["--host=127.0.0.1", "--port=81"]
