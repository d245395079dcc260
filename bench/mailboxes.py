"""Connected mailboxes with MailMagnet on, and what is stored about them, for benchmarks on a running stack."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.e2e import data_sets
from tests.e2e.driver import Driver, Seller
from tests.e2e.stacks import running_stack

NOBODYS = data_sets.FILED
"""An account of the data set that no benchmark connects."""
CONTACTS = ("won@customers.example", "closing@customers.example", "lead.second@elsewhere.example")


@contextmanager
def stack_with_mailboxes(count: int) -> Iterator[tuple[Driver, list[Seller]]]:
    """A stack of Python processes only, and so many users with MailMagnet on."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        data = data_sets.write(folder / "data")
        without = ("java", "node", "npm", "gcloud")
        with running_stack(data, folder, without=without, scheduled=True) as driver:
            yield driver, [driver.connect_next(mailmagnet=True) for _ in range(count)]


def notices(driver: Driver) -> dict[str, list[str]]:
    """Message ids of all notices, by mailbox, as stored."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in driver.call("GET", "/local/store", expect=200)["documents"]:
        parts = path.split("/")
        if "notices" in parts:
            at = parts.index("notices")
            found[parts[at - 1]].append(parts[at + 1])
    return found
