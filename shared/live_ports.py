"""What reading mail live needs from Gmail beside `shared.ports`: cheap lists, streamed attachments, "nothing new"."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from shared.domain.mail import MailMetadata
from shared.errors import AppError
from shared.ports import Gmail


class LiveGmail(Gmail, Protocol):
    """Reads and changes one mailbox while somebody waits for the answer."""

    def get_listed(
        self, ids: Sequence[tuple[str, str]], headers: Collection[str]
    ) -> Mapping[str, MailMetadata | AppError]:
        """The mails of a list's (message id, thread id): an outcome for each message id, in batches of 25.

        Where two or more share a thread the thread is asked for once, 40 units; each other mail is 20 units.
        """
        ...

    def stream_attachment(self, message_id: str, attachment_id: str) -> Iterator[bytes]:
        """messages.attachments.get: 20 units. In pieces of some 64 KiB; a piece may raise UpstreamDown."""
        ...

    def newest_if_changed(self, cursor: int) -> int | None:
        """history.list: 2 units. None where nothing at all happened in the mailbox after `cursor`, else the newest.

        1 unit more where Gmail does not know any more what happened.
        """
        ...
