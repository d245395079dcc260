"""Answers go to the right people, under the right subject, in the right thread."""

import pytest

from shared.domain.mail import MailMetadata
from shared.domain.replying import (
    REFERENCES_LIMIT,
    Recipients,
    answer_recipients,
    answer_subject,
    bare_subject,
    forward_subject,
    references_of,
)
from tests.fakes.proxy_fakes import mail_of

OWN = frozenset({"alice@own.example", "sales@own.example"})


def _mail(labels: tuple[str, ...] = ("INBOX",), **headers: str) -> MailMetadata:
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return mail_of(f"{lines}\nHello\n", labels=labels).metadata


def _plain(found: Recipients) -> tuple[list[str], list[str]]:
    return [row.address for row in found.to], [row.address for row in found.cc]


def test_an_answer_goes_to_the_sender_alone() -> None:
    mail = _mail(From="Ana <ana@c.example>", To="alice@own.example, bob@c.example", Cc="cy@c.example")
    assert _plain(answer_recipients(mail, OWN, everyone=False)) == (["ana@c.example"], [])


def test_an_answer_to_all_leaves_out_oneself_under_every_address_and_repeats_nobody() -> None:
    mail = _mail(
        From="Ana <ana@c.example>",
        To="Alice <Alice@Own.example>, bob@c.example, ANA@c.example",
        Cc="sales@own.example, bob@C.example, cy@c.example",
    )
    assert _plain(answer_recipients(mail, OWN, everyone=True)) == (
        ["ana@c.example"],
        ["bob@c.example", "cy@c.example"],
    )


def test_reply_to_goes_before_from() -> None:
    mail = _mail(From="ana@c.example", Reply_To="desk@c.example, two@c.example", To="alice@own.example")
    assert _plain(answer_recipients(mail, OWN, everyone=False)) == (["desk@c.example", "two@c.example"], [])
    assert _plain(answer_recipients(mail, OWN, everyone=True)) == (["desk@c.example", "two@c.example"], [])


def test_a_list_that_asks_for_answers_to_itself_gets_them() -> None:
    mail = _mail(
        From="ana@c.example",
        To="team@lists.example",
        Mail_Followup_To="team@lists.example, alice@own.example",
    )
    assert _plain(answer_recipients(mail, OWN, everyone=True)) == (["team@lists.example"], [])
    assert _plain(answer_recipients(mail, OWN, everyone=False)) == (["ana@c.example"], [])


def test_ones_own_mail_is_answered_to_those_it_went_to() -> None:
    mail = _mail(
        ("SENT",), From="alice@own.example", To="ana@c.example, sales@own.example", Cc="cy@c.example"
    )
    assert _plain(answer_recipients(mail, OWN, everyone=False)) == (["ana@c.example"], [])
    assert _plain(answer_recipients(mail, OWN, everyone=True)) == (["ana@c.example"], ["cy@c.example"])


def test_a_mail_to_oneself_alone_is_answered_to_nobody() -> None:
    mail = _mail(From="alice@own.example", To="sales@own.example")
    assert answer_recipients(mail, OWN, everyone=True) == Recipients(())


def test_broken_addresses_are_left_out() -> None:
    mail = _mail(
        From="ana@c.example", To="alice@own.example, undisclosed recipients:;, broken@, x@\u202e.example"
    )
    assert _plain(answer_recipients(mail, OWN, everyone=True)) == (["ana@c.example"], [])


@pytest.mark.parametrize(
    ("old", "answer"),
    [
        ("Hello", "Re: Hello"), ("Re: Hello", "Re: Hello"), ("RE: Hello", "RE: Hello"), ("AW: Hallo", "AW: Hallo"),
        ("SV: Hej", "SV: Hej"), ("Re[2]: Hello", "Re[2]: Hello"),
        ("回复：你好", "回复：你好"), ("Reason: x", "Re: Reason: x"),
        ("Fwd: Hello", "Re: Fwd: Hello"), ("", "Re:"), ("=?utf-8?b?R3LDvMOfZQ==?=", "Re: Grüße"),
        ("=?utf-8?q?Invoice=0D=0ABcc=3A_evil=40x=2Ey?=", "Re: Invoice Bcc: evil@x.y"),
    ],
)  # fmt: skip
def test_the_subject_of_an_answer(old: str, answer: str) -> None:
    assert answer_subject(_mail(Subject=old)) == answer


@pytest.mark.parametrize(
    ("old", "forward"),
    [
        ("Hello", "Fwd: Hello"),
        ("Fwd: Hello", "Fwd: Hello"),
        ("WG: Hallo", "WG: Hallo"),
        ("Re: Hello", "Fwd: Re: Hello"),
    ],
)
def test_the_subject_of_a_forward(old: str, forward: str) -> None:
    assert forward_subject(_mail(Subject=old)) == forward


def test_subjects_share_a_thread_whatever_prefixes_they_have() -> None:
    same = {"Hello  you", "Re: hello you", "AW: Re: Fwd: Hello you", "Re[3]: HELLO YOU"}
    assert len({bare_subject(subject) for subject in same}) == 1
    assert bare_subject("Hello you two") != bare_subject("Hello you")


def test_references_grow_by_the_answered_mail() -> None:
    mail = _mail(Message_ID="<c@x>", References="<a@x>\n <b@x>", In_Reply_To="<b@x>")
    assert references_of(mail) == ("<c@x>", ("<a@x>", "<b@x>", "<c@x>"))


def test_without_references_the_mail_answered_before_stands_for_them() -> None:
    mail = _mail(Message_ID="<c@x>", In_Reply_To="<b@x> Ana's mail of <Tuesday>")
    assert references_of(mail) == ("<c@x>", ("<b@x>", "<c@x>"))


def test_at_most_twenty_references_are_kept_and_the_first_is_one_of_them() -> None:
    earlier = [f"<m{number}@x>" for number in range(50)]
    _, chain = references_of(_mail(Message_ID="<last@x>", References=" ".join(earlier)))
    assert len(chain) == REFERENCES_LIMIT == 20
    assert (chain[0], chain[-1]) == ("<m0@x>", "<last@x>")
    assert chain[1:-1] == tuple(earlier[-18:])


def test_ids_that_would_break_a_header_are_left_out() -> None:
    mail = _mail(Message_ID="<c@x>", References="<a b@x> <\u00e9@x> <ok@x> <" + "y" * 300 + "@x>")
    assert references_of(mail) == ("<c@x>", ("<ok@x>", "<c@x>"))


def test_a_mail_without_a_message_id_is_answered_without_references() -> None:
    assert references_of(_mail(From="ana@c.example")) == ("", ())
