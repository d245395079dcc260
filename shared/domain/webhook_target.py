"""Where a webhook may go: an organisation's admin names the URL, and it must not reach into our own network."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from shared.errors import BadInput

_HOST: Final = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
_ENDS_IN_NUMBER: Final = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$")
"""Such a host is read as an IPv4 address, whatever its form (https://url.spec.whatwg.org/#ends-in-a-number-checker)."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_SITE_LOCAL: Final = ipaddress.ip_network("fec0::/10")
_AZURE: Final = ipaddress.ip_address("168.63.129.16")
"""Public in its form, and yet every Azure machine's own host (its metadata and DHCP)."""
_PROTOCOL: Final = ipaddress.ip_network("192.0.0.0/24")
"""IETF protocol assignments (RFC 6890); none of them is somebody's web server."""
LONGEST_URL: Final = 2048


@dataclass(frozen=True)
class Target:
    """A webhook's URL in parts. `may_be_private`: the deployment names this host as one of its own."""

    secure: bool
    host: str
    port: int
    path: str
    may_be_private: bool


def parse_target(url: str, private_hosts: Collection[str] = ()) -> Target:
    """The parts of a URL that may be called. Raises BadInput (code webhook_url_invalid) with the reason.

    https, with a host name and nothing before it; plain http only for those of `private_hosts` that are this very
    machine. An address in place of a name is good where it is public.
    """
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise _refused("is not a URL")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _refused("is not a URL") from None
    private = host in private_hosts
    if parts.scheme != "https" and not (
        parts.scheme == "http" and private and host in ("localhost", "127.0.0.1")
    ):
        raise _refused("is not https")
    if "@" in parts.netloc or "#" in url:
        raise _refused("holds a user name, a password or a fragment")
    if port == 0 or not (_is_address(host) or (_HOST.fullmatch(host) and not _ENDS_IN_NUMBER.search(host))):
        raise _refused("has no host name")
    if _is_address(host) and not private and not is_public(host):
        raise _refused("is an address of a private network")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(
        parts.scheme == "https", host, port or (443 if parts.scheme == "https" else 80), path, private
    )


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also by what it carries inside (RFC 4291, 6052, 3056)."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and (ip in _NAT64 or int(ip) < 2**32):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    if ip == _AZURE or ip in _PROTOCOL or ip in _SITE_LOCAL:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _refused(reason: str) -> BadInput:
    return BadInput(f"The webhook's URL {reason}.", code="webhook_url_invalid")
