"""What is left of a mail's HTML once it has been made safe, and what was found on the way."""

from collections.abc import Callable
from dataclasses import dataclass

AttachmentUrl = Callable[[str], str | None]
"""Our URL of the attachment that a `cid:` URL names, or None."""


@dataclass(frozen=True)
class CleanHtml:
    """`html` is None where the document was refused, `refused` says by which limit.

    `remote_images` counts pictures on other machines, shown or not; `trackers` are the hosts of pictures made
    to be fetched and not to be seen, which stay out in any case.
    """

    html: str | None
    refused: str | None = None
    remote_images: int = 0
    trackers: tuple[str, ...] = ()
