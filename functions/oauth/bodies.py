"""The JSON bodies and queries of this function, held to the contract by pydantic."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from functions.oauth import policy_values
from functions.oauth.change_settings import SettingsChange
from shared.domain.mailbox import Sharing
from shared.domain.policy import DEFAULT_LABEL_NAMES, Policy
from shared.domain.scopes import FEATURES, Feature
from shared.domain.webhook_target import parse_target
from shared.errors import BadInput
from shared.web import Body

Choice = Literal["users_choice", "private", "custom", "public"]
Features = Annotated[list[Feature], Field(min_length=1, max_length=4)]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=256)]


def _webhook_url(text: str) -> str:
    try:
        # This very machine, for a trial; whether it may be called is for the deployment's settings to say.
        parse_target(text, ("localhost",))
    except BadInput as refused:
        raise ValueError(refused.detail) from None
    return text


Domain = Annotated[str, AfterValidator(policy_values.domain)]
NeverShared = Annotated[str, AfterValidator(policy_values.address_or_domain)]
Origin = Annotated[str, AfterValidator(policy_values.origin)]
Zone = Annotated[str, AfterValidator(policy_values.zone)]
LabelName = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(policy_values.label_name)
]
Key = Annotated[Identifier, AfterValidator(policy_values.identifier)]


# A page by its exact address: no fragment, no user, nothing that a browser would rewrite.
ReturnUrl = Annotated[
    str,
    StringConstraints(
        max_length=2048,
        pattern=r"^(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?/[A-Za-z0-9._~/?=&%-]*$",
    ),
]


class BeginBody(Body):
    """What the mailbox is connected for (all of it, if nothing is said), and a page that takes the ticket."""

    may_be_absent = True

    features: Features = Field(default_factory=lambda: list(FEATURES))
    return_url: Annotated[str, StringConstraints(max_length=2048, pattern=r"^https?://[^#]+$")] | None = None


class CompleteBody(Body):
    """The ticket that the popup handed to the page."""

    ticket: Annotated[str, StringConstraints(min_length=1, max_length=512)]


class SettingsBody(Body):
    """What the owner may change; a field left out stays as it is."""

    sharing: Sharing | None = None
    mailmagnet: bool | None = None
    labels: bool | None = None
    paused: bool | None = None
    adopt_labels: bool | None = None
    never_shared: Annotated[list[NeverShared], Field(max_length=500)] | None = None

    def change(self) -> SettingsChange:
        """As the use case takes it."""
        never = None if self.never_shared is None else tuple(dict.fromkeys(self.never_shared))
        return SettingsChange(
            self.sharing, self.mailmagnet, self.labels, self.paused, never, self.adopt_labels
        )


class PageQuery(Body):
    """Which page of a list."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, StringConstraints(max_length=1024)] | None = None


class SharesQuery(PageQuery):
    """Picks come in longer pages: a row is an id and a time."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50


class LeaveQuery(Body):
    """What becomes of the labels."""

    labels: Literal["keep", "remove"] = "keep"


class CallbackQuery(BaseModel):
    """Google's redirect. Google adds fields as it likes, so others are let pass."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: Annotated[str, StringConstraints(max_length=512)] = ""
    code: Annotated[str, StringConstraints(max_length=4096)] | None = None
    error: Annotated[str, StringConstraints(max_length=256)] | None = None


class StartQuery(BaseModel):
    """The popup's start carries Google's whole query; only the state is ours to read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: Annotated[str, StringConstraints(max_length=512)] = ""


class SharingPolicy(Body):
    """Who decides about sharing: `all`, overruled by a user's, overruled by a role's value."""

    all: Choice = "users_choice"
    roles: dict[Key, Choice] = Field(default_factory=dict)
    users: dict[Key, Choice] = Field(default_factory=dict)


class ShareWith(Body):
    """With whom mail may be shared at all; both empty means with every colleague."""

    users: list[Identifier] = Field(default_factory=list)
    roles: list[Identifier] = Field(default_factory=list)


class LabelNames(Body):
    """The names that new labels get."""

    closing_this_month: LabelName = DEFAULT_LABEL_NAMES["closing_this_month"]
    open_deals: LabelName = DEFAULT_LABEL_NAMES["open_deals"]
    customers: LabelName = DEFAULT_LABEL_NAMES["customers"]


class Webhook(Body):
    """Where the CRM wants to hear of events."""

    url: Annotated[str, AfterValidator(_webhook_url)]


class PolicyBody(Body):
    """The organisation's policy; PUT replaces it whole."""

    sharing: SharingPolicy = SharingPolicy()
    share_with: ShareWith = ShareWith()
    excluded_domains: Annotated[list[Domain], Field(max_length=1000, default_factory=list)]
    superiors_see: bool = False
    time_zone: Zone = "UTC"
    label_names: LabelNames = LabelNames()
    origins: Annotated[list[Origin], Field(max_length=50, default_factory=list)]
    return_urls: Annotated[list[ReturnUrl], Field(max_length=50, default_factory=list)]
    webhook: Webhook | None = None
    count_won_this_month: bool = False
    label_look_back_days: Annotated[int, Field(ge=1, le=365)] = 90

    @model_validator(mode="after")
    def _says_something(self) -> "PolicyBody":
        if not self.model_fields_set:
            raise ValueError("a policy that says nothing would wipe the one in force")
        return self

    def policy(self) -> Policy:
        """As it is stored."""
        names = self.label_names
        return Policy(
            time_zone=self.time_zone,
            sharing=_fixed(self.sharing.all),
            sharing_by_role={k: v for k, v in self.sharing.roles.items() if v != "users_choice"},
            sharing_by_user={k: v for k, v in self.sharing.users.items() if v != "users_choice"},
            share_with_users=tuple(self.share_with.users),
            share_with_roles=tuple(self.share_with.roles),
            excluded_domains=tuple(dict.fromkeys(self.excluded_domains)),
            superiors_see=self.superiors_see,
            label_names={
                "closing_this_month": names.closing_this_month,
                "open_deals": names.open_deals,
                "customers": names.customers,
            },
            origins=tuple(dict.fromkeys(self.origins)),
            return_urls=tuple(dict.fromkeys(self.return_urls)),
            webhook_url=self.webhook.url if self.webhook else None,
            count_won_this_month=self.count_won_this_month,
            label_look_back_days=self.label_look_back_days,
        )


def show_policy(policy: Policy) -> dict[str, object]:
    """A stored policy as the contract names its fields."""
    return {
        "sharing": {
            "all": policy.sharing or "users_choice",
            "roles": dict(policy.sharing_by_role),
            "users": dict(policy.sharing_by_user),
        },
        "share_with": {"users": list(policy.share_with_users), "roles": list(policy.share_with_roles)},
        "excluded_domains": list(policy.excluded_domains),
        "superiors_see": policy.superiors_see,
        "time_zone": policy.time_zone,
        "label_names": dict(policy.label_names),
        "origins": list(policy.origins),
        "return_urls": list(policy.return_urls),
        "webhook": {"url": policy.webhook_url} if policy.webhook_url else None,
        "count_won_this_month": policy.count_won_this_month,
        "label_look_back_days": policy.label_look_back_days,
    }


def _fixed(choice: Choice) -> str | None:
    return None if choice == "users_choice" else choice
