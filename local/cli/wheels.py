"""Which uv wheel fits this machine: pinned by version and SHA-256, as PyPI lists them."""

import platform
import sys
from dataclasses import dataclass

from local.cli.fault import Fault

VERSION = "0.13.9"


@dataclass(frozen=True)
class Wheel:
    """One file of the package index: its name and the SHA-256 of its bytes, in hex."""

    file: str
    sha256: str


def _wheel(tags: str, sha256: str) -> Wheel:
    return Wheel(f"uv-{VERSION}-py3-none-{tags}.whl", sha256)


_LINUX_ARM = _wheel(
    "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
)
WHEELS = {
    ("linux", "x86_64", "glibc"): _wheel(
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("linux", "x86_64", "musl"): _wheel(
        "musllinux_1_1_x86_64",
        "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",
    ),
    ("linux", "aarch64", "glibc"): _LINUX_ARM,
    ("linux", "aarch64", "musl"): _LINUX_ARM,
    ("darwin", "x86_64", ""): _wheel(
        "macosx_10_12_x86_64",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
    ("darwin", "arm64", ""): _wheel(
        "macosx_11_0_arm64",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
}


def wheel_for(system: str, machine: str, libc: str) -> Wheel:
    """The wheel for a `sys.platform`, a machine's name and a C library ("glibc", "musl", "" on macOS).

    Raises Fault where none is pinned.
    """
    machine = {"amd64": "x86_64"}.get(machine.lower(), machine.lower())
    if system == "linux" and machine == "arm64":
        machine = "aarch64"
    wheel = WHEELS.get((system, machine, libc))
    if wheel is None:
        raise Fault(
            f"No uv is pinned for {system} on {machine}: install uv {VERSION} or newer yourself "
            "(https://docs.astral.sh/uv/) and run this again."
        )
    return wheel


def wheel_for_this_machine() -> Wheel:
    """`wheel_for` of the machine that runs this."""
    libc = ""
    if sys.platform == "linux":
        libc = "glibc" if platform.libc_ver()[0] == "glibc" else "musl"
    return wheel_for(sys.platform, platform.machine(), libc)
