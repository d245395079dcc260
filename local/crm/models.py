"""The CRM's records as `crm.yaml` and the demo routes write them. Unknown fields are refused."""

from collections import Counter
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from local.crm import organisation_values

Identifier = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._~-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
# RFC 5321 4.5.3.1.3 lets a path be 256 octets, two of them the angle brackets.
Address = Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^\s@<>]+@[^\s@<>]+$")]
Zone = Annotated[str, AfterValidator(organisation_values.time_zone)]
Domain = Annotated[str, AfterValidator(organisation_values.domain)]


class Record(BaseModel):
    """The base of all records: immutable, strict about unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(Record):
    """The one organisation of the demo CRM. `time_zone` is an IANA name."""

    id: Identifier
    name: Name
    time_zone: Zone = "UTC"
    domains: tuple[Domain, ...] = ()


class User(Record):
    """A user of the CRM. `superior` is another user's id."""

    id: Identifier
    name: Name
    email: Address
    roles: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    superior: str | None = None


class DealFields(Record):
    """What can be said of a deal; its id stands in the path."""

    name: Name
    state: Literal["open", "won", "lost"]
    closing_date: date | None = None
    amount: float | None = None


class Deal(DealFields):
    """A deal of one contact."""

    id: Identifier


class ContactFields(Record):
    """What can be said of a contact; its id stands in the path. `visible_to` is `all` or user ids."""

    name: Name
    kind: Literal["contact", "lead"] = "contact"
    addresses: tuple[Address, ...] = ()
    visible_to: Literal["all"] | tuple[str, ...] = "all"


class Contact(ContactFields):
    """A contact or lead with its deals. The first address is the primary one."""

    id: Identifier
    deals: tuple[Deal, ...] = ()

    def is_visible_to(self, user_id: str) -> bool:
        """Whether this user may see the record."""
        return self.visible_to == "all" or user_id in self.visible_to


class PublicKey(Record):
    """The public half of a key as a JWK (RFC 7517): who has the other half signs tokens that the functions accept."""

    kty: Literal["RSA", "EC", "OKP"]
    kid: Name
    alg: Literal["RS256", "ES256", "EdDSA"]
    crv: str | None = None
    x: str | None = None
    y: str | None = None
    n: str | None = None
    e: str | None = None
    use: Literal["sig"] = "sig"
    key_ops: tuple[Literal["verify"], ...] | None = None


class Seed(Record):
    """The whole of `crm.yaml`. `keys` are published beside the CRM's own one."""

    keys: tuple[PublicKey, ...] = ()
    org: Organisation
    users: tuple[User, ...]
    contacts: tuple[Contact, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Seed":
        for what, ids in (
            ("user", [user.id for user in self.users]),
            ("contact", [contact.id for contact in self.contacts]),
            *((f"contact {one.id}: deal", [deal.id for deal in one.deals]) for one in self.contacts),
        ):
            twice = [one for one, times in Counter(ids).items() if times > 1]
            if twice:
                raise ValueError(f"{what} id used twice: {', '.join(sorted(twice))}")
        return self
