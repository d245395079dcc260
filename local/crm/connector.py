"""The routes that the functions call (docs/connector.yaml), behind the service token."""

import base64
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field
from werkzeug.wrappers import Request

from local.crm.incoming import as_record, bearer_token, json_object, query_value
from local.crm.models import Contact, Record
from local.crm.problem import bad_input, not_authenticated, not_found
from local.crm.records import ChangedContact, Records

MAX_ADDRESSES = 200
PAGE_SIZE = 200
MAX_VIEWERS = 1000
MAX_CONTACTS = 1000
SAMPLE = 20


class _Lookup(Record):
    org: str
    addresses: Annotated[list[str], Field(max_length=MAX_ADDRESSES)]


class _Audience(Record):
    org: str
    viewers: Annotated[list[str], Field(max_length=MAX_VIEWERS)]
    names_for: str
    only: Annotated[list[str], Field(max_length=MAX_CONTACTS)] | None = None
    without: Annotated[list[str], Field(max_length=MAX_CONTACTS, default_factory=list)]


class Connector:
    """Answers with JSON-ready dicts; raises Problem where it refuses."""

    def __init__(self, records: Records, service_token: Callable[[], str]) -> None:
        self._records = records
        self._service_token = service_token

    def lookup(self, request: Request) -> dict[str, Any]:
        """Contacts that have any of the addresses."""
        self._admit(request)
        wanted = as_record(_Lookup, json_object(request))
        self._check_org(wanted.org)
        return {"contacts": [_shown(one) for one in self._records.with_addresses(wanted.addresses)]}

    def contact(self, request: Request, contact_id: str) -> dict[str, Any]:
        """One contact, if the viewer may see it."""
        self._admit(request)
        self._check_org(query_value(request, "org"))
        viewer = query_value(request, "viewer")
        contact = self._records.contact(contact_id)
        if contact is None or self._records.user(viewer) is None or not contact.is_visible_to(viewer):
            raise not_found("contact")
        return _shown(contact)

    def changes(self, request: Request) -> dict[str, Any]:
        """A page of the contacts that changed at `since` or later."""
        self._admit(request)
        self._check_org(query_value(request, "org"))
        since = _moment(query_value(request, "since"))
        page = self._records.changes(since, _position(request.args.get("cursor")), PAGE_SIZE)
        return {
            "contacts": [_changed(one) for one in page.changed],
            "next_cursor": _cursor(page.last) if page.more else None,
            "now": page.now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }

    def users(self, request: Request) -> dict[str, Any]:
        """The organisation's users, for names and for who is whose superior."""
        self._admit(request)
        self._check_org(query_value(request, "org"))
        shown = {"id", "name", "roles", "superior"}
        return {"users": [user.model_dump(mode="json", include=shown) for user in self._records.users()]}

    def audience(self, request: Request) -> dict[str, Any]:
        """Who of the viewers sees how many of the contacts that are asked about."""
        self._admit(request)
        wanted = as_record(_Audience, json_object(request))
        self._check_org(wanted.org)
        asked = [one for one in self._records.contacts() if _is_asked(one, wanted)]
        known = [viewer for viewer in wanted.viewers if self._records.user(viewer) is not None]
        seen = [one for one in asked if any(one.is_visible_to(viewer) for viewer in known)]
        told = [one for one in seen if one.is_visible_to(wanted.names_for)]
        counts = {viewer: sum(one.is_visible_to(viewer) for one in asked) for viewer in known}
        return {
            "viewers": [{"viewer": viewer, "contacts": count} for viewer, count in counts.items() if count],
            "contacts": len(seen),
            "sample": [{"id": one.id, "name": one.name} for one in told[:SAMPLE]],
        }

    def _admit(self, request: Request) -> None:
        given = bearer_token(request).encode()
        if not hmac.compare_digest(given, self._service_token().encode()):
            raise not_authenticated("The service token is not the one this CRM knows.")

    def _check_org(self, org: str) -> None:
        if org != self._records.org.id:
            raise not_found("organisation")


def _is_asked(contact: Contact, wanted: _Audience) -> bool:
    return contact.id not in wanted.without and (wanted.only is None or contact.id in wanted.only)


def _shown(contact: Contact) -> dict[str, Any]:
    shown = contact.model_dump(mode="json", exclude={"visible_to"})
    for deal in shown["deals"]:
        if deal["amount"] is None:
            del deal["amount"]
    return shown


def _changed(change: ChangedContact) -> dict[str, Any]:
    if change.contact is None:
        gone = {"id": change.id, "name": "", "kind": "contact", "addresses": [], "deals": []}
        return gone | {"former_addresses": list(change.former), "new_addresses": []}
    told = {"former_addresses": list(change.former), "new_addresses": list(change.new)}
    return _shown(change.contact) | told


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_input("`since` is not an RFC 3339 time.") from None
    if moment.tzinfo is None:
        raise bad_input("`since` needs a zone, such as Z.")
    return moment


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"after {position}".encode()).decode()


def _position(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        word, number = base64.urlsafe_b64decode(cursor).decode("ascii").split(" ")
        position = int(number)
    except ValueError:
        raise bad_input("`cursor` is not one that this CRM gave.") from None
    if word != "after" or position < 0:
        raise bad_input("`cursor` is not one that this CRM gave.")
    return position
