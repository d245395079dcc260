"""A contact's page over ten shared mailboxes of a running stack, a dead one among them: fifty mails all the same."""

from email.message import EmailMessage
from typing import Any

import pytest

from tests.e2e.driver import Driver, Seller

CONTACT, ADDRESS = "open-later", "open-later@customers.example"
MAILBOXES, EACH = 10, 6


@pytest.fixture(scope="module")
def sellers(stack: Driver) -> list[Seller]:
    """Ten who show everything to colleagues; each has six mails of the contact, and one that all ten got."""
    sellers = [stack.connect_next(sharing="public") for _ in range(MAILBOXES)]
    for at, seller in enumerate(sellers):
        for number in range(EACH):
            _deliver(stack, seller, f"mail-{at}-{number}")
        _deliver(stack, seller, "to-all")
    return sellers


def _deliver(stack: Driver, seller: Seller, name: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ADDRESS, seller.email, name
    mail["Message-ID"] = f"<{name}@customers.example>"
    mail.set_content("Dear all,")
    stack.deliver_raw(seller.email, mail.as_bytes())


def _page(stack: Driver, seller: Seller, cursor: str | None = None) -> dict[str, Any]:
    more = f"&cursor={cursor}" if cursor else ""
    path = f"/proxy/contacts/{CONTACT}/messages?limit=50{more}"
    return dict(stack.call("GET", path, token=seller.token, expect=200))


def _statuses(page: dict[str, Any], sellers: list[Seller]) -> list[str]:
    by_mailbox = {source["mailbox"]: source["status"] for source in page["sources"]}
    return [by_mailbox[seller.mailbox] for seller in sellers]


def test_a_page_of_fifty_from_ten_mailboxes_answers_a_dead_one_among_them_included(
    stack: Driver, sellers: list[Seller]
) -> None:
    page = _page(stack, sellers[0])
    assert _statuses(page, sellers) == ["ok"] * MAILBOXES
    names = [row["message_id"] for row in page["items"]]
    rest = _page(stack, sellers[0], page["next_cursor"])
    names += [row["message_id"] for row in rest["items"]]
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (
        50,
        MAILBOXES * EACH + 1 - 50,
        None,
    )
    assert len(set(names)) == len(names)

    dead = sellers[7]
    fault = {"kind": "revoke", "match": "*", "user": dead.email, "count": 1}
    stack.call("POST", "/local/faults", fault, expect=201)
    try:
        page = _page(stack, sellers[0])
    finally:
        stack.raw("DELETE", "/local/faults")
    assert _statuses(page, sellers) == ["needs_reconnect" if seller is dead else "ok" for seller in sellers]
    assert len(page["items"]) == 50
    assert dead.mailbox not in {row["mailbox"] for row in page["items"]}
    # It is known now: nobody asks Google for it again, and the page says the same.
    assert _statuses(_page(stack, sellers[1]), sellers) == _statuses(page, sellers)
