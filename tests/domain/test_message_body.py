"""Which parts of a mail are read in place, and how they become text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.attachments import list_attachments
from shared.domain.flowed import unflow
from shared.domain.mail import Header, Part
from shared.domain.message_body import PART_LIMIT, Allowance, plan_body, show_body
from tests.fakes.proxy_fakes import mail_of


def _mime(kind: str, *parts: str, boundary: str = "x") -> str:
    inner = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


def _part(kind: str, body: str, *headers: str) -> str:
    return "\n".join([f"Content-Type: {kind}", *headers, "", body])


def _leaf(kind: str, body: bytes) -> Part:
    return Part("", kind, body=body)


def _shown(raw: str | bytes) -> tuple[str, list[str | None], list[str], list[str]]:
    plan = plan_body(mail_of(raw).root)
    shown = show_body(plan, {})
    names = [row.name for row in list_attachments(plan.attachments)]
    return shown.text.strip(), [page for _, page in shown.pages], names, list(shown.notes)


def test_alternatives_are_one_body_and_no_attachment() -> None:
    raw = _mime("alternative", _part("text/plain", "words"), _part("text/html", "<p>words</p>"))
    assert _shown(raw) == ("words", ["<p>words</p>"], [], [])


def test_the_page_of_related_parts_is_the_body_and_its_pictures_are_attachments() -> None:
    picture = _part(
        "image/png", "AAAA", "Content-ID: <logo@x>", 'Content-Disposition: inline; filename="l.png"'
    )
    related = _mime("related", _part("text/html", "<img src='cid:logo@x'>"), picture, boundary="r")
    raw = _mime("alternative", _part("text/plain", "words"), related)
    text, pages, names, _ = _shown(raw)
    assert (text, pages, names) == ("words", ["<img src='cid:logo@x'>"], ["l.png"])


def test_the_start_parameter_names_the_page_of_related_parts() -> None:
    picture = _part("image/png", "AAAA", "Content-ID: <pic>")
    page = _part("text/html", "<b>page</b>", "Content-ID: <page>")
    raw = _mime("related", picture, page).replace('boundary="x"', 'boundary="x"; start="<page>"', 1)
    text, pages, names, _ = _shown(raw)
    assert (text, pages, names) == ("page", ["<b>page</b>"], ["attachment.png"])


def test_pieces_of_text_around_a_picture_are_all_shown_in_order() -> None:
    raw = _mime("mixed", _part("text/plain", "one"), _part("image/png", "AA"), _part("text/plain", "two"))
    text, pages, names, _ = _shown(raw)
    assert text.split() == ["one", "two"]
    assert pages == [None, None]
    assert names == ["attachment.png"]


def test_a_list_footer_behind_a_page_is_shown_too() -> None:
    body = _mime(
        "alternative", _part("text/plain", "words"), _part("text/html", "<p>words</p>"), boundary="a"
    )
    raw = _mime("mixed", body, _part("text/plain", "unsubscribe here"))
    text, pages, _, _ = _shown(raw)
    assert "words" in text
    assert "unsubscribe here" in text
    assert pages == ["<p>words</p>", None]


def test_a_page_with_files_inside_alternatives_keeps_its_page_and_its_files() -> None:
    # Apple Mail: multipart/alternative of text and multipart/mixed of page, file, page.
    files = _part("application/pdf", "AA", 'Content-Disposition: attachment; filename="a.pdf"')
    mixed = _mime("mixed", _part("text/html", "<p>one</p>"), files, boundary="m")
    raw = _mime("alternative", _part("text/plain", "one"), mixed)
    text, pages, names, _ = _shown(raw)
    assert (text, pages, names) == ("one", ["<p>one</p>"], ["a.pdf"])


def test_an_invitation_is_an_attachment_and_its_text_the_body() -> None:
    calendar = _part('text/calendar; method=REQUEST; name="invite.ics"', "BEGIN:VCALENDAR")
    raw = _mime("alternative", _part("text/plain", "Come"), _part("text/html", "<p>Come</p>"), calendar)
    assert _shown(raw) == ("Come", ["<p>Come</p>"], ["invite.ics"], [])


def test_a_text_file_sent_as_an_attachment_is_not_the_body() -> None:
    file = _part("text/plain", "secret plan", 'Content-Disposition: attachment; filename="plan.txt"')
    assert _shown(_mime("mixed", _part("text/plain", "hello"), file)) == ("hello", [None], ["plan.txt"], [])


def test_a_signature_is_an_attachment() -> None:
    signed = _mime("signed", _part("text/plain", "hello"), _part("application/pgp-signature", "-----"))
    assert _shown(signed) == ("hello", [None], ["attachment.asc"], [])


def test_an_encrypted_mail_says_so() -> None:
    raw = _mime(
        "encrypted", _part("application/pgp-encrypted", "Version: 1"), _part("application/octet-stream", "x")
    )
    text, _, names, notes = _shown(raw)
    assert text == ""
    assert len(names) == 2
    assert notes == ["encrypted"]


def test_winmail_dat_is_named_as_such() -> None:
    tnef = _part("application/ms-tnef", "AA", 'Content-Disposition: attachment; filename="winmail.dat"')
    text, _, names, notes = _shown(_mime("mixed", _part("text/plain", "hello"), tnef))
    assert (text, names, notes) == ("hello", ["winmail.dat"], ["winmail_dat"])


def test_a_bounce_shows_its_words_and_lists_the_report() -> None:
    raw = _mime("report", _part("text/plain", "It failed"), _part("text/rfc822-headers", "Subject: x"))
    text, _, names, _ = _shown(raw)
    assert text == "It failed"
    assert names == ["attachment"]


def test_an_enclosed_mail_is_one_attachment_called_after_its_subject() -> None:
    inner = Part("1.0", "text/plain", headers=(Header("Subject", "Old offer"),), body=b"inner words")
    enclosed = Part("1", "message/rfc822", attachment_id="A", size=90, parts=(inner,))
    root = Part("", "multipart/mixed", parts=(Part("0", "text/plain", body=b"see below"), enclosed))
    plan = plan_body(root)
    assert show_body(plan, {}).text == "see below"
    assert [row.name for row in list_attachments(plan.attachments)] == ["Old offer.eml"]


def test_an_enclosed_mail_that_cannot_be_had_whole_is_opened() -> None:
    inner = Part("1.0", "text/plain", body=b"inner words")
    root = Part("", "multipart/mixed", parts=(Part("1", "message/rfc822", parts=(inner,)),))
    assert show_body(plan_body(root), {}).text == "inner words"


def test_a_mail_that_is_nothing_but_a_file_has_one_attachment() -> None:
    raw = _part("application/pdf", "AA", 'Content-Disposition: attachment; filename="a.pdf"')
    text, _, names, _ = _shown(raw)
    assert (text, names) == ("", ["a.pdf"])
    assert list_attachments(plan_body(mail_of(raw).root).attachments)[0].id == "root"


def test_a_page_without_text_gives_its_words_as_text() -> None:
    text, _, _, _ = _shown(
        _part("text/html", "<style>p{}</style><p>Dear&nbsp;Ana,</p><p>1 &lt; 2<br>Bye</p>")
    )
    assert text.split("\n") == ["Dear Ana,", "", "1 < 2", "Bye"]


def test_a_body_that_gmail_keeps_apart_is_fetched_and_shown() -> None:
    apart = Part("0", "text/plain", attachment_id="big", size=2_000_000)
    plan = plan_body(Part("", "multipart/mixed", parts=(apart,)))
    assert plan.to_fetch == (apart,)
    assert show_body(plan, {"0": b"long words"}).text == "long words"


def test_a_body_that_could_not_be_fetched_is_noted_and_not_an_error() -> None:
    plan = plan_body(Part("", "text/html", attachment_id="big", size=2_000_000))
    shown = show_body(plan, {})
    assert shown.text == ""
    assert shown.notes == ("body_too_large",)


def test_beyond_the_allowance_of_a_call_text_stands_for_html_and_then_nothing() -> None:
    page, words = b"<p>" + b"w" * 97, b"w" * 50
    both = Part("", "multipart/alternative", parts=(_leaf("text/plain", words), _leaf("text/html", page)))
    root = Part("", "multipart/mixed", parts=(both, both, _leaf("text/html", page), both))
    allowance = Allowance(html=199, text=200)

    shown = show_body(plan_body(root), {}, allowance)

    kept = words.decode()
    assert shown.pages == ((kept, page.decode()), (kept, None), ("w" * 97, None), ("", None))
    assert shown.notes == ("html_refused", "body_not_shown")
    assert (allowance.html, allowance.text) == (99, 0)


@pytest.mark.parametrize(
    ("charset", "raw", "words"),
    [
        ("iso-8859-1", b"caf\xe9 \x80", "café €"),
        ("", "Grüße".encode(), "Grüße"),
        ("", b"Gr\xfc\xdfe", "Grüße"),
        ("us-ascii", b"Gr\xfc\xdfe", "Grüße"),
        ("utf-8", b"Gr\xfc\xdfe", "Gr��e"),
        ("iso-8859-1", "日本".encode(), "日本"),
        ("shift_jis", "日本".encode(), "日本"),
        ("shift_jis", "日本語".encode("shift_jis"), "日本語"),
        ("iso-2022-jp", "日本語".encode("iso2022_jp"), "日本語"),
        ("gb2312", "合同 €".encode("gb18030"), "合同 €"),
        ("x-unknown", b"plain", "plain"),
        ("windows-1256", "مرحبا".encode("cp1256"), "مرحبا"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("utf-16", "Hi".encode("utf-16"), "Hi"),
        ("utf-7", b"Hi +AOk-", "Hi é"),
        ("zlib", b"x\x9c", "x\u0153"),
        ("rot13", b"uryyb", "uryyb"),
        ("unicode_escape", rb"\x41", r"\x41"),
    ],
)
def test_text_is_read_in_the_charset_it_is_truly_in(charset: str, raw: bytes, words: str) -> None:
    headers = (Header("Content-Type", f"text/plain; charset={charset}" if charset else "text/plain"),)
    shown = show_body(plan_body(Part("0", "text/plain", headers=headers, body=raw)), {})
    assert shown.text == words


def test_bytes_that_make_no_sense_are_shown_with_a_note() -> None:
    headers = (Header("Content-Type", "text/plain; charset=utf-8"),)
    shown = show_body(plan_body(Part("0", "text/plain", headers=headers, body=b"ok \xff\xfe")), {})
    assert shown.text.startswith("ok ")
    assert shown.notes == ("body_not_decoded",)


def test_soft_line_breaks_are_joined() -> None:
    raw = _part(
        "text/plain; format=flowed",
        "one \ntwo\n> quoted \n> on\n>> deeper\n-- \nsignature\n from stuffed",
    )
    text, _, _, _ = _shown(raw)
    assert text == "one two\n> quoted on\n>> deeper\n-- \nsignature\nfrom stuffed"


def test_delsp_takes_the_space_of_the_soft_break_away() -> None:
    text, _, _, _ = _shown(_part("text/plain; format=flowed; delsp=yes", "日本 \n語"))
    assert text == "日本語"


def test_a_paragraph_of_many_lines_is_joined_once() -> None:
    def seconds(lines: int) -> float:
        text = "a \n" * lines
        started = time.thread_time()
        assert unflow(text) == "a " * lines
        return time.thread_time() - started

    short, long = (min(seconds(lines) for _ in range(3)) for lines in (50_000, 200_000))
    assert long < 8 * short, "four times the lines, not sixteen times the work"


def test_a_tree_of_too_many_parts_ends_with_a_note() -> None:
    leaves = tuple(Part(str(at), "application/pdf", body=b"x") for at in range(PART_LIMIT + 50))
    plan = plan_body(Part("", "multipart/mixed", parts=leaves))
    assert len(plan.attachments) < PART_LIMIT
    assert plan.notes == ("many_parts",)


def test_a_very_deep_tree_is_walked_without_recursion() -> None:
    part = Part("0", "text/plain", body=b"bottom")
    for _ in range(400):
        part = Part("0", "multipart/mixed", parts=(part,))
    assert show_body(plan_body(part), {}).text == "bottom"


_WORDS = st.text(max_size=60)
_LEAVES = st.builds(
    Part,
    st.sampled_from(["0", "1", "", "0.1"]),
    st.sampled_from(["text/plain", "text/html", "TEXT/HTML", "", "image/png", "message/rfc822", "a"])
    | _WORDS,
    _WORDS,
    st.lists(
        st.builds(
            Header,
            st.sampled_from(["Content-Type", "Content-Disposition", "Content-ID", "Subject"]),
            _WORDS | st.builds("text/plain; charset={}; name*0*={}".format, _WORDS, _WORDS),
        ),
        max_size=3,
    ).map(tuple),
    st.none() | st.binary(max_size=80),
    st.integers(0, 10),
    st.none() | st.just("att"),
)
_TREES = st.recursive(
    _LEAVES,
    lambda below: st.builds(
        Part,
        st.just("0"),
        st.sampled_from(
            ["multipart/mixed", "multipart/alternative", "multipart/related", "multipart/?", "x"]
        ),
        parts=st.lists(below, max_size=4).map(tuple),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(_TREES, st.binary(max_size=40))
def test_no_tree_whatever_raises(root: Part, content: bytes) -> None:
    plan = plan_body(root)
    shown = show_body(plan, {part.id: content for part in plan.to_fetch})
    assert all(row.name and "/" not in row.name for row in list_attachments(plan.attachments, shown.text))
    shown.text.encode()
