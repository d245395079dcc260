"""The test account's mailbox: writes mails of our own, remembers every one, and takes all of them away again."""

import base64
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final

from google.auth.exceptions import RefreshError
from googleapiclient.errors import HttpError

from local.cli.fault import Fault
from local.gmail.quota import UNITS_2026

MARK: Final = "X-Crm-Gmail-Live-Check"
"""The header by which a mail is known to be ours; its value is the run's token."""
_POLL_S: Final = 2.0
_AT_ONCE: Final = 500

Pushes = Callable[[], list[Mapping[str, Any]]]
"""Takes the notifications that have come since the last call: `emailAddress` and `historyId` of each."""


class Unclear(Exception):
    """Gmail's answer allows no verdict; the message says why, without anything of a mail."""


@dataclass(frozen=True)
class Patience:
    """Seconds that something may take to show, and repetitions of a call that Gmail throttles."""

    seconds: float = 180.0
    repeats: int = 4
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class SecondConsent:
    """The same account's to the same client. `users`: what its token opens, which holds `gmail.metadata` beside a wider
    scope; `end`: revokes it, and says whether Google said so; `again`: asks for a third one. It raises Unclear.
    """

    users: Any
    end: Callable[[], bool]
    again: Callable[[], "ConsentAgain"]


@dataclass(frozen=True)
class ConsentAgain:
    """A third consent, of which the person leaves out `gmail.metadata`. `allowed`: its scopes; `named`: those that
    Google then names to a refresh of the second one; `users`: what that opens.
    """

    allowed: frozenset[str]
    named: frozenset[str]
    users: Any


