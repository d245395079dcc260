"""Where our Gmail emulator and npm's `emulate` are known to differ, and why ours does it the other way."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """One fact of one scenario on which the two emulators differ."""

    scenario: str
    fact: str
    ours: Any
    theirs: Any
    reason: str


ABSENT = "no such fact"
GMAIL = "https://mail.google.com/"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
SYSTEM_LABELS = [
    *("CATEGORY_FORUMS", "CATEGORY_PERSONAL", "CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_UPDATES"),
    *("DRAFT", "IMPORTANT", "INBOX", "SENT", "SPAM", "STARRED", "TRASH", "UNREAD"),
]
MESSAGE_KEYS = [
    *("historyId", "id", "internalDate", "labelIds", "payload", "sizeEstimate", "snippet", "threadId"),
]
TEXT_HEADERS = ["Content-Transfer-Encoding", "Content-Type"]

DIFFERENCES: tuple[Difference, ...] = (
    Difference("consent", "expires_in", 3599, 3600, "Google's tokens say one second less than an hour."),
    Difference(
        "consent",
        "scope",
        [GMAIL, EMAIL, "openid"],
        ["email", GMAIL, "openid"],
        "Google reports `email` by its long name.",
    ),
    Difference("consent", "unknown client", 401, 400, "Google's page says 'Error 401: invalid_client'."),
    Difference(
        "consent",
        "after the code was used again",
        False,
        True,
        "What came from a code used twice ends (RFC 6749 section 4.1.2).",
    ),
    Difference(
        "consent",
        "access after revocation of the refresh token",
        False,
        True,
        "At Google revocation ends both.",
    ),
    Difference(
        "consent", "revoke again", 400, 200, "Google answers invalid_token for a token that is not alive."
    ),
    Difference(
        "consent",
        "an unknown access token works",
        False,
        True,
        "emulate takes any token for its first user's.",
    ),
    Difference("consent", "Gmail without a Gmail scope", False, True, "emulate enforces no scopes."),
    Difference("profile", "getProfile", 200, 404, "emulate has no such method."),
    Difference("profile", "totals", (1, 1), ABSENT, "emulate has no such method."),
    Difference(
        "labels", "system labels", sorted([*SYSTEM_LABELS, "CHAT"]), SYSTEM_LABELS, "Gmail lists CHAT too."
    ),
    Difference(
        "labels",
        "list entries count messages",
        False,
        True,
        "Only labels.get counts messages (reference of the Label resource).",
    ),
    Difference(
        "labels",
        "same name",
        (409, "aborted"),
        (400, "failedPrecondition"),
        "Gmail answers 409 when a label's name is taken.",
    ),
    Difference(
        "labels",
        "same name in capitals",
        (409, "aborted"),
        (400, "failedPrecondition"),
        "The same; names are unique without case.",
    ),
    Difference(
        "labels",
        "name of a system label",
        (400, "invalidArgument"),
        (400, "failedPrecondition"),
        "Gmail calls such a name invalid.",
    ),
    Difference(
        "reading",
        "subject header",
        {"Subject": "Angebot für März"},
        {"Subject": "Angebot =?utf-8?q?f=C3=BCr_M=C3=A4rz?="},
        "Gmail gives headers decoded (RFC 2047).",
    ),
    Difference(
        "reading",
        "date header",
        {"Date": "Mon, 02 Nov 2026 10:00:00 +0000"},
        {"Date": "Mon, 02 Nov 2026 10:00:00 GMT"},
        "emulate writes the date anew.",
    ),
    Difference("reading", "other headers", {"X-Mailer": "Brief 3"}, {}, "emulate keeps ten headers."),
    Difference(
        "reading",
        "part headers",
        [TEXT_HEADERS, [*TEXT_HEADERS, "MIME-Version"]],
        [[], []],
        "emulate drops the headers of text parts.",
    ),
    Difference(
        "reading", "another user", (403, "forbidden"), (404, "notFound"), "Gmail says 'Delegation denied'."
    ),
    Difference("reading", "field mask", ["id", "labelIds"], MESSAGE_KEYS, "emulate ignores `fields`."),
    Difference(
        "bringing_in",
        "inserted is dated by",
        "receipt",
        "Date header",
        "The default of messages.insert is receivedTime (discovery document).",
    ),
    Difference("bringing_in", "not base64", (400, "invalidArgument"), 200, "emulate decodes what it can."),
    Difference("listing", "an empty list has its key", False, True, "Gmail leaves empty lists out."),
    Difference("listing", "OR", ["third", "first"], [], "emulate takes search operators for words."),
    Difference("listing", "braces", ["third", "first"], [], "emulate takes search operators for words."),
    Difference("listing", "minus", ["third", "first"], [], "emulate takes search operators for words."),
    Difference(
        "listing",
        "unknown label",
        (400, "invalidArgument"),
        200,
        "Gmail refuses a label that does not exist.",
    ),
    Difference(
        "changing",
        "untrash",
        ["IMPORTANT", "UNREAD"],
        ["IMPORTANT", "INBOX", "UNREAD"],
        "The message had left the Inbox before; untrash removes TRASH only.",
    ),
    Difference(
        "attachments",
        "csv",
        ("2", "text/csv", "list.csv"),
        ("3", "text/csv", "list.csv"),
        "Part ids count without gaps; emulate skips one.",
    ),
    Difference(
        "drafts",
        "update changes the message's id",
        True,
        False,
        "A draft's update replaces its message (guide 'Working with drafts').",
    ),
    Difference("history", "nothing new has its key", False, True, "Gmail leaves empty lists out."),
    Difference("history", "ids fit into 64 bits", True, False, "emulate's history ids have 21 digits."),
    Difference(
        "history",
        "an ancient start",
        (404, "notFound"),
        200,
        "Gmail answers 404 for an expired startHistoryId.",
    ),
    Difference("batching", "batch", 200, 404, "emulate has no batch endpoint."),
    Difference("batching", "parts", [["INBOX", "UNREAD"], 404], ABSENT, "emulate has no batch endpoint."),
    Difference("watching", "days", 7, 1, "A watch lasts 7 days (guide 'Push notifications')."),
)


def disagreements(
    scenario: str,
    ours: dict[str, Any],
    theirs: dict[str, Any],
    known: tuple[Difference, ...] = DIFFERENCES,
) -> list[str]:
    """One line for each fact that differs without being known to, or not in the way that is known."""
    expected = {difference.fact: difference for difference in known if difference.scenario == scenario}
    lines = []
    for fact in sorted(ours.keys() | theirs.keys() | expected.keys()):
        pair = (ours.get(fact, ABSENT), theirs.get(fact, ABSENT))
        difference = expected.get(fact)
        if difference is None and pair[0] != pair[1]:
            lines.append(f"{fact}: ours {pair[0]!r}, theirs {pair[1]!r}")
        elif difference is not None and pair != (difference.ours, difference.theirs):
            lines.append(
                f"{fact}: ours {pair[0]!r}, theirs {pair[1]!r}, where the table of differences says "
                f"{difference.ours!r} and {difference.theirs!r}"
            )
    return lines
