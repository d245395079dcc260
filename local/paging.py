"""Pages of a list call, as Google's list methods give them (https://google.aip.dev/158)."""

from collections.abc import Sequence
from typing import TypeVar

from local.grpc_server import invalid_argument

Item = TypeVar("Item")


def page(items: Sequence[Item], size: int, token: str, default_size: int) -> tuple[Sequence[Item], str]:
    """One page of `items` and the next page's token, "" on the last page.

    `size` 0 means `default_size`. Raises INVALID_ARGUMENT for a negative size or a foreign token.
    """
    if size < 0:
        raise invalid_argument("The page size must not be negative.")
    if token and not (token.isascii() and token.isdigit()):
        raise invalid_argument("The page token is not one of this server's.")
    start = int(token or 0)
    end = start + (size or default_size)
    return items[start:end], str(end) if end < len(items) else ""
