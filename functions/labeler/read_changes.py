"""What changed in the CRM, page by page."""

from collections.abc import Iterator
from datetime import datetime

from shared.errors import UpstreamDown
from shared.ports.connector import ChangePage, ChangesConnector


def change_pages(org: str, since: datetime, connector: ChangesConnector) -> Iterator[ChangePage]:
    """Every page of an organisation's changes. Raises UpstreamDown where the CRM answers in a circle."""
    cursor: str | None = None
    seen: set[str] = set()
    while True:
        page = connector.changes(org, since, cursor)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return
        if cursor in seen:
            raise UpstreamDown("The CRM answers the same page of changes again.", code="crm_garbled")
        seen.add(cursor)
