"""Who may see what, written a second time from the words of the product and not from its code (60 lines at most)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One situation in words. `viewer` and `relation` are kinds; `mode` is what the owner chose, `fixed` the admin."""

    viewer: str
    mode: str
    fixed: str
    relation: str
    exclusion: str
    picked: bool
    superiors_see: bool


def is_visible(case: Case) -> bool:
    """Whether that viewer is shown that message."""
    if case.viewer == "owner":
        return True
    holds = {
        "nothing": case.mode,
        "everybody private": "private",
        "everybody public": "public",
        "user public, everybody private": "public",
        "role private, user public": "private",
        "roles custom and public": "custom",
    }[case.fixed]
    if holds == "private":
        return False
    if case.viewer in ("stranger of another organisation", "outside share_with"):
        return False
    if case.viewer == "superior" and not case.superiors_see:
        return False
    if case.exclusion != "none":
        return False
    contact_a, contact_b = {
        "only A": (True, False),
        "only B": (False, True),
        "A and B": (True, True),
        "A and somebody unknown": (True, False),
        "only somebody unknown": (False, False),
        "nobody readable": (False, False),
    }[case.relation]
    # Everybody may see A in the CRM but one kind of colleague; B is hidden from all but the owner.
    sees_a = contact_a and case.viewer != "colleague without the record"
    if holds == "public":
        return sees_a
    # Custom: A may be picked, B always is; what the viewer may not see in the CRM, no pick shows.
    return sees_a and case.picked and (contact_a or contact_b)
