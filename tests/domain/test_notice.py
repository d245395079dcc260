"""Which messages came in, and from whom."""

import pytest

from shared.domain.mail import Header, MailMetadata
from shared.domain.notice import is_incoming, sender_of
from tests.fakes.proxy_fakes import NOON


def _mail(*headers: tuple[str, str]) -> MailMetadata:
    return MailMetadata("m1", "t1", frozenset({"INBOX"}), NOON, tuple(Header(n, v) for n, v in headers))


@pytest.mark.parametrize(
    ("labels", "incoming"),
    [
        ({"INBOX", "UNREAD"}, True),
        ({"INBOX"}, True),
        ({"Label_7"}, True),
        (set(), True),
        ({"INBOX", "CATEGORY_PROMOTIONS"}, True),
        ({"SENT"}, False),
        ({"INBOX", "SENT"}, False),
        ({"DRAFT"}, False),
        ({"SPAM"}, False),
        ({"TRASH", "INBOX"}, False),
        ({"CHAT"}, False),
    ],
)
def test_mail_came_in_unless_its_labels_say_otherwise(labels: set[str], incoming: bool) -> None:
    """Also what a filter of the user's archived at once: it carries no INBOX."""
    assert is_incoming(frozenset(labels)) is incoming


def test_the_sender_is_the_one_in_from_whatever_else_the_mail_names() -> None:
    mail = _mail(
        ("Reply-To", "x@evil.example"),
        ("Sender", "y@evil.example"),
        ("FROM", "Ana <Ana@Client.example>"),
        ("Return-Path", "<z@evil.example>"),
    )
    assert sender_of(mail) == "ana@client.example"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("From", "")],
        [("From", "a@client.example"), ("From", "a@client.example")],
        [("From", "a@client.example"), ("from", "b@client.example")],
        [("From", "a@client.example, b@client.example")],
    ],
)
def test_an_ambiguous_sender_matches_no_contact(headers: list[tuple[str, str]]) -> None:
    assert sender_of(_mail(*headers)) is None
