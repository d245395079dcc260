"""What the caller leaves out comes from the account and from the mail that is answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from functions.proxy.write_mail import Wanted, Written, write_mail
from shared.adapters.safe_html import clean_html
from shared.domain.addresses import Address
from shared.domain.compose import compose
from shared.domain.mail import Part
from shared.domain.outgoing import Alias
from shared.errors import BadInput, NotFound, TooLarge, UpstreamDown
from tests.fakes.proxy_fakes import FakeGmail, caller, mail_of, mailbox_of

BOX = mailbox_of(caller())
ANA = Address("", "ana@client.example")
ALICE = Alias(Address("Alice", BOX.email), verified=True)
SALES = Alias(
    Address("Sales", "sales@own.example"), True, True, "desk@own.example", "<b>Alice</b> <i>Sales</i>"
)
UNPROVEN = Alias(Address("Boss", "boss@own.example"), verified=False)
PICTURE = b"\x89PNG\r\n\x1a\n"

OLD = """From: Ana <ana@client.example>
To: alice@own.example
Subject: Plans
Message-ID: <old@client.example>
MIME-Version: 1.0
Content-Type: multipart/related; boundary=x

--x
Content-Type: text/html

<p>Look: <img src="cid:pic@x"><script>steal()</script></p>
--x
Content-Type: image/png; name=plan.png
Content-ID: <pic@x>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--x--
"""


@dataclass
class Account(FakeGmail):
    """Alice's Gmail account with its addresses; `raws` are mails as they came, by id."""

    aliases: tuple[Alias, ...] = (ALICE,)
    raws: dict[str, bytes] = field(default_factory=dict)

    def list_aliases(self) -> Sequence[Alias]:
        return self.aliases

    def get_raw(self, message_id: str) -> bytes:
        return self.raws[message_id]


def _write(account: Account, **wanted: object) -> Written:
    values = replace(Wanted(), **wanted)  # type: ignore[arg-type]
    return write_mail(values, "ab12", BOX, account, clean_html)  # type: ignore[arg-type]


def test_the_default_address_of_the_account_sends_with_its_reply_address() -> None:
    mail = _write(Account(aliases=(ALICE, SALES)), to=(ANA,)).mail
    assert mail.sender == SALES.address
    assert mail.reply_to == Address("", "desk@own.example")
    assert b"Reply-To: desk@own.example\r\n" in bytes(compose(mail))


def test_without_a_default_the_account_itself_sends() -> None:
    assert _write(Account(), to=(ANA,)).mail.sender == ALICE.address


@pytest.mark.parametrize(
    "sender", ["boss@own.example", "ana@client.example", "", "alice@own.example, x@y.example", "x"]
)
def test_from_must_be_a_verified_address_of_the_account(sender: str) -> None:
    with pytest.raises(BadInput) as refused:
        _write(Account(aliases=(ALICE, UNPROVEN)), to=(ANA,), sender=sender)
    assert refused.value.code == "not_an_alias"


def test_the_signature_of_the_address_is_added_where_it_is_asked_for() -> None:
    account = Account(aliases=(ALICE, SALES))
    assert "Sales" not in _write(account, to=(ANA,), text="Hi", html="<p>Hi</p>").mail.text
    mail = _write(account, to=(ANA,), text="Hi", html="<p>Hi</p>", signature=True).mail
    assert mail.text == "Hi\n\n-- \nAlice Sales"
    assert SALES.signature in (mail.html or "")


def test_nobody_gets_a_mail_twice() -> None:
    other = Address("Ana C.", "ANA@client.example")
    mail = _write(Account(), to=(ANA, other), cc=(other,), bcc=(ANA, Address("", "cy@x.example"))).mail
    assert (mail.to, mail.cc, mail.bcc) == ((ANA,), (), (Address("", "cy@x.example"),))


def test_an_answer_under_another_subject_leaves_the_thread() -> None:
    account = Account(mails=[mail_of(OLD, "m1")])
    same = _write(account, answered="m1", mode="reply", text="Fine")
    assert (same.thread_id, same.mail.subject, same.mail.references) == (
        "t-m1",
        "Re: Plans",
        ("<old@client.example>",),
    )
    assert _write(account, answered="m1", mode="reply", subject="AW: plans").thread_id == "t-m1"
    assert _write(account, answered="m1", mode="reply", subject="Lunch").thread_id is None


