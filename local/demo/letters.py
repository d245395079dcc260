"""Writes letters in five languages from the phrases, by the dice of one seeded generator."""

import html
import random
from dataclasses import replace
from datetime import datetime, timedelta

from local.demo import files
from local.demo.mime import Attachment, Letter, Mailbox
from local.demo.texts import PHRASES

LARGE_FILE_BYTES = 6 * 1024 * 1024


class Desk:
    """Makes letters; each has its own Message-ID, and equal dice give equal letters."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._written = 0

    def next_id(self, domain: str) -> str:
        """A fresh Message-ID at `domain`."""
        self._written += 1
        return f"<{self._written:05}.{self.rng.getrandbits(48):012x}@{domain}>"

    def plain(
        self, sender: Mailbox, to: tuple[Mailbox, ...], language: str, company: str, sent_at: datetime
    ) -> Letter:
        """A short business letter as plain text."""
        phrases = PHRASES[language]
        words = self._words(sender[0], to[0][0], company, language, sent_at)
        rng = self.rng
        body = "\n".join(rng.sample(phrases.details, rng.randrange(1, 4)))
        text = "\n\n".join(
            (
                phrases.greeting,
                rng.choice(phrases.openings),
                body,
                rng.choice(phrases.closings),
                phrases.farewell,
            )
        )
        return Letter(
            sender=sender,
            to=to,
            subject=rng.choice(phrases.subjects).format(**words),
            text=text.format(**words) + "\n",
            sent_at=sent_at,
            message_id=self.next_id(_domain(sender)),
        )

    def reply(
        self, parent: Letter, sender: Mailbox, language: str, company: str, sent_at: datetime
    ) -> Letter:
        """An answer to `parent`, with its text quoted below and the thread's References (RFC 5322 3.6.4)."""
        phrases = PHRASES[language]
        answer = self.plain(sender, (parent.sender,), language, company, sent_at)
        intro = phrases.wrote.format(day=f"{parent.sent_at:%Y-%m-%d}", writer=parent.sender[0])
        quoted = "\n".join(f"> {line}".rstrip() for line in parent.text.splitlines())
        prefix = phrases.reply_prefix
        return replace(
            answer,
            subject=parent.subject if parent.subject.startswith(prefix) else prefix + parent.subject,
            text=f"{answer.text}\n{intro}\n{quoted}\n",
            in_reply_to=parent.message_id,
            references=(*parent.references, parent.message_id),
        )

    def newsletter(
        self, sender: Mailbox, to: Mailbox, language: str, company: str, sent_at: datetime
    ) -> Letter:
        """HTML with remote pictures, a tracking pixel, counted links, style blocks and a script."""
        phrases = PHRASES[language]
        words = self._words(sender[0], to[0], company, language, sent_at)
        lines = [line.format(**words) for line in phrases.news_lines]
        base = f"https://news.{_domain(sender)}"
        token = f"{self.rng.getrandbits(64):016x}"
        return Letter(
            sender=sender,
            to=(to,),
            subject=self.rng.choice(phrases.news_subjects).format(**words),
            text="\n\n".join(lines) + f"\n\n{phrases.unsubscribe}: {base}/u/{token}\n",
            html=_newsletter_html(
                phrases.news_title.format(**words), lines, phrases.unsubscribe, base, token
            ),
            sent_at=sent_at,
            message_id=self.next_id(_domain(sender)),
            extra={
                "List-Unsubscribe": f"<{base}/u/{token}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Precedence": "bulk",
            },
        )

    def with_file(self, letter: Letter, kind: str) -> Letter:
        """The same letter with a file; `kind` is pdf, png, ics, large or inline."""
        if kind == "inline":
            picture = self._picture(letter)
            return replace(letter, html=_html_with_picture(letter.text, picture), attachments=(picture,))
        return replace(letter, attachments=(self._file(letter, kind),))

    def spam(self, to: Mailbox, language: str, sent_at: datetime) -> Letter:
        """An unwanted mail from nowhere."""
        phrases = PHRASES[language]
        sender = ("", f"win{self.rng.randrange(1000)}@prize-draw.example")
        words = self._words("", to[0], "", language, sent_at)
        return Letter(
            sender=sender,
            to=(to,),
            subject=self.rng.choice(phrases.spam_subjects).format(**words),
            text=f"{phrases.spam_line}\n",
            html=f'<p>{phrases.spam_line}</p><a href="https://prize-draw.example/go">$$$</a>',
            sent_at=sent_at,
            message_id=self.next_id("prize-draw.example"),
        )

    def to_list(self, sender: Mailbox, language: str, company: str, sent_at: datetime) -> Letter:
        """A post to a mailing list (RFC 2919, RFC 2369): the reader's address is not in To."""
        phrases = PHRASES[language]
        letter = self.plain(sender, (("", "users@lists.guild.example"),), language, company, sent_at)
        return replace(
            letter,
            subject=f"[users] {self.rng.choice(phrases.list_subjects)}",
            extra={
                "List-Id": "Users of lamps and coolers <users.lists.guild.example>",
                "List-Post": "<mailto:users@lists.guild.example>",
                "List-Unsubscribe": "<mailto:users-leave@lists.guild.example>",
                "Precedence": "list",
            },
        )

    def _words(
        self, writer: str, reader: str, company: str, language: str, sent_at: datetime
    ) -> dict[str, str]:
        return {
            "writer": writer,
            "reader": reader,
            "company": company,
            "product": self.rng.choice(PHRASES[language].products),
            "day": f"{sent_at + timedelta(days=self.rng.randrange(2, 15)):%Y-%m-%d}",
            "past": f"{sent_at - timedelta(days=self.rng.randrange(1, 9)):%Y-%m-%d}",
        }

    def _file(self, letter: Letter, kind: str) -> Attachment:
        number = self.rng.randrange(100, 999)
        if kind == "pdf":
            name = f"offer-{number} – {letter.subject[:20]}.pdf"
            return Attachment(name, "application/pdf", files.pdf(letter.subject))
        if kind == "png":
            return Attachment(f"photo-{number}.png", "image/png", files.png(self.rng))
        if kind == "large":
            return Attachment("drawings.zip", "application/zip", files.archive(self.rng, LARGE_FILE_BYTES))
        start = letter.sent_at + timedelta(days=5)
        uid = letter.message_id.strip("<>")
        return Attachment(
            "invite.ics", "text/calendar", files.ics(letter.subject, start, letter.sender[1], uid)
        )

    def _picture(self, letter: Letter) -> Attachment:
        name = f"picture{self.rng.randrange(100, 999)}"
        cid = f"{name}@{_domain(letter.sender)}"
        return Attachment(f"{name}.png", "image/png", files.png(self.rng), cid)


