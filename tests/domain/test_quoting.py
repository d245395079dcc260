"""What was written above an old mail is found again, whatever either of them says."""

from datetime import UTC, datetime

from hypothesis import given, strategies

from shared.domain.mail import Header, MailMetadata
from shared.domain.quoting import Bodies, OldMail, with_forwarded, with_quote, without_old_mail

TEXTS = strategies.text(strategies.sampled_from("aé> \n:"), max_size=60)


def old_mail(text: str) -> OldMail:
    head = MailMetadata(
        id="m1",
        thread_id="t1",
        label_ids=frozenset(),
        received_at=datetime(2026, 11, 3, 9, 5, tzinfo=UTC),
        snippet="",
        headers=(Header("From", "Ana <ana@client.example>"), Header("Subject", "Plans")),
    )
    return OldMail(head, text, None)


@given(TEXTS, TEXTS)
def test_an_answer_is_found_above_its_quotation(written: str, old: str) -> None:
    whole = with_quote(Bodies(written, None), old_mail(old)).text
    assert without_old_mail(whole, forward=False) == (written.rstrip() if written.strip() else "")


@given(TEXTS, TEXTS)
def test_what_stands_above_a_forwarded_mail_is_found(written: str, old: str) -> None:
    whole = with_forwarded(Bodies(written, None), old_mail(old)).text
    assert without_old_mail(whole, forward=True) == (written.rstrip() if written.strip() else "")


def test_text_below_a_quotation_is_kept_with_it() -> None:
    text = with_quote(Bodies("Above", None), old_mail("Old")).text + "\nBelow"
    assert without_old_mail(text, forward=False) == text


def test_a_draft_without_an_old_mail_stays_as_it_is() -> None:
    for forward in (True, False):
        assert without_old_mail("> only words", forward=forward) == "> only words"
