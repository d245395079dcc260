"""What this function's calls take: query strings and bodies, with unknown fields refused."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from functions.proxy.show_mail import Images
from shared.web import Body


class Query(BaseModel):
    """A query string: unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Query):
    """Which page of a list."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = None


class MailSearch(Page):
    """A list of the caller's own mail: the Inbox, or as Gmail's own search does all mail where `q` asks."""

    label: Annotated[str, Field(max_length=200)] | None = None
    q: Annotated[str, Field(max_length=1000)] = ""

    @property
    def folder(self) -> str:
        """The label that is listed; empty means all mail but spam and trash."""
        return self.label if self.label is not None else "" if self.q.strip() else "INBOX"


class View(Query):
    """How a mail is shown."""

    images: Images = "block"


class Flags(Body):
    """Marks to change; at most three."""

    read: bool | None = None
    starred: bool | None = None
    archived: bool | None = None