def _domain(mailbox: Mailbox) -> str:
    return mailbox[1].rpartition("@")[2].lower()


def _html_with_picture(text: str, picture: Attachment) -> str:
    paragraphs = "".join(f"<p>{html.escape(part)}</p>\n" for part in text.split("\n\n"))
    return f'{paragraphs}<p><img src="cid:{picture.cid}" alt="picture" width="160"></p>\n'


def _newsletter_html(title: str, lines: list[str], unsubscribe: str, base: str, token: str) -> str:
    items = "".join(
        f'<tr><td style="padding:12px;font:15px sans-serif"><img src="{base}/img/{number}.jpg?r={token}"'
        f' width="120" alt=""> {html.escape(line)} <a href="{base}/c/{token}/{number}">…</a></td></tr>\n'
        for number, line in enumerate(lines, start=1)
    )
    return (
        "<!doctype html><html><head><style>.h{background:url(" + base + "/bg.png)}</style>"
        '<link rel="stylesheet" href="' + base + '/mail.css"></head>\n<body bgcolor="#f4f1ea">'
        f'<table width="100%"><tr><td class="h"><h1 style="color:#345">{html.escape(title)}</h1></td></tr>\n'
        f'{items}</table>\n<p><a href="{base}/u/{token}">{html.escape(unsubscribe)}</a></p>\n'
        f'<img src="{base}/open.gif?t={token}" width="1" height="1" alt="">'
        f'<script src="{base}/t.js"></script></body></html>\n'
    )
