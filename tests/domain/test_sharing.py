"""The one function that decides about shared mail, against an oracle of its own over the whole matrix."""

import functools
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.domain import sharing
from shared.domain.contact import Contact
from shared.domain.mail import Header, MailMetadata
from shared.domain.mailbox import Mailbox, Settings, Sharing
from shared.domain.message_facts import facts_of
from shared.domain.policy import Policy
from shared.domain.sharing import MessageFacts, Records, Viewer, effective_sharing, may_ask, may_see
from tests.domain.sharing_oracle import Case, is_visible

VIEWERS = (
    "owner", "colleague", "colleague without the record", "colleague by role", "superior",
    "outside share_with", "stranger of another organisation",
)  # fmt: skip
MODES: tuple[Sharing, ...] = ("private", "custom", "public")
FIXED = (
    "nothing", "everybody private", "everybody public", "user public, everybody private",
    "role private, user public", "roles custom and public",
)  # fmt: skip
RELATIONS = (
    "only A",
    "only B",
    "A and B",
    "A and somebody unknown",
    "only somebody unknown",
    "nobody readable",
)
EXCLUSIONS = (
    "none", "domain", "subdomain", "domain in Bcc", "domain in a broken header", "never this address",
    "never this domain", "draft", "spam",
)  # fmt: skip
EVERY_CASE = [
    Case(*values)
    for values in itertools.product(
        VIEWERS, MODES, FIXED, RELATIONS, EXCLUSIONS, (False, True), (False, True)
    )
]

OWNER = "olga@own.example"
A = Contact("a", "A", "contact", ("Ana@A.example", "ana.second@a2.example"))
B = Contact("b", "B", "contact", ("ben@b.example",))
FROM = {
    "only A": "Ana <ana@a.EXAMPLE>",
    "only B": "ben@b.example",
    "A and B": "ben@b.example",
    "A and somebody unknown": "x@unknown.example",
    "only somebody unknown": "x@unknown.example",
    "nobody readable": "ana@a.example, ben@b.example",
}
TO = {"A and B": f"{OWNER}, ana.second@a2.example", "A and somebody unknown": f"{OWNER}, ana@a.example"}


def viewer_of(case: Case) -> Viewer:
    named = {
        "owner": Viewer("acme", "olga", frozenset({"sales"})),
        "colleague by role": Viewer("acme", "rita", frozenset({"support"})),
        "superior": Viewer("acme", "cleo", frozenset({"sales"}), is_superior=True),
        "outside share_with": Viewer("acme", "max", frozenset({"intern"})),
        # The same user id as a colleague's whom the policy names, elsewhere.
        "stranger of another organisation": Viewer("other", "cleo", frozenset({"sales"})),
    }
    return named.get(case.viewer, Viewer("acme", "cleo", frozenset({"sales"})))


def message_of(case: Case) -> MessageFacts:
    return parsed(headers_of(case), labels_of(case))


@functools.cache
def parsed(headers: tuple[tuple[str, str], ...], labels: frozenset[str]) -> MessageFacts:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return facts_of(MailMetadata("m", "t", labels, now, tuple(Header(*pair) for pair in headers)))


def headers_of(case: Case) -> tuple[tuple[str, str], ...]:
    extra = {
        "domain": ("Cc", "Eve <eve@excluded.example>"),
        "subdomain": ("Cc", "eve@mail.EXCLUDED.example"),
        "domain in Bcc": ("Bcc", "eve@excluded.example"),
        "domain in a broken header": ("Reply-To", 'Eve "<eve@excluded.example'),
        "never this address": ("Cc", "doctor@practice.example"),
        "never this domain": ("Cc", "lawyer@law.example"),
    }.get(case.exclusion)
    headers = (("From", FROM[case.relation]), ("To", TO.get(case.relation, OWNER)))
    return (*headers, extra) if extra is not None else headers


def labels_of(case: Case) -> frozenset[str]:
    return frozenset({{"draft": "DRAFT", "spam": "SPAM"}.get(case.exclusion, "INBOX")})


def mailbox_of(case: Case) -> Mailbox:
    settings = Settings(sharing=case.mode, never_shared=("doctor@practice.example", "law.example"))  # type: ignore[arg-type]
    return Mailbox(
        "id", "acme", "olga", "Olga", OWNER, "sub", datetime(2026, 1, 1, tzinfo=UTC),
        settings=settings, roles=("sales", "trainee"),
    )  # fmt: skip


def policy_of(case: Case) -> Policy:
    policy = Policy(
        excluded_domains=("excluded.example", "own.example"),
        superiors_see=case.superiors_see,
        share_with_users=("cleo",),
        share_with_roles=("support",),
    )
    fixed: dict[str, Policy] = {
        "everybody private": replace(policy, sharing="private"),
        "everybody public": replace(policy, sharing="public"),
        "user public, everybody private": replace(
            policy, sharing="private", sharing_by_user={"olga": "public"}
        ),
        "role private, user public": replace(
            policy, sharing_by_role={"sales": "private"}, sharing_by_user={"olga": "public"}
        ),
        "roles custom and public": replace(
            policy, sharing_by_role={"sales": "public", "trainee": "custom"}, sharing="private"
        ),
    }
    return fixed.get(case.fixed, policy)


