"""What the owner may change about a mailbox, and what each change sets going.

Two changes at the same time never lose each other's fields: a change is written under the store's precondition, and
planned again from what is stored then. What was done in Gmail for the earlier plan is kept or taken back.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from functions.oauth.services import Services
from functions.oauth.settings_tag import check_if_match
from functions.oauth.watching import asks_for_work, begin_paused, start_watch, stop_watch
from shared.domain.audit import own_action, settings_changes
from shared.domain.caller import Caller
from shared.domain.categories import CATEGORIES, Category
from shared.domain.mailbox import NEEDS_RECONNECT, GmailLabel, Mailbox, Settings, Sharing, mailbox_id
from shared.domain.policy import Policy
from shared.domain.sharing import fixed_sharing
from shared.errors import AppError, BadInput, GrantLost, NotAllowed, NotFound, Stale, TryAgain
from shared.ports.gmail import Gmail
from shared.usecases.label_names import LabelWish, make_labels
from shared.usecases.lost_grant import noting_lost_grant

ATTEMPTS: Final = 8
"""How often a change is planned again when others write to the same row; each time somebody else has won."""
WATCH_RESERVE: Final = timedelta(days=2)
"""A watch that ends sooner is renewed when a mailbox goes on after a pause: nobody renewed it meanwhile."""


@dataclass(frozen=True)
class SettingsChange:
    """The fields that were sent; None means left as it is."""

    sharing: Sharing | None = None
    mailmagnet: bool | None = None
    labels: bool | None = None
    paused: bool | None = None
    never_shared: tuple[str, ...] | None = None
    adopt_labels: bool | None = None


@dataclass(frozen=True)
class ChangeSettings:
    """Who changes what. `if_match` is the header of that name, if there was one."""

    caller: Caller
    change: SettingsChange
    if_match: str | None = None


@dataclass
class _Made:
    """What one call has made so far, over all its attempts: labels in Gmail, and whether it has begun rows of work."""

    labels: dict[Category, GmailLabel] = field(default_factory=dict)
    rows: bool = False


def change_settings(values: ChangeSettings, services: Services) -> Mailbox:
    """Applies a change and answers the mailbox.

    Two reads, and two writes of audit with the row's. Gmail: 100 units when MailMagnet goes on, 16 when labels do.
    Raises NotFound without a mailbox, BadInput for labels without MailMagnet, NotAllowed for a value that the admin
    has fixed, Stale for an If-Match that names other settings, TryAgain where others never stop writing.
    """
    made = _Made()
    try:
        return _change(values, made, services)
    except AppError:
        if made.rows:
            _forget_rows(values.caller, services)
        raise
    finally:
        if made.labels:
            _abandon(values.caller, made, services)


def _change(values: ChangeSettings, made: _Made, services: Services) -> Mailbox:
    for _ in range(ATTEMPTS):
        try:
            return _attempt(values, made, services)
        except Stale as stale:
            if stale.code != "row_changed":
                raise
    raise TryAgain("The mailbox is being changed by others; try again.", code="mailbox_busy")


def plan_settings(before: Settings, change: SettingsChange, fixed: Sharing | None = None) -> Settings:
    """The settings that a change leads to. Labels need MailMagnet: asking for them without it is BadInput,
    and turning MailMagnet off turns them off. `fixed` is the admin's sharing: another one is NotAllowed, and the
    same one leaves what the owner had chosen for the time when it is no longer fixed.
    """
    mailmagnet = before.mailmagnet if change.mailmagnet is None else change.mailmagnet
    if change.labels and not mailmagnet:
        raise BadInput("Labels need MailMagnet: turn it on first.", code="labels_need_mailmagnet")
    if fixed is not None and change.sharing not in (None, fixed):
        raise NotAllowed("Your administrator has fixed with whom your mail is shared.", code="fixed_by_admin")
    labels = before.labels if change.labels is None else change.labels
    return Settings(
        sharing=before.sharing if change.sharing is None or fixed is not None else change.sharing,
        mailmagnet=mailmagnet,
        labels=labels and mailmagnet,
        paused=before.paused if change.paused is None else change.paused,
        never_shared=before.never_shared if change.never_shared is None else change.never_shared,
        adopt_labels=before.adopt_labels if change.adopt_labels is None else change.adopt_labels,
    )


def _attempt(values: ChangeSettings, made: _Made, services: Services) -> Mailbox:
    caller = values.caller
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None or mailbox.leaving is not None:
        raise NotFound("No Gmail account is connected.", code="not_connected")
    check_if_match(values.if_match, mailbox.settings)
    policy = services.orgs.get(caller.org)
    services.shown_policies.learn(caller.org, policy)
    mailbox = mailbox.seen_with(caller.roles)
    after = plan_settings(mailbox.settings, values.change, fixed_sharing(policy, caller.user, caller.roles))
    if after == mailbox.settings and not made.labels:
        if values.change.mailmagnet is False:
            # An earlier call may have died between the switch and the erasing.
            _turn_off(mailbox, services)
        return mailbox
    with noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log):
        changed = _carry_out(mailbox, after, policy, made, services)
    services.log.event("mailbox.settings_changed", mailbox=mailbox.id)
    return changed


def _carry_out(mailbox: Mailbox, after: Settings, policy: Policy, made: _Made, services: Services) -> Mailbox:
    before = mailbox.settings
    gmail: Gmail | None = None
    if _needs_gmail(mailbox, after, services) or made.labels:
        gmail = services.gmail.open(mailbox)
    changed = replace(mailbox, settings=after)
    pauses = after.mailmagnet and after.paused and not before.paused
    if pauses and before.mailmagnet:
        changed = replace(changed, watch_expires_at=None)
    if gmail is not None:
        changed = _prepare(mailbox, changed, gmail, policy, made, services)
    if after.labels and not before.labels:
        # Before the settings say so: who leaves meanwhile is found out by their version.
        made.rows = True
        services.labelings.begin(mailbox.id, mailbox.org)
    changed = _write(mailbox, changed, services)
    if before.mailmagnet and not after.mailmagnet:
        _turn_off(changed, services)
    elif before.paused and not after.paused and after.mailmagnet:
        _sweep_soon(changed, services)
    elif pauses and before.mailmagnet:
        _stop_pushes(changed, services)
    if gmail is not None:
        # Last: what the settings say is at work by now, also where Gmail fails here.
        _take_back(changed.labels, made, gmail)
    return changed


def _needs_gmail(mailbox: Mailbox, after: Settings, services: Services) -> bool:
    before = mailbox.settings
    return (
        (after.mailmagnet and not before.mailmagnet)
        or (after.labels and not before.labels)
        or _needs_watch(mailbox, after, services)
    )


def _needs_watch(mailbox: Mailbox, after: Settings, services: Services) -> bool:
    before = mailbox.settings
    if after.paused or not after.mailmagnet:
        return False
    if not before.mailmagnet:
        return True
    expires = mailbox.watch_expires_at
    ending = expires is None or expires < services.clock.now() + WATCH_RESERVE
    return before.paused and ending


def _prepare(
    mailbox: Mailbox, changed: Mailbox, gmail: Gmail, policy: Policy, made: _Made, services: Services
) -> Mailbox:
    """What Gmail must know before the settings say so. Doing it twice does no harm.

    Labels first: what Gmail may refuse for want of a scope is taken back, and a watch that began would be left over.
    """
    before, after = mailbox.settings, changed.settings
    if after.labels and not before.labels:
        changed = _with_labels(changed, gmail, policy, made, services)
    made.rows |= after.mailmagnet
    if _needs_watch(mailbox, after, services):
        changed = start_watch(changed, gmail, services)
    elif after.mailmagnet and not before.mailmagnet:
        begin_paused(changed, gmail, services)
    return changed


def _write(mailbox: Mailbox, changed: Mailbox, services: Services) -> Mailbox:
    """Settings and their audit entry in one commit. Raises Stale (code row_changed) if the row is another by now."""
    told = settings_changes(mailbox.settings, changed.settings)
    caller = Caller(mailbox.org, mailbox.user, frozenset())
    entries = [own_action(caller, "settings.changed", services.clock.now(), changes=told)] if told else []
    fields = [
        name
        for name in ("settings", "watch_expires_at", "labels", "roles")
        if name in ("settings", "roles") or getattr(changed, name) != getattr(mailbox, name)
    ]
    if "labels" in fields or changed.making != mailbox.making:
        # Their ids are known now.
        fields.append("making")
    try:
        return services.mailboxes.update(changed, *fields, if_unchanged=True, audit=entries)
    except Stale:
        raise Stale("The mailbox was changed meanwhile.", code="row_changed") from None


def _with_labels(changed: Mailbox, gmail: Gmail, policy: Policy, made: _Made, services: Services) -> Mailbox:
    """The three labels: those we know by id stay, the others are made. 1 unit and 5 each, one write before."""
    kept = {**made.labels, **changed.labels}
    names = {category: policy.label_names[category] for category in CATEGORIES if category not in kept}
    if not names:
        # All are known by id, so those that an attempt before this one began to make are no longer in doubt.
        return replace(changed, labels=kept, making={})
    version, present = changed.version, gmail.list_labels()

    def begin(making: Mapping[Category, str]) -> None:
        nonlocal version
        try:
            begun = services.mailboxes.update(
                replace(changed, making=making, version=version), "making", if_unchanged=True
            )
        except Stale:
            raise Stale("The mailbox was changed meanwhile.", code="row_changed") from None
        version = begun.version

    wish = LabelWish(
        names,
        changed.making,
        adopt=changed.settings.adopt_labels,
        known=frozenset(label.id for label in kept.values()),
    )
    before = {label.id for label in present}
    for category, label in make_labels(wish, gmail, begin, present):
        kept[category] = label
        # What the user had made, or a call before this one, is never taken back.
        if label.id not in before:
            made.labels[category] = label
    return replace(changed, labels=kept, making={}, version=version)


def _take_back(kept: Mapping[Category, GmailLabel], made: _Made, gmail: Gmail) -> None:
    """Deletes labels of ours that another change, made at the same time, has made too: empty by now. 5 units each."""
    for category, label in list(made.labels.items()):
        if kept.get(category) != label:
            try:
                gmail.delete_label(label.id)
            except AppError as error:
                if error.code != "not_found":
                    raise
        del made.labels[category]


def _abandon(caller: Caller, made: _Made, services: Services) -> None:
    """After a failure: takes labels back that no row names. Another failure leaves them, empty, to the user."""
    with suppress(AppError):
        current = services.mailboxes.get(mailbox_id(caller.org, caller.user))
        if current is not None:
            _take_back(current.labels, made, services.gmail.open(current))


def _forget_rows(caller: Caller, services: Services) -> None:
    """After a failure: ends what was begun for settings that are not stored, or whose owner has left meanwhile.

    Another failure leaves the rows to the labeler, which ends them when it meets them.
    """
    identifier = mailbox_id(caller.org, caller.user)
    with suppress(AppError):
        if not asks_for_work(services.mailboxes.get(identifier)):
            services.syncs.delete(identifier)
            services.labelings.delete(identifier)
            _begin_again(identifier, services)


def _turn_off(mailbox: Mailbox, services: Services) -> None:
    """Erases what MailMagnet has kept, then ends the watch, as far as Google lets us: 50 units, one write.

    After the switch is off, so that no push can bring a notice back.
    """
    services.syncs.delete(mailbox.id)
    services.notices.delete_all(mailbox.id)
    services.labelings.delete(mailbox.id)
    services.label_runs.delete_all(mailbox.id)
    if mailbox.watch_expires_at is not None and _stop_pushes(mailbox, services):
        # Not noted where it failed or we died: the same change again tries again.
        with suppress(Stale, NotFound):
            ended = replace(mailbox, watch_expires_at=None)
            services.mailboxes.update(ended, "watch_expires_at", if_unchanged=True)
    _begin_again(mailbox.id, services)


def _begin_again(mailbox: str, services: Services) -> None:
    """Where MailMagnet was turned on while we erased: what it began with is gone, so it begins once more."""
    current = services.mailboxes.get(mailbox)
    if asks_for_work(current):
        gmail = services.gmail.open(current)
        begin = begin_paused if current.settings.paused else start_watch
        begin(current, gmail, services)


def _stop_pushes(mailbox: Mailbox, services: Services) -> bool:
    """Ends the watch of a mailbox that is paused or off already, and answers whether it is over: 50 units.

    What was switched off stays off whatever comes of it.
    """
    if mailbox.health.code in NEEDS_RECONNECT:
        # Google has ended it with the consent.
        return True
    try:
        stop_watch(mailbox, services.gmail.open(mailbox), services)
    except GrantLost:
        return True
    except AppError as error:
        # Pushes are passed over from now on, and the watch ends by itself within seven days.
        services.log.event("watch.not_stopped", "WARNING", mailbox=mailbox.id, code=error.code)
        return False
    return True


def _sweep_soon(mailbox: Mailbox, services: Services) -> None:
    """Asks the next tick to look: pushes that came during the pause were passed over; the cursor was not."""
    for _ in range(ATTEMPTS):
        state = services.syncs.get(mailbox.id)
        if state is None:
            return
        try:
            services.syncs.save(replace(state, due=True))
            return
        except TryAgain:
            # Somebody holds or has just moved it; what we ask for must not be lost over that.
            continue
    services.log.event("sweep.not_asked", "WARNING", mailbox=mailbox.id)
