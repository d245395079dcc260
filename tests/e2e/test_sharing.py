"""Sharing through the contract's calls: who sees whose mail, what hides it again, and what the audit tells."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
import requests

from shared.domain.audit import departed
from tests.e2e.data_sets import DOMAIN
from tests.e2e.driver import Driver, Seller

CANARY = "canary-ocelot-4417"


@dataclass(frozen=True)
class Shared:
    """Two colleagues; the owner's mailbox has one mail with each of two contacts, and one with a stranger."""

    owner: Seller
    colleague: Seller
    won: str
    lost: str
    stranger: str

    def path(self, message_id: str) -> str:
        return f"/proxy/mailboxes/{self.owner.mailbox}/messages/{message_id}"


@pytest.fixture(scope="module")
def shared(stack: Driver) -> Shared:
    owner, colleague = stack.connect_next(), stack.connect_next()
    senders = ("won@customers.example", "lost@customers.example", "x@strangers.example")
    return Shared(owner, colleague, *[stack.deliver(owner.email, s, CANARY, CANARY) for s in senders])


def settings(stack: Driver, shared: Shared, **change: object) -> Any:
    return stack.call("PATCH", "/oauth/mailbox", change, token=shared.owner.token, expect=200)


def share(stack: Driver, shared: Shared, method: str, contact: str) -> requests.Response:
    return stack.raw(method, f"/oauth/mailbox/shares/{contact}", token=shared.owner.token)


def pages(stack: Driver, path: str, token: str) -> Iterator[Any]:
    """All pages of a list."""
    cursor = ""
    while True:
        page = stack.call("GET", f"{path}{cursor}", token=token, expect=200)
        yield page
        if not page["next_cursor"]:
            return
        cursor = f"?cursor={quote(page['next_cursor'])}"


def opened_by_colleague(stack: Driver, shared: Shared) -> set[str]:
    """Which of the owner's mails the colleague can open."""
    mails = (shared.won, shared.lost, shared.stranger)
    token = shared.colleague.token
    return {mail for mail in mails if stack.raw("GET", shared.path(mail), token=token).status_code == 200}


def seen_by_colleague(stack: Driver, shared: Shared) -> set[str]:
    """Which of the owner's mails the colleague can open; the lists must say the same."""
    opened = opened_by_colleague(stack, shared)
    listed = set()
    for contact in ("won", "lost"):
        # Other tests' mailboxes of the organisation may be shared too.
        for page in pages(stack, f"/proxy/contacts/{contact}/messages", shared.colleague.token):
            listed |= {row["id"] for row in page["items"] if row["mailbox"] == shared.owner.mailbox}
    # The first seller's mailbox holds a contact's mail from the start.
    assert listed & {shared.won, shared.lost, shared.stranger} == opened
    return opened


@contextmanager
def policy(stack: Driver, **changed: object) -> Iterator[None]:
    """Another policy for the block."""
    token = stack.token("admin")
    before = stack.call("GET", "/oauth/org", token=token, expect=200)
    stack.call("PUT", "/oauth/org", before | changed, token=token, expect=200)
    try:
        yield
    finally:
        stack.call("PUT", "/oauth/org", before, token=token, expect=200)


def test_the_owner_opens_and_closes_the_mail_to_a_colleague(stack: Driver, shared: Shared) -> None:
    seen = [seen_by_colleague(stack, shared)]
    refused = share(stack, shared, "PUT", "won")
    settings(stack, shared, sharing="custom")
    seen.append(seen_by_colleague(stack, shared))
    picked = share(stack, shared, "PUT", "won")
    seen.append(seen_by_colleague(stack, shared))
    settings(stack, shared, sharing="public")
    seen.append(seen_by_colleague(stack, shared))
    settings(stack, shared, sharing="private")
    seen.append(seen_by_colleague(stack, shared))
    settings(stack, shared, sharing="custom")
    seen.append(seen_by_colleague(stack, shared))
    ended = share(stack, shared, "DELETE", "won")
    seen.append(seen_by_colleague(stack, shared))

    assert (refused.status_code, refused.json()["code"]) == (409, "custom_sharing_off")
    assert (picked.status_code, ended.status_code) == (200, 204)
    assert share(stack, shared, "PUT", "nobody-known").status_code == 404
    won, both = {shared.won}, {shared.won, shared.lost}
    assert seen == [set(), set(), won, both, set(), won, set()]


def test_the_admins_policy_hides_what_the_owner_shares(stack: Driver, shared: Shared) -> None:
    settings(stack, shared, sharing="public")
    both = {shared.won, shared.lost}
    assert seen_by_colleague(stack, shared) == both
    with policy(stack, share_with={"users": ["nobody"], "roles": []}):
        assert seen_by_colleague(stack, shared) == set()
    with policy(stack, share_with={"users": [], "roles": ["sales"]}):
        assert seen_by_colleague(stack, shared) == both
    with policy(stack, excluded_domains=["customers.example"]):
        assert seen_by_colleague(stack, shared) == set()
    with policy(stack, excluded_domains=[DOMAIN]):
        assert seen_by_colleague(stack, shared) == both, "the owner's own address is on every mail"
    fixed = {"all": "public", "users": {}, "roles": {"sales": "private"}}
    with policy(stack, sharing=fixed):
        assert seen_by_colleague(stack, shared) == set()
        shown = stack.call("GET", "/oauth/mailbox", token=shared.owner.token, expect=200)["settings"]
        assert (shown["sharing"], shown["fixed"]) == ("private", ["sharing"])
        refused = stack.raw("PATCH", "/oauth/mailbox", {"sharing": "public"}, token=shared.owner.token)
        assert refused.json()["code"] == "fixed_by_admin"
    settings(stack, shared, never_shared=["lost@customers.example"])
    assert seen_by_colleague(stack, shared) == {shared.won}
    settings(stack, shared, never_shared=[])


