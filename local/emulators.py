"""Finds Google's official emulators on this machine and says how to start them.

The emulators are jars of the Google Cloud CLI. They are started with java itself: the CLI's own wrapper is
slower and leaves the java process behind when it is killed. Only `find_java` starts a process: it asks java
for its version.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

OLDEST_JAVA = 11

_HOST = "127.0.0.1"
# One small machine runs many processes: no server-class compiler, no parallel collector, a bounded heap.
# The emulators' messages exist in English only, and the wrapper of the CLI pins the language too.
_JVM_FLAGS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xmx256m",
    "-Xss512k",
    "-Duser.language=en",
)
_FIRESTORE_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
_USUAL_ROOTS = (
    Path("/usr/lib/google-cloud-sdk"),
    Path("/usr/lib64/google-cloud-sdk"),
    Path("/usr/local/google-cloud-sdk"),
    Path("/opt/google-cloud-sdk"),
    Path("/snap/google-cloud-cli/current"),
    Path("/opt/homebrew/share/google-cloud-sdk"),
    Path("/opt/homebrew/Caskroom/gcloud-cli/latest/google-cloud-sdk"),
    Path("/opt/homebrew/Caskroom/google-cloud-sdk/latest/google-cloud-sdk"),
    Path("/usr/local/share/google-cloud-sdk"),
    Path("/usr/local/Caskroom/gcloud-cli/latest/google-cloud-sdk"),
    Path("/usr/local/Caskroom/google-cloud-sdk/latest/google-cloud-sdk"),
)


def find_java(environment: Mapping[str, str]) -> str | None:
    """The path of a java >= 11 on the environment's PATH, else None."""
    java = shutil.which("java", path=environment.get("PATH", ""))
    if java is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603
            [java, "-version"], capture_output=True, text=True, timeout=60, check=False, env=dict(environment)
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # macOS ships a /usr/bin/java that only tells where to buy one, and fails.
    if answer.returncode != 0 or java_release(answer.stderr + answer.stdout) < OLDEST_JAVA:
        return None
    return java


def java_release(version_text: str) -> int:
    """The release named by `java -version`: 17 for "17.0.15", 8 for "1.8.0_302", 0 where none is named."""
    found = re.search(r'version "(?:1\.)?(\d+)', version_text)
    return int(found[1]) if found else 0


def find_firestore_jar(environment: Mapping[str, str]) -> Path | None:
    """The Firestore emulator's jar in the first Google Cloud CLI that has it, else None."""
    return _first(environment, "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar")


def find_pubsub_jar(environment: Mapping[str, str]) -> Path | None:
    """The Pub/Sub emulator's jar in the first Google Cloud CLI that has it, else None."""
    return _first(environment, "platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar")


def firestore_command(jar: Path, java: str, port: int) -> list[str]:
    """The command that serves the Firestore emulator on 127.0.0.1:`port` until it is ended."""
    return [java, *_JVM_FLAGS, "-cp", str(jar), _FIRESTORE_MAIN, "start", f"--host={_HOST}", f"--port={port}"]


def pubsub_command(jar: Path, java: str, port: int) -> list[str]:
    """The command that serves the Pub/Sub emulator on 127.0.0.1:`port` until it is ended."""
    return [java, *_JVM_FLAGS, "-jar", str(jar), f"--host={_HOST}", f"--port={port}"]


def _first(environment: Mapping[str, str], pattern: str) -> Path | None:
    for root in _sdk_roots(environment):
        found = sorted(root.glob(pattern))
        if found:
            return found[-1]
    return None


def _sdk_roots(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where a Google Cloud CLI may lie, the most explicit place first."""
    if named := environment.get("CLOUDSDK_ROOT_DIR"):
        yield Path(named)
    if gcloud := shutil.which("gcloud", path=environment.get("PATH", "")):
        # bin/gcloud of the CLI itself, reached through whatever links lead there.
        yield Path(gcloud).resolve().parent.parent
    if home := environment.get("HOME"):
        yield Path(home) / "google-cloud-sdk"
    yield from _USUAL_ROOTS
