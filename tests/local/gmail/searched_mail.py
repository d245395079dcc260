"""A mail to search for, and whether a query finds it."""

from datetime import UTC, datetime

from local.gmail.payload import parse as parse_mail
from local.gmail.search import SearchableMail, parse, searchable

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ARRIVED = datetime(2026, 11, 10, 18, 30, tzinfo=UTC)

RAW = """\
From: =?utf-8?q?J=C3=B6rg_M=C3=BCller?= <joerg.mueller@example.de>
To: "Pond, Amy" <amy@crm.example>
Cc: dave_s@example.org
Bcc: hidden@example.net
Delivered-To: amy+crm@crm.example
List-ID: Gardening <gardening.lists.example.com>
Message-ID: <CAF(1)+x=y@mail.example.de>
Subject: Re: Quote #4711 for AT&T
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>The price is 1.250,00 EUR, see the <i>quarterly</i> report.</p>
--b
Content-Type: application/pdf; name="Q3_report-final.pdf"
Content-Disposition: attachment

%PDF
--b--
"""
LABEL_NAMES = {"Label_1": "Deals/Open Deals", "Label_2": "VIP", "INBOX": "INBOX", "UNREAD": "UNREAD"}


def a_mail(
    raw: str = RAW, labels: set[str] | None = None, arrived: datetime = ARRIVED, own: str = "amy@crm.example"
) -> SearchableMail:
    label_ids = frozenset({"INBOX", "UNREAD", "Label_1"} if labels is None else labels)
    return searchable(
        parse_mail(raw.encode()), label_ids, LABEL_NAMES, int(arrived.timestamp() * 1000), (own,)
    )


MAIL = a_mail()


def finds(q: str, mail: SearchableMail = MAIL, now: datetime = NOW) -> bool:
    return parse(q).matches(mail, now)