def test_the_admin_opens_mailboxes_whose_owners_keep_them_private(stack: Driver, shared: Shared) -> None:
    settings(stack, shared, sharing="private")
    with policy(stack, sharing={"all": "public", "users": {}, "roles": {}}):
        # A list asks 25 mailboxes at a time, and by now the organisation may have more of them.
        assert opened_by_colleague(stack, shared) == {shared.won, shared.lost}
    owner = shared.owner.email.partition("@")[0]
    with policy(stack, sharing={"all": "users_choice", "users": {owner: "public"}, "roles": {}}):
        assert seen_by_colleague(stack, shared) == {shared.won, shared.lost}
    assert seen_by_colleague(stack, shared) == set()


def test_a_hidden_mail_and_a_missing_one_answer_byte_for_byte_the_same(stack: Driver, shared: Shared) -> None:
    settings(stack, shared, sharing="public")
    token = shared.colleague.token
    bodies = []
    for path in (
        shared.path(shared.stranger),
        shared.path("0000000000000000"),
        "/proxy/mailboxes/none/messages/none",
    ):
        answer = stack.raw("GET", path, token=token)
        assert answer.status_code == 404
        bodies.append(answer.content.replace(answer.json()["request_id"].encode(), b""))
    assert bodies[0] == bodies[1] == bodies[2]


def test_the_owner_reads_who_opened_which_mail_and_the_admin_does_not(stack: Driver, shared: Shared) -> None:
    settings(stack, shared, sharing="public")
    stack.call("GET", shared.path(shared.lost), token=shared.colleague.token, expect=200)

    own = stack.call("GET", "/oauth/mailbox/audit?limit=1", token=shared.owner.token, expect=200)
    whole = stack.call("GET", "/oauth/org/audit?limit=100", token=stack.token("admin"), expect=200)

    opened = own["items"][0]
    reader = shared.colleague.email.partition("@")[0]
    assert (opened["action"], opened["actor"], opened["message_id"]) == (
        "message.viewed",
        reader,
        shared.lost,
    )
    actions = {row["action"] for row in whole["items"]}
    assert {"mailbox.connected", "settings.changed", "policy.changed"} <= actions
    assert "message.viewed" not in actions
    assert CANARY not in json.dumps([own, whole])


def test_nothing_of_a_shared_mail_comes_to_rest(stack: Driver, shared: Shared) -> None:
    settings(stack, shared, sharing="public")
    assert seen_by_colleague(stack, shared), "the control: it was read"
    store = json.dumps(stack.call("GET", "/local/store", expect=200))
    assert shared.won in store, "the control: the audit names it by its id"
    assert CANARY not in store
    assert "strangers.example" not in store


def test_two_pages_that_change_the_same_settings_do_not_undo_each_other(
    stack: Driver, shared: Shared
) -> None:
    token = shared.owner.token
    etag = stack.raw("GET", "/oauth/mailbox", token=token).headers["ETag"]
    first = stack.raw(
        "PATCH", "/oauth/mailbox", {"never_shared": ["a.example"]}, token=token, headers={"If-Match": etag}
    )
    second = stack.raw(
        "PATCH", "/oauth/mailbox", {"sharing": "custom"}, token=token, headers={"If-Match": etag}
    )
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["code"] == "precondition_failed"
    settings(stack, shared, never_shared=[])


def test_the_preview_tells_who_would_see_what_before_it_is_saved(stack: Driver, shared: Shared) -> None:
    settings(stack, shared, sharing="private")
    answer = stack.call(
        "POST",
        "/oauth/mailbox/settings:preview",
        {"sharing": "public"},
        token=shared.owner.token,
        expect=200,
    )
    newly = answer["newly_visible"]
    assert answer["complete"] is True
    assert newly["colleagues"] >= 20, "all but the owner"
    every = stack.call("GET", "/crm/contacts", expect=200)["items"]
    mine = stack.call("GET", "/crm/contacts", token=shared.owner.token, expect=200)["items"]
    assert newly["contacts"] == len(every) > len(mine) >= 10, (
        "a colleague may see contacts that the owner does not"
    )
    assert set(newly["contact_names"]) <= {contact["name"] for contact in mine}
    assert "Won" in newly["contact_names"]
    assert answer["no_longer_visible"]["colleagues"] == 0
    assert seen_by_colleague(stack, shared) == set()


def test_leaving_takes_picks_and_audit_along(stack: Driver) -> None:
    seller = stack.connect_next(sharing="custom")
    stack.call("PUT", "/oauth/mailbox/shares/won", token=seller.token, expect=200)

    receipt = stack.call("DELETE", "/oauth/mailbox", token=seller.token, expect=200)

    assert receipt["erased"]["shares"] == 1
    assert receipt["erased"]["audit"] == 3
    store = json.dumps(stack.call("GET", "/local/store", expect=200))
    user = seller.email.partition("@")[0]
    assert seller.mailbox not in store
    assert f'"{user}"' not in store, "nothing names the user, not even what the admin keeps"
    whole = stack.call("GET", "/oauth/org/audit?limit=100", token=stack.token("admin"), expect=200)
    left = [row["action"] for row in whole["items"] if row["owner"] == departed("harbour", user)]
    assert left == ["mailbox.disconnected", "mailbox.connected"]
