"""Looking into a mailbox by its id: one's own, or a colleague's as far as it is shared.

Of a colleague's mailbox everything that is not shown answers as if it did not exist, word for word: a hidden message,
a private mailbox, a paused one, one whose consent is gone, and one about which the CRM cannot be asked.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from functions.proxy.own_mailbox import no_such_message, opened
from functions.proxy.services import Services
from shared.domain.caller import Caller
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.errors import AppError, Conflict, GrantLost
from shared.ports.gmail import SendingGmail
from shared.usecases.shared_mail import MessageViews, OpenShared, find_shared_mailbox


@dataclass(frozen=True)
class LookInto:
    """Who looks into which mailbox."""

    caller: Caller
    mailbox: str


@dataclass(frozen=True)
class Viewing:
    """A mailbox that may be asked, and what decides about its messages (None: it is the caller's own)."""

    mailbox: Mailbox
    views: MessageViews | None = None

    def shows(self, mail: MailMetadata) -> bool:
        """Whether the caller may see this message. Raises NotFound where that cannot be decided."""
        if self.views is None:
            return True
        with _undecided_is_hidden():
            return self.views.shows(mail)

    def expect(self, mails: Iterable[MailMetadata]) -> None:
        """Says which messages will be asked about, so that the CRM is asked once for all of them."""
        if self.views is not None:
            with _undecided_is_hidden():
                self.views.expect(mails)

    def note(self, *message_ids: str) -> None:
        """Records that a colleague opened messages, before they are shown; the owner's own reading is not recorded.

        Raises NotFound where the owner has left meanwhile.
        """
        if self.views is not None and not self.views.note(message_ids):
            no_such_message()


def find_viewing(values: LookInto, services: Services) -> Viewing:
    """One read for one's own, two for a colleague's. Raises NotFound, the same for hidden and missing."""
    caller = values.caller
    if values.mailbox == mailbox_id(caller.org, caller.user):
        own = services.mailboxes.get(values.mailbox)
        if own is None or own.leaving is not None:
            no_such_message()
        return Viewing(own)
    # A document id has no slash; nothing else may reach the store.
    if not (values.mailbox.isascii() and values.mailbox.isalnum()):
        no_such_message()
    with _undecided_is_hidden():
        shared = find_shared_mailbox(OpenShared(caller, values.mailbox), services.sharing)
    if shared is None:
        no_such_message()
    return Viewing(shared.mailbox, MessageViews(shared, services.sharing))


@contextmanager
def viewed(viewing: Viewing, services: Services) -> Iterator[SendingGmail]:
    """A Gmail client for the block. What stops a colleague's mailbox is the owner's affair: NotFound to others."""
    try:
        with opened(viewing.mailbox, services) as gmail:
            yield gmail
    except (GrantLost, Conflict):
        if viewing.views is None:
            raise
        no_such_message()


@contextmanager
def _undecided_is_hidden() -> Iterator[None]:
    """What the CRM or the store cannot decide is not shown, and a message that is missing needs no deciding.

    Another answer than that of a missing one would tell, while the CRM is down, which messages there are.
    """
    try:
        yield
    except AppError:
        no_such_message()