def records_of(case: Case) -> Records:
    contacts = {"owner": (A, B), "colleague without the record": ()}.get(case.viewer, (A,))
    return Records(contacts, frozenset({"a", "b"} if case.picked else {"b"}))


def decided(case: Case) -> bool:
    question = (viewer_of(case), message_of(case), mailbox_of(case), policy_of(case), records_of(case))
    return may_see(*question).allowed


def disagreements() -> Iterator[Case]:
    return (case for case in EVERY_CASE if decided(case) != is_visible(case))


def test_every_case_of_the_matrix_is_decided_as_the_oracle_says() -> None:
    assert len(EVERY_CASE) == 7 * 3 * 6 * 6 * 9 * 4
    assert sum(is_visible(case) for case in EVERY_CASE if case.viewer != "owner") > 200, "the control"
    assert next(disagreements(), None) is None


RULES = [*sharing._OF_MAILBOX, *sharing._OF_MESSAGE]


@pytest.mark.parametrize("rule", RULES)
def test_without_any_one_of_its_rules_the_matrix_turns_red(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in ("_OF_MAILBOX", "_OF_MESSAGE"):
        rules = {reason: forbids for reason, forbids in getattr(sharing, table).items() if reason != rule}
        monkeypatch.setattr(sharing, table, rules)

    shown_wrongly = next(disagreements(), None)

    assert shown_wrongly is not None, f"nothing depends on the rule {rule}"
    assert decided(shown_wrongly), "a rule only forbids: without it more is shown, never less"


def test_a_mailbox_that_may_not_be_asked_shows_nothing_and_asking_never_hides() -> None:
    for case in EVERY_CASE:
        asked = may_ask(viewer_of(case), mailbox_of(case), policy_of(case)).allowed
        assert asked or not decided(case), case


def test_going_private_hides_at_once_and_the_picks_are_there_again_afterwards() -> None:
    case = Case("colleague", "custom", "nothing", "only A", "none", True, False)
    picks = records_of(case)
    for mode, shown in (("custom", True), ("private", False), ("custom", True)):
        question = (viewer_of(case), message_of(case), mailbox_of(replace(case, mode=mode)), policy_of(case))
        assert may_see(*question, picks).allowed is shown


def test_the_owners_own_address_does_not_make_every_mail_one_of_an_excluded_domain() -> None:
    case = Case("colleague", "public", "nothing", "only A", "none", False, False)
    assert "own.example" in policy_of(case).excluded_domains
    assert decided(case)
    facts = message_of(case)
    tagged = replace(facts, mentioned=(facts.mentioned - {OWNER}) | {"olga+news@own.example"})
    colleague = replace(facts, mentioned=facts.mentioned | {"olaf@own.example"})
    rest = (mailbox_of(case), policy_of(case), records_of(case))
    assert may_see(viewer_of(case), tagged, *rest).allowed
    assert may_see(viewer_of(case), colleague, *rest).reason == "excluded_domain"


@pytest.mark.parametrize(
    "written", ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example", "ｂücher。example"]
)
def test_an_excluded_domain_is_known_in_every_spelling(written: str) -> None:
    case = Case("colleague", "public", "nothing", "only A", "none", False, False)
    policy = replace(policy_of(case), excluded_domains=("xn--bcher-kva.example",))
    facts = message_of(case)
    mentioned = replace(facts, mentioned=facts.mentioned | {f"eve@{written}"})
    decision = may_see(viewer_of(case), mentioned, mailbox_of(case), policy, records_of(case))
    assert decision.reason == "excluded_domain"


@pytest.mark.parametrize(
    "written",
    [
        "lea@bücher.example", "LEA@Bücher.example", "lea@xn--bcher-kva.example", "lea@bücher.example.",
        "lea+private@xn--bcher-kva.example",
    ],
)  # fmt: skip
@pytest.mark.parametrize("entry", ["lea@bücher.example", "lea@xn--bcher-kva.example", "lea@bücher.example."])
def test_an_address_that_is_never_shared_is_known_in_every_spelling(entry: str, written: str) -> None:
    case = Case("colleague", "public", "nothing", "only A", "none", False, False)
    mailbox = mailbox_of(case).with_settings(Settings(sharing="public", never_shared=(entry,)))
    rest = (mailbox, policy_of(case), records_of(case))
    facts = message_of(case)
    for address, reason in ((written, "never_shared"), ("lena@bücher.example", "public")):
        mentioned = replace(facts, mentioned=facts.mentioned | {address})
        assert may_see(viewer_of(case), mentioned, *rest).reason == reason


def test_a_tag_that_is_never_shared_closes_that_tag_only() -> None:
    case = Case("colleague", "public", "nothing", "only A", "none", False, False)
    settings = Settings(sharing="public", never_shared=("lea+private@law.example",))
    rest = (mailbox_of(case).with_settings(settings), policy_of(case), records_of(case))
    facts = message_of(case)
    for address, reason in (
        ("lea+private@law.example", "never_shared"),
        ("lea@law.example", "public"),
    ):
        mentioned = replace(facts, mentioned=facts.mentioned | {address})
        assert may_see(viewer_of(case), mentioned, *rest).reason == reason


def test_the_owners_namesake_in_another_organisation_is_a_stranger() -> None:
    case = Case("colleague", "public", "nothing", "only A", "none", False, False)
    rest = (message_of(case), mailbox_of(case), policy_of(case), records_of(case))
    assert may_see(Viewer("acme", "olga"), *rest).reason == "owner"
    assert may_see(Viewer("other", "olga"), *rest).reason == "other_organisation"


def test_a_policy_that_names_nobody_shares_with_every_colleague() -> None:
    case = Case("outside share_with", "public", "nothing", "only A", "none", False, False)
    everybody = replace(policy_of(case), share_with_users=(), share_with_roles=())
    rest = (mailbox_of(case), everybody, records_of(case))
    assert may_see(viewer_of(case), message_of(case), *rest).allowed
    assert not decided(case), "the control"


def test_a_sharing_that_we_do_not_know_shares_nothing() -> None:
    case = Case("colleague", "public", "nothing", "only A", "none", False, False)
    assert effective_sharing(mailbox_of(replace(case, mode="everyone")), policy_of(case)) == "private"
    broken = replace(policy_of(case), sharing="everyone")
    assert effective_sharing(mailbox_of(case), broken) == "private"


@pytest.mark.parametrize(
    "value",
    [
        "=?utf-8?q?eve=40excluded=2Eexample?= <x@y.example>",
        '"Eve"@excluded.example',
        "undisclosed: eve@excluded.example;",
        "a@b@excluded.example",
        ", ".join(f"n{number}@many.example" for number in range(500)) + ", eve@excluded.example",
    ],
)
def test_an_excluded_domain_is_found_in_odd_headers(value: str) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    facts = facts_of(MailMetadata("m", "t", frozenset(), now, (Header("Cc", value),)))
    assert any(address.endswith("@excluded.example") for address in facts.mentioned)


def _facts(*headers: Header) -> MessageFacts:
    return facts_of(MailMetadata("m", "t", frozenset(), datetime(2026, 11, 24, tzinfo=UTC), headers))


@pytest.mark.parametrize(
    "headers",
    [
        [Header("Cc", f"{'x' * 310}@1@excluded.example")],
        [Header("Cc", "x@" + "@".join("1" * 18_000))],
        [Header("Cc", "x@" + "a." * 20_000)],
        [Header("Cc", " ".join(f"{n}@1@2@3@4" for n in range(600)))],
        [Header("Cc", "eve@excluded.example " * 4_000)],
        [Header("Cc", "eve@excluded.example")] * 21,
        [Header("Cc", f"=?utf-8?q?{'x' * 330}=40excluded.example?=")],
    ],
)
def test_a_message_whose_address_headers_are_beyond_reading_is_not_shared(headers: list[Header]) -> None:
    sender = Header("From", "ana@a.example")
    assert not _facts(sender).unlisted, "the control"
    facts = _facts(sender, *headers)
    assert facts == MessageFacts(frozenset(), frozenset(), unlisted=True)


def test_a_message_to_a_thousand_is_shared_like_any_other() -> None:
    addresses = [f"firstname.surname{number}@company.example" for number in range(1_000)]
    facts = _facts(Header("From", "ana@a.example"), Header("To", ", ".join(addresses)))
    assert not facts.unlisted
    assert facts.mentioned == {"ana@a.example", *addresses}


@pytest.mark.parametrize(
    ("domain", "covered"),
    [
        ("excluded.example", True),
        ("mail.excluded.example.", True),
        ("EXCLUDED.example", True),
        ("notexcluded.example", False),
        ("excluded.example.evil.example", False),
        ("example", False),
    ],
)
def test_an_excluded_domain_holds_those_below_it_and_no_others(domain: str, covered: bool) -> None:
    case = Case("colleague", "public", "nothing", "only A", "none", False, False)
    policy = replace(policy_of(case), excluded_domains=("excluded.example",))
    facts = MessageFacts(frozenset({"ana@a.example"}), frozenset({"ana@a.example", f"eve@{domain}"}))
    decision = may_see(viewer_of(case), facts, mailbox_of(case), policy, records_of(case))
    assert (decision.reason == "excluded_domain") is covered
