"""What the owner may change about a mailbox, and what each change sets going."""

from dataclasses import dataclass, replace

from functions.oauth.services import Services
from functions.oauth.watching import start_watch, stop_watch
from shared.domain.caller import Caller
from shared.domain.categories import CATEGORIES, Category
from shared.domain.mailbox import GmailLabel, Mailbox, Settings, Sharing, mailbox_id
from shared.domain.policy import Policy
from shared.errors import BadInput, NotAllowed, NotFound
from shared.ports import Gmail
from shared.usecases.label_names import make_label
from shared.usecases.lost_grant import noting_lost_grant


@dataclass(frozen=True)
class SettingsChange:
    """The fields that were sent; None means left as it is."""

    sharing: Sharing | None = None
    mailmagnet: bool | None = None
    labels: bool | None = None
    paused: bool | None = None
    never_shared: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ChangeSettings:
    """Who changes what."""

    caller: Caller
    change: SettingsChange


def change_settings(values: ChangeSettings, services: Services) -> Mailbox:
    """Applies a change and answers the mailbox. Gmail: 100 units when MailMagnet goes on, 15 when labels do.

    Raises NotFound without a mailbox, BadInput for labels without MailMagnet, NotAllowed for a value that the
    admin has fixed.
    """
    caller = values.caller
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None:
        raise NotFound("No Gmail account is connected.", code="not_connected")
    after = plan_settings(mailbox.settings, values.change)
    policy = _policy_if_needed(after, mailbox.settings, caller, services)
    if after == mailbox.settings:
        return mailbox
    with noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log):
        changed = _carry_out(mailbox, after, policy, services)
    services.log.event("mailbox.settings_changed", mailbox=mailbox.id)
    return changed


def plan_settings(before: Settings, change: SettingsChange) -> Settings:
    """The settings that a change leads to. Labels need MailMagnet: asking for them without it is BadInput,
    and turning MailMagnet off turns them off.
    """
    mailmagnet = before.mailmagnet if change.mailmagnet is None else change.mailmagnet
    if change.labels and not mailmagnet:
        raise BadInput("Labels need MailMagnet: turn it on first.", code="labels_need_mailmagnet")
    labels = before.labels if change.labels is None else change.labels
    return Settings(
        sharing=change.sharing or before.sharing,
        mailmagnet=mailmagnet,
        labels=labels and mailmagnet,
        paused=before.paused if change.paused is None else change.paused,
        never_shared=before.never_shared if change.never_shared is None else change.never_shared,
    )


def fixed_sharing(policy: Policy, caller: Caller) -> str | None:
    """The sharing that the admin has fixed for this user: a role's value beats the user's, that beats all's."""
    for role in sorted(caller.roles):
        if role in policy.sharing_by_role:
            return policy.sharing_by_role[role]
    return policy.sharing_by_user.get(caller.user, policy.sharing)


def _policy_if_needed(after: Settings, before: Settings, caller: Caller, services: Services) -> Policy | None:
    """Reads the policy only where it can matter: a change of sharing, or labels to be named."""
    if after.sharing == before.sharing and not (after.labels and not before.labels):
        return None
    policy = services.orgs.get(caller.org)
    fixed = fixed_sharing(policy, caller)
    if after.sharing != before.sharing and fixed is not None and after.sharing != fixed:
        raise NotAllowed("Your administrator has fixed with whom your mail is shared.", code="fixed_by_admin")
    return policy


def _carry_out(mailbox: Mailbox, after: Settings, policy: Policy | None, services: Services) -> Mailbox:
    before = mailbox.settings
    changed = replace(mailbox, settings=after)
    fields = ["settings"]
    gmail: Gmail | None = None
    if after.mailmagnet != before.mailmagnet or (after.labels and not before.labels):
        gmail = services.gmail.open(mailbox)
    if gmail is not None and after.mailmagnet and not before.mailmagnet:
        changed = start_watch(changed, gmail, services)
        fields.append("watch_expires_at")
    if gmail is not None and after.labels and not before.labels:
        changed = replace(changed, labels=_labels(changed, gmail, policy or Policy()))
        fields.append("labels")
    if gmail is not None and before.mailmagnet and not after.mailmagnet:
        stop_watch(mailbox, gmail, services)
        changed = replace(changed, watch_expires_at=None)
        fields.append("watch_expires_at")
    changed = services.mailboxes.update(changed, *fields)
    if before.mailmagnet and not after.mailmagnet:
        # After the switch is off, so that no push can bring a notice back.
        services.syncs.delete(mailbox.id)
        services.notices.delete_all(mailbox.id)
    return changed


def _labels(mailbox: Mailbox, gmail: Gmail, policy: Policy) -> dict[Category, GmailLabel]:
    """The three labels: those we know by id stay, the others are made. 5 units each."""
    known = dict(mailbox.labels)
    for category in CATEGORIES:
        if category not in known:
            known[category] = make_label(gmail, policy.label_names[category])
    return known