class Mailbox:
    """`users` is the `users()` of Google's own client. `token` is a word that no other mail holds. Raises Fault."""

    def __init__(
        self,
        users: Any,
        token: str,
        patience: Patience,
        topic: str | None = None,
        pushes: Pushes | None = None,
        second: SecondConsent | None = None,
    ) -> None:
        self.users = users
        self.second = second
        self.token = token
        self.topic = topic
        self.pushes = pushes
        self.units = 0
        self._patience = patience
        self._made: list[str] = []
        self._label: str | None = None
        profile = self._profile(users)
        self.address = str(profile["emailAddress"])
        self._began_at = str(profile["historyId"])

    def beside(self, users: Any) -> Any:
        """The same, which another token opens. Raises Fault where that is of another account."""
        if str(self._profile(users)["emailAddress"]) != self.address:
            raise Fault("You signed in to another account than before.")
        return users

    def call(self, method: str, request: Any) -> Any:
        """Carries out a request, counting its units, though not those of a repetition. Raises HttpError."""
        self.units += UNITS_2026[method]
        return request.execute(num_retries=self._patience.repeats)

    def refuses(self, method: str, request: Any) -> bool:
        """Whether Gmail forbids a request. Raises HttpError for any other refusal."""
        try:
            self.call(method, request)
        except HttpError as refusal:
            if refusal.resp.status != 403:
                raise
            return True
        return False

    def opens(self) -> bool:
        """Whether the token still opens the mailbox: a unit where it does."""
        try:
            self.users.getProfile(userId="me").execute()
        except RefreshError:
            # Google's client was answered 401 and would get another token, if it could.
            return False
        self.units += UNITS_2026["getProfile"]
        return True

    def mail(self, subject: str) -> EmailMessage:
        """A mail to be completed by a check; its sender is nobody's address."""
        message = EmailMessage()
        message["From"] = "Live check <nobody@crm-gmail.invalid>"
        message["To"] = self.address
        message["Subject"] = f"{subject} {self.token}"
        message[MARK] = self.token
        return message

    def put(self, mail: EmailMessage | bytes, *labels: str) -> str:
        """Puts a mail into the mailbox without sending it, under our label; its id."""
        content = mail if isinstance(mail, bytes) else mail.as_bytes()
        body = {"raw": encode(content), "labelIds": [self._our_label(), *labels]}
        request = self.users.messages().insert(userId="me", body=body, internalDateSource="dateHeader")
        made = str(self.call("messages.insert", request)["id"])
        self._made.append(made)
        return made

    def read(self, message: str, form: str = "full") -> dict[str, Any]:
        """A mail as Gmail shows it. Raises HttpError."""
        request = self.users.messages().get(userId="me", id=message, format=form)
        answer: dict[str, Any] = self.call("messages.get", request)
        return answer

    def attachment(self, message: str, attachment: str) -> bytes:
        """The bytes behind an attachmentId."""
        request = self.users.messages().attachments().get(userId="me", messageId=message, id=attachment)
        return decode(self.call("messages.attachments.get", request)["data"])

    def found(self, query: str) -> set[str]:
        """Our mails that a search finds now."""
        request = self.users.messages().list(userId="me", q=query, maxResults=100)
        answer = self.call("messages.list", request)
        return {row["id"] for row in answer.get("messages", [])} & set(self._made)

    def until_found(self, message: str, query: str) -> float:
        """Waits until a search finds the mail; seconds that it took. Raises Unclear."""
        return self.wait(lambda: message in self.found(query), "the search never found a mail of ours")

    def wait(self, condition: Callable[[], bool], otherwise: str) -> float:
        """Asks until `condition` holds; seconds that it took. Raises Unclear with `otherwise`."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began >= self._patience.seconds:
                raise Unclear(f"{otherwise} within {self._patience.seconds:.0f} s")
            self._patience.pause(_POLL_S)
        return time.monotonic() - began

    def remember(self, message: str) -> None:
        """Counts a mail that a check has sent among ours."""
        self._made.append(message)

    def clean(self) -> int:
        """Deletes all that this run made, also what arrived through sending. How many mails are left behind."""
        ours = {*self._made, *(each for each in self._added() if self._is_ours(each))}
        for start in range(0, len(ours), _AT_ONCE):
            body = {"ids": sorted(ours)[start : start + _AT_ONCE]}
            self.call("messages.batchDelete", self.users.messages().batchDelete(userId="me", body=body))
        if self._label is not None:
            self.call("labels.delete", self.users.labels().delete(userId="me", id=self._label))
        return sum(self._is_ours(each) for each in ours)

    def _profile(self, users: Any) -> Any:
        try:
            return self.call("getProfile", users.getProfile(userId="me"))
        except HttpError as refusal:
            raise Fault(
                f"Gmail refused to say whose mailbox this is ({refusal.resp.status}): is the Gmail API on in the "
                "client's project? https://console.cloud.google.com/apis/library/gmail.googleapis.com"
            ) from None

    def _our_label(self) -> str:
        if self._label is None:
            body = {"name": f"crm-gmail live check {self.token}"}
            made = self.call("labels.create", self.users.labels().create(userId="me", body=body))
            self._label = str(made["id"])
        return self._label

    def _added(self) -> set[str]:
        """Ids of all mails that came since the run began; whether they are ours is another question."""
        ids: set[str] = set()
        asked = {"userId": "me", "startHistoryId": self._began_at, "historyTypes": ["messageAdded"]}
        page: str | None = None
        while True:
            request = self.users.history().list(**asked, pageToken=page)
            answer = self.call("history.list", request)
            for row in answer.get("history", []):
                ids |= {added["message"]["id"] for added in row.get("messagesAdded", [])}
            page = answer.get("nextPageToken")
            if not page:
                return ids

    def _is_ours(self, message: str) -> bool:
        """Whether the mail exists and carries this run's mark."""
        asked = {"userId": "me", "id": message, "format": "metadata", "metadataHeaders": [MARK]}
        try:
            shown = self.call("messages.get", self.users.messages().get(**asked))
        except HttpError as refusal:
            if refusal.resp.status == 404:
                return False
            raise
        headers = shown.get("payload", {}).get("headers", [])
        return any(header["value"].strip() == self.token for header in headers)


def encode(content: bytes) -> str:
    """base64url, as Gmail's `raw` wants it."""
    return base64.urlsafe_b64encode(content).decode("ascii")


def decode(data: str) -> bytes:
    """The bytes of Gmail's base64url, which may come without its padding."""
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
