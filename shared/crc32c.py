"""CRC-32C (Castagnoli), the checksum of Secret Manager's payloads (RFC 3720, appendix B.4 has test vectors)."""

from functools import cache

_POLYNOMIAL = 0x82F63B78  # reflected
_ALL_ONES = 0xFFFFFFFF


def crc32c(content: bytes) -> int:
    """The checksum as an unsigned 32-bit number. Made for payloads of a few KiB: 1 KiB takes about 0.1 ms."""
    table = _table()
    remainder = _ALL_ONES
    for byte in content:
        remainder = table[(remainder ^ byte) & 0xFF] ^ (remainder >> 8)
    return remainder ^ _ALL_ONES


@cache
def _table() -> tuple[int, ...]:
    return tuple(_shifted(byte) for byte in range(256))


def _shifted(remainder: int) -> int:
    for _bit in range(8):
        remainder = (remainder >> 1) ^ (_POLYNOMIAL if remainder & 1 else 0)
    return remainder
