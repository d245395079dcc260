"""The Gmail API methods that the emulator implements, by name."""

from collections.abc import Mapping

from local.gmail.methods import drafts, labels, messages, modify, threads, users
from local.gmail.methods.call import Handler

HANDLERS: Mapping[str, Handler] = {
    **users.HANDLERS,
    **messages.HANDLERS,
    **modify.HANDLERS,
    **drafts.HANDLERS,
    **threads.HANDLERS,
    **labels.HANDLERS,
}
