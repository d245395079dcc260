"""A port that nobody listens on."""

from local.supervisor.ports import PickedPorts, pick_free_ports

_picked: list[PickedPorts] = []
"""Kept, so that no other process of the tests is given a port of these before ours listens on it."""


def free_port() -> int:
    """A free TCP port of 127.0.0.1."""
    _picked.append(pick_free_ports(["one"]))
    return _picked[-1]["one"]
