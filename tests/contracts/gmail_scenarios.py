"""The stories that both Gmail emulators are asked to tell, by name."""

from collections.abc import Callable
from typing import Any

from tests.contracts import gmail_mailbox_scenarios as mailbox
from tests.contracts import gmail_message_scenarios as message
from tests.contracts.gmail_calls import Facts

SCENARIOS: dict[str, Callable[[Any], Facts]] = {
    scenario.__name__: scenario
    for scenario in (
        mailbox.profile,
        mailbox.labels,
        message.reading,
        message.bringing_in,
        message.listing,
        message.changing,
        message.attachments,
        mailbox.threads,
        mailbox.drafts,
        mailbox.history,
        mailbox.aliases,
        mailbox.batching,
        mailbox.watching,
    )
}
