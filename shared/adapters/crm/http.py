"""The generic connector: HTTP routes that a CRM implements (docs/connector.yaml)."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from shared.adapters.http_pool import HttpPool
from shared.domain.contact import Contact, Deal
from shared.errors import Misconfigured, NotFound, Throttled, UpstreamDown
from shared.ports.connector import Audience, ChangedContact, ChangePage, CrmUser
from shared.retry import again

ADDRESSES_PER_CALL: Final = 200
LONGEST_ID: Final = 200
"""Characters of a contact's id; a longer one is no id that a CRM has given."""


class _Lenient(BaseModel):
    # A CRM may answer more than we ask for; what we use must be right.
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Deal(_Lenient):
    id: str
    name: str
    state: Literal["open", "won", "lost"]
    closing_date: date | None = None
    amount: float | None = None


class _Contact(_Lenient):
    id: str
    name: str
    kind: Literal["contact", "lead"]
    addresses: tuple[str, ...] = ()
    deals: tuple[_Deal, ...] = ()


class _Contacts(_Lenient):
    contacts: tuple[_Contact, ...]


class _Changed(_Contact):
    former_addresses: tuple[str, ...] = ()
    new_addresses: tuple[str, ...] | None = None


class _Changes(_Lenient):
    contacts: tuple[_Changed, ...]
    next_cursor: str | None
    now: AwareDatetime


class _User(_Lenient):
    id: str
    name: str
    roles: tuple[str, ...] = ()
    superior: str | None = None


class _Users(_Lenient):
    users: tuple[_User, ...]


class _Named(_Lenient):
    id: str
    name: str


class _Seen(_Lenient):
    viewer: str
    contacts: int


class _Audience(_Lenient):
    viewers: tuple[_Seen, ...]
    contacts: int
    sample: tuple[_Named, ...] = ()


class HttpConnector:
    """Speaks to the CRM with a service token, which is read at each use."""

    def __init__(self, pool: HttpPool, base_url: str, service_token: Callable[[], str]) -> None:
        self._pool = pool
        self._base_url = base_url.rstrip("/")
        self._service_token = service_token

    def lookup(self, org: str, addresses: Iterable[str]) -> Sequence[Contact]:
        wanted = sorted(set(addresses))
        found: dict[str, Contact] = {}
        for start in range(0, len(wanted), ADDRESSES_PER_CALL):
            body = {"org": org, "addresses": wanted[start : start + ADDRESSES_PER_CALL]}
            for row in _parse(_Contacts, self._look_up(body)).contacts:
                found[row.id] = _contact(row)
        return list(found.values())

    def contact(self, org: str, contact_id: str, viewer: str) -> Contact:
        if contact_id in (".", "..") or len(contact_id) > LONGEST_ID:
            # Dots need no escaping, and a server would take them for the folder itself and the one above.
            raise NotFound("There is no such contact.", code="contact_not_found")
        path = f"/contacts/{quote(contact_id, safe='')}?{urlencode({'org': org, 'viewer': viewer})}"
        return _contact(_parse(_Contact, self._ask("GET", path)))

    def changes(self, org: str, since: datetime, cursor: str | None = None) -> ChangePage:
        query = {"org": org, "since": since.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        query |= {"cursor": cursor} if cursor is not None else {}
        try:
            answer = _parse(_Changes, self._ask("GET", f"/changes?{urlencode(query)}"))
        except NotFound:
            raise Misconfigured(
                "The CRM knows no such organisation or route.", code="crm_not_found"
            ) from None
        changed = tuple(
            ChangedContact(_contact(row), row.former_addresses, row.new_addresses) for row in answer.contacts
        )
        return ChangePage(changed, answer.next_cursor, answer.now)

    def users(self, org: str) -> Sequence[CrmUser] | None:
        try:
            answer = _parse(_Users, self._ask("GET", f"/users?{urlencode({'org': org})}"))
        except NotFound:
            return None
        return [CrmUser(u.id, u.name, frozenset(u.roles), u.superior) for u in answer.users]

    def audience(
        self,
        org: str,
        viewers: Collection[str],
        *,
        only: Collection[str] | None = None,
        without: Collection[str] = (),
        names_for: str,
    ) -> Audience | None:
        body: dict[str, object] = {"org": org, "viewers": sorted(viewers), "names_for": names_for}
        body |= {"without": sorted(without)} if only is None else {"only": sorted(only)}
        try:
            answer = _parse(_Audience, self._ask("POST", "/contacts/audience", body))
        except NotFound:
            return None
        return Audience(
            tuple((row.viewer, row.contacts) for row in answer.viewers),
            answer.contacts,
            tuple((row.id, row.name) for row in answer.sample),
        )

    def _look_up(self, body: object) -> Any:
        try:
            return self._ask("POST", "/contacts/lookup", body)
        except NotFound:
            # The route always exists: that nobody is known is an empty list. A push must not be dropped for it.
            raise Misconfigured(
                "The CRM knows no such organisation or route.", code="crm_not_found"
            ) from None

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        return again(lambda: self._once(method, path, body))

    def _once(self, method: str, path: str, body: object) -> Any:
        headers = {"Authorization": f"Bearer {self._service_token()}", "Accept": "application/json"}
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        answer = self._pool.send(method, self._base_url + path, body=content, headers=headers)
        if answer.status == 404:
            raise NotFound("There is no such contact.", code="contact_not_found")
        if answer.status in (401, 403):
            raise Misconfigured("The CRM does not accept our service token.", code="crm_refused")
        if answer.status == 429:
            raise Throttled("The CRM asks to slow down.", code="crm_throttled")
        if answer.status != 200:
            raise UpstreamDown("The CRM did not answer as agreed.", code="crm_down")
        try:
            return json.loads(answer.data)
        except ValueError:
            raise UpstreamDown("The CRM's answer is not JSON.", code="crm_garbled") from None


def _parse(model: type[Any], document: object) -> Any:
    try:
        return model.model_validate(document)
    except ValidationError:
        # Not repeated in the error: the answer holds names and addresses.
        raise UpstreamDown("The CRM's answer does not keep to the contract.", code="crm_garbled") from None


def _contact(row: _Contact) -> Contact:
    deals = tuple(Deal(d.id, d.name, d.state, d.closing_date, d.amount) for d in row.deals)
    return Contact(row.id, row.name, row.kind, row.addresses, deals)
