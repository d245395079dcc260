"""Imports modules with every door shut and says what they tried: threads, sockets, programs, files, heavy libraries.

A program of its own, `python -I import_probe.py ROOT MODULE…`, so that nothing was imported before. It prints one
complaint a line.
"""

import importlib
import os
import sys
import threading

HEAVY = ("googleapiclient", "google.cloud.firestore", "google.cloud.firestore_v1", "google.cloud.pubsub",
         "google.cloud.pubsub_v1", "google.cloud.secretmanager", "google.cloud.secretmanager_v1", "grpc",
         "opentelemetry.sdk", "opentelemetry.exporter", "requests")  # fmt: skip
SHUT = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "os.system",
        "os.fork", "os.exec", "os.posix_spawn", "os.putenv", "os.remove", "os.rename", "os.mkdir")  # fmt: skip
ROOT = sys.argv[1]


class Environment(dict[str, str]):
    """An empty environment that tells when our own code looks into it."""

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        _told_of_environment(key)
        return default

    def __getitem__(self, key: str) -> str:
        _told_of_environment(key)
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        _told_of_environment(str(key))
        return False


complaints: list[str] = []


def _told_of_environment(key: str) -> None:
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.startswith("<frozen"):
        frame = frame.f_back  # type: ignore[assignment]
    if (
        frame is not None
        and frame.f_code.co_filename.startswith(ROOT + os.sep)
        and ".venv" not in frame.f_code.co_filename
    ):
        complaints.append(f"{frame.f_code.co_filename} reads {key} from the environment")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    # urllib3 asks at its import whether this machine has IPv6, by binding the loopback address to no port.
    if event == "socket.bind" and arguments[1] == ("::1", 0):
        raise PermissionError(event)
    if event in SHUT:
        complaints.append(f"{event} {arguments!r}")
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        complaints.append(f"writes {arguments[0]}")


def _no_thread(thread: threading.Thread) -> None:
    complaints.append(f"starts the thread {thread.name}")


def main(modules: list[str]) -> None:
    sys.path.insert(0, ROOT)
    sys.dont_write_bytecode = True
    os.environ = Environment()  # type: ignore[assignment]  # noqa: B003 - replaced on purpose
    threading.Thread.start = _no_thread  # type: ignore[assignment,method-assign]
    sys.addaudithook(_watch)
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception as error:
            complaints.append(f"{module} cannot be imported: {error!r}")
    complaints.extend(f"imports {name}" for name in HEAVY if name in sys.modules)
    print("\n".join(complaints))


if __name__ == "__main__":
    main(sys.argv[2:])
