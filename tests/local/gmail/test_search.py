"""Gmail's search language, as the emulator reads it: words, fields, labels and how they combine."""

import pytest

from local.gmail.search import leaves_out_spam_trash, parse
from tests.local.gmail.searched_mail import a_mail, finds

FOUND = [
    # Words: whole ones, no case, no accents; anywhere in the mail.
    "",
    "   ",
    "price",
    "PRICE report",
    "muller",
    "jörg",
    "J\u006f\u0308rg",
    "quarterly",
    "amy",
    "4711",
    "#4711",
    "AT&T",
    "hidden@example.net",
    "q3_report-final",
    "q3_report",
    # Phrases.
    '"price is"',
    '"the price is 1.250,00"',
    '"see the quarterly report"',
    '"mueller example"',
    'subject:"quote 4711"',
    '"unclosed is no phrase" OR "price is',
    # Symbols join words to phrases, or part them.
    "1.250",
    "250,1",
    "price:EUR",
    "EUR*price",
    "unknown:price OR nothing:here OR price:report",
    # Senders and recipients.
    "from:jörg",
    "from:mueller",
    "from:joerg.mueller@example.de",
    "from:<joerg.mueller@example.de>",
    "from:(joerg.mueller@example.de)",
    "from:example.de",
    "from:@example.de",
    "from:mueller+joerg",
    "FROM:Mueller",
    "from: mueller",
    "to:amy",
    "to:me",
    "-from:me",
    "to:dave_s",
    "to:hidden",
    "cc:dave_s@example.org",
    "bcc:hidden",
    "deliveredto:amy+crm@crm.example",
    "list:gardening.lists.example.com",
    "subject:quote",
    "subject:(quote 4711)",
    # Message-ID.
    "rfc822msgid:<CAF(1)+x=y@mail.example.de>",
    "rfc822msgid:<CAF(1)+x=y@mail.example.de> price",
    # Labels.
    "label:deals-open-deals",
    "label:Deals-Open-Deals",
    'label:"Deals/Open Deals"',
    "label:deals/open-deals",
    "label:inbox",
    "label:unread",
    "-label:vip",
    "-label:open-deals",
    "in:inbox",
    "in:anywhere",
    "in:all",
    "in:deals-open-deals",
    "is:unread",
    "-is:read",
    "-is:starred",
    "has:userlabels",
    "-has:nouserlabels",
    "has:attachment",
    "filename:pdf",
    "filename:.pdf",
    "filename:q3_report-final.pdf",
    "filename:final",
    # Combinations.
    "nothing OR price",
    "price OR nothing",
    "price | nothing",
    "nothing OR nowhere OR price",
    "nothing OR price from:mueller",
    "from:mueller nothing OR price",
    "{nothing price}",
    "{nothing from:mueller}",
    "{nothing} OR (price report)",
    "(price report) OR nothing",
    "-(price nothing)",
    "-{nothing nowhere}",
    "-nothing -nowhere",
    "--price",
    "from:(nobody OR mueller)",
    "from:{nobody mueller}",
    "from:(-nobody mueller)",
    "from:(nobody OR subject:quote)",
    "in:(sent OR inbox)",
    "price AND report",
    "((((price))))",
    # Near each other: "the price is 1 250 00 eur see the quarterly report".
    "price AROUND 1 1.250",
    "1.250 AROUND 1 price",
    "see AROUND 8 price",
    "price AROUND 5 see",
    '"the price" AROUND 2 "250,00"',
    '"price AROUND 5 see"',
    "subject:quote AROUND 2 AT&T",
    "-price AROUND 4 see",
    "nothing OR price AROUND 5 see",
    # What has no meaning counts for nothing.
    "price (",
    "price )",
    "price }{",
    "(price",
    "price)",
    "price ()",
    "price -()",
    "OR price",
    "price OR",
    "price OR OR report",
    "price from:",
    "from: price OR mueller",
    "-",
    "- price",
    '""',
    "!?. price",
    "***",
]

NOT_FOUND = [
    # Parts of words are no words, and there is no stemming.
    "pric",
    "prices",
    "muelle",
    "final_report",
    "from:muell",
    "from:exampl.de",
    "q3",
    "report-final",
    "AT",
    "dave",
    # The order counts in phrases, and nothing may stand between.
    '"is price"',
    '"price 1.250"',
    "250.1",
    "example.mueller",
    # "or" and "and" in small letters are words.
    "nothing or price",
    "price and",
    # Too far from each other, or in the wrong order.
    "price AROUND 4 see",
    '"see AROUND 5 price"',
    "price AROUND 5 nothing",
    "nothing AROUND 5 price",
    "subject:quote AROUND 1 AT&T",
    "from:mueller AROUND 9 price",
    "AROUND 5",
    "price AROUND 5",
    "price AROUND see",
    "is:unread AROUND 5 see",
    # Other fields.
    "from:amy",
    "subject:price",
    "cc:amy",
    "bcc:dave_s",
    "from:me",
    "cc:me",
    "subject:me",
    "deliveredto:dave_s",
    "list:price",
    "rfc822msgid:CAF",
    "rfc822msgid:caf(1)+x=y@mail.example.de",
    "rfc822msgid:<CAF(1)+x=z@mail.example.de>",
    # Labels.
    "label:deals",
    "label:open-deals",
    "label:Label_1",
    "label:vip",
    "in:sent",
    "in:spam",
    "in:nowhere",
    "in:archive",
    "is:read",
    "is:starred",
    "is:important",
    "has:nouserlabels",
    "has:yellow-star",
    "has:nonsense",
    "category:primary",
    "category:nonsense",
    "-has:attachment",
    "filename:docx",
    "filename:***",
    # Combinations.
    "price nothing",
    "nothing OR nowhere",
    "nothing OR price from:nobody",
    "from:nobody nothing OR price",
    "-price",
    "-from:mueller",
    "---price",
    "-(price report)",
    "-{nothing price}",
    '-"price is"',
    "-in:inbox",
    "from:(nobody mueller)",
    "from:(-mueller)",
    "{}  nothing",
    "price AND nothing",
    "(price nothing",
    "from:(mueller nothing",
    # A date, size or age that is none matches nothing.
    "after:yesterday",
    "before:2026/13/01",
    "after:2026-11-10T00:00:00Z",
    "newer_than:2",
    "newer_than:2h",
    "older_than:soon",
    "larger:big",
]


