"""Routes for people and tests on this machine: tokens, and the records that can be changed while the CRM runs."""

from typing import Any

from werkzeug.wrappers import Request

from local.crm.incoming import as_record, bearer_token, json_object
from local.crm.models import Contact, ContactFields, Deal, DealFields, Record
from local.crm.problem import bad_input, not_found
from local.crm.records import Records
from local.crm.tokens import TokenSigner

Answer = tuple[dict[str, Any] | None, int]
"""Body and status."""


class _TokenFor(Record):
    user: str


class _ContactBody(ContactFields):
    id: str | None = None
    deals: tuple[Deal, ...] | None = None


class _DealBody(DealFields):
    id: str | None = None


class DemoRoutes:
    """Answers with JSON-ready bodies; raises Problem where it refuses."""

    def __init__(self, records: Records, signer: TokenSigner) -> None:
        self._records = records
        self._signer = signer

    def token(self, request: Request) -> Answer:
        """A token for a user, without a password: this CRM is a demonstration."""
        user = self._records.user(as_record(_TokenFor, json_object(request)).user)
        if user is None:
            raise not_found("user")
        return {"token": self._signer.token_for(user)}, 200

    def jwks(self, _request: Request) -> Answer:
        """The keys that sign the tokens."""
        return self._signer.jwks(), 200

    def users(self, _request: Request) -> Answer:
        """All users of the CRM."""
        return _items([user.model_dump(mode="json") for user in self._records.users()]), 200

    def contacts(self, request: Request) -> Answer:
        """All contacts, or those that the token's user may see."""
        viewer = self._viewer(request)
        return _items([_dump(one) for one in self._records.contacts() if _may_see(viewer, one)]), 200

    def contact(self, request: Request, contact_id: str) -> Answer:
        """One contact, if the token's user may see it."""
        contact = self._records.contact(contact_id)
        if contact is None or not _may_see(self._viewer(request), contact):
            raise not_found("contact")
        return _dump(contact), 200

    def put_contact(self, request: Request, contact_id: str) -> Answer:
        """Makes or replaces a contact; without `deals` it keeps those it has."""
        body = as_record(_ContactBody, json_object(request))
        _check_id(body.id, contact_id)
        as_record(Contact, {"id": contact_id, "name": body.name})
        fields = ContactFields.model_validate(body.model_dump(exclude={"id", "deals"}))
        contact, is_new = self._records.put_contact(contact_id, fields, body.deals)
        return _dump(contact), 201 if is_new else 200

    def delete_contact(self, _request: Request, contact_id: str) -> Answer:
        """Deletes a contact."""
        if not self._records.delete_contact(contact_id):
            raise not_found("contact")
        return None, 204

    def put_deal(self, request: Request, contact_id: str, deal_id: str) -> Answer:
        """Makes or replaces a deal."""
        body = as_record(_DealBody, json_object(request))
        _check_id(body.id, deal_id)
        as_record(Deal, {"id": deal_id, "name": body.name, "state": body.state})
        fields = DealFields.model_validate(body.model_dump(exclude={"id"}))
        written = self._records.put_deal(contact_id, deal_id, fields)
        if written is None:
            raise not_found("contact")
        deal, is_new = written
        return _dump(deal), 201 if is_new else 200

    def delete_deal(self, _request: Request, contact_id: str, deal_id: str) -> Answer:
        """Deletes a deal."""
        if not self._records.delete_deal(contact_id, deal_id):
            raise not_found("deal")
        return None, 204

    def _viewer(self, request: Request) -> str | None:
        """The user whose eyes to use; None where the request carries no token: then all is shown."""
        if "Authorization" not in request.headers:
            return None
        return self._signer.user_id_in(bearer_token(request))


def _may_see(viewer: str | None, contact: Contact) -> bool:
    return viewer is None or contact.is_visible_to(viewer)


def _check_id(in_body: str | None, in_path: str) -> None:
    if in_body is not None and in_body != in_path:
        raise bad_input("The id in the body is not the id in the path.")


def _items(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": items, "next_cursor": None}


def _dump(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json")