def test_the_quotation_in_an_answer_is_safe_and_left_out_on_wish() -> None:
    account = Account(mails=[mail_of(OLD, "m1")])
    html = _write(account, answered="m1", mode="reply", html="<p>Fine</p>").mail.html or ""
    assert html.startswith("<p>Fine</p>")
    assert "Look:" in html
    assert "script" not in html
    assert "steal" not in html
    assert (
        _write(account, answered="m1", mode="reply", html="<p>Fine</p>", quote=False).mail.html
        == "<p>Fine</p>"
    )


def test_a_forward_of_plain_text_keeps_the_old_mails_html_and_its_pictures_in_place() -> None:
    account = Account(mails=[mail_of(OLD, "m1")])
    mail = _write(account, to=(ANA,), answered="m1", mode="forward", text="See <below>").mail
    (picture,) = mail.files
    assert (picture.name, picture.content) == ("plan.png", PICTURE)
    assert f'src="cid:{picture.content_id}"' in (mail.html or "")
    assert "See &lt;below&gt;" in (mail.html or "")
    assert "script" not in (mail.html or "")
    compose(mail)


def test_a_forward_that_is_too_large_is_refused_before_its_files_are_fetched() -> None:
    old = mail_of(OLD, "m1")
    big = replace(old.root.parts[1], body=None, attachment_id="a1", size=30_000_000)
    account = Account(mails=[replace(old, root=replace(old.root, parts=(old.root.parts[0], big)))])
    with pytest.raises(TooLarge):
        _write(account, to=(ANA,), answered="m1", mode="forward")
    assert "attachments.get" not in account.calls


def test_a_mail_enclosed_in_a_forward_is_whole_but_for_its_blind_copies() -> None:
    raw = OLD.replace("Subject:", "Bcc: secret@own.example,\n more@own.example\nSubject:").encode()
    account = Account(mails=[mail_of(raw, "m1")], raws={"m1": raw})
    mail = _write(account, to=(ANA,), answered="m1", mode="forward", forward_as="attachment").mail
    (file,) = mail.files
    assert file.name == "Plans.eml"
    assert file.content == OLD.encode()


def _page(words: int) -> Part:
    return Part("0", "text/html", body=b"<p>" + b"word " * words)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((_page(500_000),), id="a page too large to be read"),
        pytest.param((_page(100_000),) * 9, id="more pages than are made safe"),
        pytest.param((Part("0", "text/plain", body=b"word " * 300_000),), id="a text too long to be shown"),
        pytest.param(
            (Part("0", "text/html", attachment_id="gone", size=9_000),), id="a body that does not come"
        ),
        pytest.param((Part("0", "text/plain", body=b"word"),) * 600, id="more parts than are looked at"),
    ],
)
def test_a_mail_that_cannot_be_had_whole_as_text_is_enclosed_in_its_forward(parts: tuple[Part, ...]) -> None:
    old = replace(mail_of(OLD, "m1"), root=Part("", "multipart/mixed", parts=parts))
    account = Account(mails=[old], raws={"m1": OLD.encode()}, broken={"gone": UpstreamDown("down")})
    mail = _write(account, to=(ANA,), answered="m1", mode="forward", text="See below").mail
    assert [(file.name, file.content) for file in mail.files] == [("Plans.eml", OLD.encode())]
    assert mail.text.startswith("See below\n\n---------- Forwarded message")


def test_a_mail_that_is_had_whole_is_not_enclosed_as_well() -> None:
    old = replace(mail_of(OLD, "m1"), root=Part("", "multipart/mixed", parts=(_page(60_000),) * 3))
    mail = _write(Account(mails=[old]), to=(ANA,), answered="m1", mode="forward", text="See below").mail
    assert mail.files == ()
    assert (mail.html or "").count("<p>") == 3


def test_a_mail_of_another_mailbox_cannot_be_answered() -> None:
    with pytest.raises(NotFound):
        _write(Account(), answered="m1", mode="reply")