@pytest.mark.parametrize("q", FOUND)
def test_the_query_finds_the_mail(q: str) -> None:
    assert finds(q)


@pytest.mark.parametrize("q", NOT_FOUND)
def test_the_query_does_not_find_the_mail(q: str) -> None:
    assert not finds(q)


@pytest.mark.parametrize(
    ("label", "queries"),
    [
        ("STARRED", ["is:starred", "in:starred", "has:yellow-star", "label:starred"]),
        ("IMPORTANT", ["is:important", "in:important"]),
        ("SENT", ["in:sent", "is:sent", "label:sent"]),
        ("DRAFT", ["in:drafts", "in:draft", "is:draft"]),
        ("SPAM", ["in:spam", "label:spam"]),
        ("TRASH", ["in:trash", "in:bin", "label:trash"]),
        ("UNREAD", ["is:unread", "in:unread", "label:unread"]),
        ("CHAT", ["in:chats", "is:chat"]),
        ("CATEGORY_PERSONAL", ["category:primary"]),
        ("CATEGORY_SOCIAL", ["category:social"]),
        ("CATEGORY_PROMOTIONS", ["category:promotions", "category:Promotions"]),
        ("CATEGORY_UPDATES", ["category:updates"]),
        ("CATEGORY_FORUMS", ["category:forums"]),
        ("Label_2", ["label:vip", "label:VIP", "in:vip", "has:userlabels"]),
    ],
)
def test_a_label_is_what_its_operators_ask_for(label: str, queries: list[str]) -> None:
    for q in queries:
        assert finds(q, a_mail(labels={label})), q
        assert not finds(q, a_mail(labels=set())), q


def test_read_mail_is_mail_that_is_not_unread() -> None:
    assert finds("is:read", a_mail(labels={"INBOX"}))
    assert not finds("is:read", a_mail(labels={"INBOX", "UNREAD"}))


def test_archived_mail_lies_in_no_place_of_its_own() -> None:
    assert finds("in:archive", a_mail(labels={"Label_1", "UNREAD"}))
    for place in ("INBOX", "SENT", "DRAFT", "SPAM", "TRASH"):
        assert not finds("in:archive", a_mail(labels={place})), place


def test_an_attachment_is_asked_for_and_a_picture_in_the_text_is_none() -> None:
    picture = "Content-Type: image/png; name=a.png\nContent-ID: <a>\n\nPNG"
    assert finds("-has:attachment", a_mail(picture))
    assert finds("has:attachment", a_mail(picture.replace("Content-ID", "X-Other")))


def test_script_without_spaces_is_found_by_any_run_of_characters() -> None:
    mail = a_mail("Subject: =?utf-8?b?6KaL56mN5pu444Gu5Lu2?=\n\nต้นฉบับ")
    assert finds("見積書", mail)
    assert finds("subject:積書の", mail)
    assert finds("ฉบับ", mail)
    assert not finds("書積", mail)


def test_a_tag_in_an_address_keeps_it_from_being_found_without() -> None:
    mail = a_mail("From: foo+bar@example.com\n\n")
    assert finds("from:foo+bar@example.com", mail)
    assert not finds("from:foo@example.com", mail)
    # Split into words, it also finds what only looks alike: a search narrows, it does not decide.
    assert finds("from:foo+bar@example.com", a_mail("From: foo <bar@example.com>\n\n"))


@pytest.mark.parametrize(
    ("q", "left_out"),
    [
        ("", True),
        ("price", True),
        ("in:inbox", True),
        ("in:all", True),
        ("is:unread", True),
        ("-in:trash", True),
        ("-(in:trash OR in:spam) price", True),
        ("subject:trash", True),
        ("from:(trash)", True),
        ('"in:trash"', True),
        ("trash", True),
        ("in:anywhere", False),
        ("in:anywhere price", False),
        ("IN:Anywhere", False),
        ("in:trash", False),
        ("in:spam from:mueller", False),
        ("label:trash", False),
        ('label:"Spam"', False),
        ("is:spam", False),
        ("in:(inbox OR trash)", False),
        ("{in:spam price}", False),
        ("price OR (subject:x in:trash)", False),
        ('x@y.z" OR in:anywhere', True),
        ('from:"x@y.z" OR in:anywhere"', False),
        ("from:x@y.z OR in:anywhere", False),
    ],
)
def test_spam_and_trash_are_left_out_unless_they_are_asked_for(q: str, left_out: bool) -> None:
    assert leaves_out_spam_trash(parse(q)) is left_out
