"""The accounts whose mailboxes the emulator holds, and the addresses that lead to them."""

from dataclasses import dataclass

from local.gmail.labels import add_system_labels
from local.gmail.store import FIRST_HISTORY_ID, Store


@dataclass(frozen=True)
class SendAs:
    """An address that an account may send from; the account's own address is `primary`."""

    address: str
    name: str
    primary: bool


class Accounts:
    """Adds and finds accounts. Addresses are compared without case."""

    def __init__(self, store: Store, first_history_id: int = FIRST_HISTORY_ID) -> None:
        self._store = store
        self._first_history_id = first_history_id

    def add(self, email: str, name: str = "", aliases: tuple[str, ...] = ()) -> bool:
        """Makes an account with Gmail's system labels; False if it is there already (aliases are added)."""
        email = email.lower()
        with self._store.transaction() as db:
            first = self._first_history_id
            made = db.execute(
                "INSERT OR IGNORE INTO accounts VALUES (?, ?, ?, ?)", (email, name, first, first)
            ).rowcount
            for address in aliases:
                db.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", (address.lower(), email, name))
            if made:
                add_system_labels(self._store, email)
        return bool(made)

    def owner(self, address: str) -> str | None:
        """The account that receives mail for an address: its own, an alias, or one with a `+tag`."""
        address = address.lower()
        local, _, domain = address.partition("@")
        for candidate in dict.fromkeys((address, f"{local.partition('+')[0]}@{domain}")):
            row = self._store.row(
                "SELECT email FROM accounts WHERE email = ?1"
                " UNION SELECT email FROM aliases WHERE address = ?1",
                candidate,
            )
            if row:
                return str(row["email"])
        return None

    def send_as(self, email: str) -> list[SendAs]:
        """The addresses that the account may write in From, its own first."""
        account = self._store.row("SELECT name FROM accounts WHERE email = ?", email)
        aliases = self._store.rows(
            "SELECT address, name FROM aliases WHERE email = ? ORDER BY address", email
        )
        own = [SendAs(email, str(account["name"]), True)] if account else []
        return own + [SendAs(str(row["address"]), str(row["name"]), False) for row in aliases]

    def all(self) -> list[str]:
        """Every account, by address."""
        return [str(row["email"]) for row in self._store.rows("SELECT email FROM accounts ORDER BY email")]
