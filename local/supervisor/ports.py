"""Free ports of this machine, and who holds one that is taken."""

import contextlib
import random
import shutil
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path

# Below the ranges that Linux (32768) and macOS (49152) draw from for outgoing connections: a port picked
# here is not lost to a connection between the picking and the listening.
_RANGE = range(20000, 32000)


class PickedPorts(dict[str, int]):
    """Ports by name. For as long as this object lives nobody else on this machine picks one of them, however late the
    process that is to listen on it does so.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held: list[socket.socket] = []

    def take(self, name: str, port: int) -> bool:
        """Whether the port was free, and is now this object's."""
        if not is_free(port):
            return False
        # UDP's ports are others than TCP's: whoever listens is not disturbed by this, and the system ends it with us.
        held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            held.bind(("127.0.0.1", port))
        except OSError:
            held.close()
            return False
        self._held.append(held)
        self[name] = port
        return True

    def __del__(self) -> None:
        for held in self._held:
            held.close()


def pick_free_ports(names: Iterable[str]) -> PickedPorts:
    """A free port of 127.0.0.1 for each name, all different. Raises OSError where none is left."""
    candidates = iter(random.sample(_RANGE, len(_RANGE)))
    chosen = PickedPorts()
    for name in names:
        if not any(chosen.take(name, port) for port in candidates):
            raise OSError("no free port is left")
    return chosen


def is_free(port: int) -> bool:
    """Whether nothing listens on the port, on 127.0.0.1 or for all addresses."""
    for host in ("127.0.0.1", ""):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # As the servers do: connections that are only closing do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def holder_of(port: int) -> str | None:
    """`name (process 123)` of the process that listens on the port, None where that cannot be known."""
    if Path("/proc/net/tcp").exists():
        return _holder_by_proc(port)
    return _holder_by_lsof(port)


def _holder_by_proc(port: int) -> str | None:
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*"):
        # Another user's process, or one that has just ended.
        with contextlib.suppress(OSError):
            if any(_points_to(descriptor) in sockets for descriptor in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return None


def _points_to(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # just closed
        return ""


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        lines = table.read_text().splitlines()[1:] if table.exists() else []
        for columns in (line.split() for line in lines):
            # proc(5): local address in hex, state 0A is LISTEN, the tenth column is the inode.
            if columns[3] == "0A" and int(columns[1].rpartition(":")[2], 16) == port:
                inodes.add(columns[9])
    return inodes


def _holder_by_lsof(port: int) -> str | None:
    lsof = shutil.which("lsof")
    if lsof is None:
        return None
    command = [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    fields = {line[:1]: line[1:] for line in answer.stdout.splitlines()}
    return f"{fields['c']} (process {fields['p']})" if {"c", "p"} <= fields.keys() else None
