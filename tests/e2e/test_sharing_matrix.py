"""The sharing matrix through the running stack: 8,316 situations, one call for 54 of them, against the oracle.

These are all in which the admin fixes nothing; and each of the admin's values, for each viewer, under one choice of
the owner's, which a seed draws. One conversation holds a mail for each way in which contacts may be on it and each
exclusion: its thread answers for all at once. What is hidden is held, byte for byte, against what is missing.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby

import pytest
import requests

from tests.contracts.jwks_server import Issuer
from tests.domain.sharing_oracle import Case
from tests.domain.test_sharing import OWNER
from tests.e2e.driver import Driver
from tests.e2e.matrix_world import MAILS, PEOPLE, THREAD, Person, houses, policy_for, visible_mails
from tests.e2e.own_signer import signer_of
from tests.e2e.test_sharing import policy
from tests.seeds import drawn_seed

THREADS = 3
Told = tuple[int, str, bytes]
"""All that a caller is told, but for the number of the request."""


@dataclass(frozen=True)
class Answered:
    """What one viewer was shown in one house, and told of what is hidden there: each beside what is missing."""

    house: Case
    shown: frozenset[str]
    hidden: tuple[tuple[Told, Told], ...]


def token_of(signer: Issuer, person: Person) -> str:
    claims = signer.claims(
        sub=person.user, org=person.org, roles=list(person.roles), name=person.user.title()
    )
    return signer.token("ES256", claims)


def content(answer: requests.Response) -> Told:
    request_id = answer.json()["request_id"].encode()
    return answer.status_code, answer.headers["Content-Type"], answer.content.replace(request_id, b"")


def choice(case: Case) -> tuple[str, bool]:
    """What the owner has chosen in a house."""
    return case.mode, case.picked


def rule(case: Case) -> tuple[str, bool]:
    """What the organisation's policy says in a house."""
    return case.fixed, case.superiors_see


def chosen(draw: random.Random) -> Sequence[Case]:
    """The houses that are asked, in the order in which choice and policy change least often."""
    every = houses()
    choices = sorted({choice(case) for case in every})
    drawn = {each: draw.choice(choices) for each in sorted({rule(case) for case in every})}
    # One choice that the admin overrides is always among them: all could be drawn as the admin fixes them.
    drawn["everybody private", False] = draw.choice([each for each in choices if each[0] == "public"])
    wanted = (case for case in every if case.fixed == "nothing" or choice(case) == drawn[rule(case)])
    return sorted(wanted, key=lambda case: (choice(case), rule(case)))


class Matrix:
    """Olga's connected mailbox on a stack."""

    def __init__(self, stack: Driver, seed: int) -> None:
        signer = signer_of(stack.url)
        self._stack, self._seed = stack, seed
        self._tokens = {kind: token_of(signer, person) for kind, person in PEOPLE.items()}
        self._admin = stack.token("admin")
        self._missing: dict[str, list[Told]] = {}
        mailbox = stack.connect(self._tokens["owner"], OWNER)["id"]
        self._base = f"/proxy/mailboxes/{mailbox}"
        never = {"never_shared": ["doctor@practice.example", "law.example"], "sharing": "custom"}
        self._own("PATCH", "/oauth/mailbox", never)
        self._own("PUT", "/oauth/mailbox/shares/matrix-b")

    def answers(self, cases: Sequence[Case]) -> Iterator[Answered]:
        """What the viewers are told, each house set up through the contract's calls."""
        with ThreadPoolExecutor(THREADS) as pool:
            for _, of_choice in groupby(cases, choice):
                alike = list(of_choice)
                self._choose(alike[0])
                for _, of_policy in groupby(alike, rule):
                    asked = list(of_policy)
                    self._govern(asked[0])
                    yield from pool.map(self._ask, asked)

    def _own(self, method: str, path: str, body: object = None) -> None:
        answer = self._stack.raw(method, path, body, token=self._tokens["owner"])
        assert answer.status_code in (200, 204), answer.text

    def _govern(self, case: Case) -> None:
        before = self._stack.call("GET", "/oauth/org", token=self._admin, expect=200)
        self._stack.call("PUT", "/oauth/org", before | policy_for(case), token=self._admin, expect=200)

    def _choose(self, case: Case) -> None:
        """The owner's choice, made while the admin fixes nothing."""
        self._govern(replace(case, fixed="nothing"))
        self._own("PATCH", "/oauth/mailbox", {"sharing": "custom"})
        self._own("PUT" if case.picked else "DELETE", "/oauth/mailbox/shares/matrix-a")
        self._own("PATCH", "/oauth/mailbox", {"sharing": case.mode})

    def _get(self, case: Case, path: str) -> requests.Response:
        return self._stack.raw("GET", self._base + path, token=self._tokens[case.viewer])

    def _ask(self, case: Case) -> Answered:
        thread = self._get(case, f"/threads/{THREAD}")
        assert thread.status_code in (200, 404), thread.text
        if case.viewer not in self._missing:
            self._missing[case.viewer] = [content(self._get(case, path)) for path in _paths("nosuch")]
        shown = frozenset(row["id"] for row in thread.json()["items"]) if thread.ok else frozenset()
        kept_back = sorted(MAILS.keys() - shown)
        told = [None if thread.ok else content(thread)]
        draw = random.Random(f"{self._seed} {case}")  # noqa: S311 - draws tests
        # Each mail costs its owner's quota: one is asked for in every third house.
        if kept_back and draw.randrange(3) == 0:
            _, *paths = _paths(draw.choice(kept_back))
            told += [content(self._get(case, path)) for path in paths]
        pairs = zip(told, self._missing[case.viewer], strict=False)
        return Answered(
            case, shown, tuple((hidden, missing) for hidden, missing in pairs if hidden is not None)
        )


def _paths(name: str) -> tuple[str, str, str]:
    """A thread, a mail, and a file of it."""
    return f"/threads/{name}", f"/messages/{name}", f"/messages/{name}/attachments/1"


@pytest.fixture(scope="module")
def answered(stack: Driver) -> Sequence[Answered]:
    seed = drawn_seed()
    print(f"seed {seed}")
    draw = random.Random(seed)  # noqa: S311 - draws tests
    with policy(stack):
        return list(Matrix(stack, seed).answers(chosen(draw)))


def test_every_thread_shows_over_http_exactly_what_the_oracle_says(answered: Sequence[Answered]) -> None:
    wrong = [one.house for one in answered if one.shown != visible_mails(one.house)]

    assert wrong == []
    assert len(answered) * len(MAILS) == 8316
    assert sum(len(one.shown) for one in answered if one.house.viewer != "owner") >= 45, "the control"


def test_what_is_hidden_and_what_is_missing_are_the_same_byte_for_byte(answered: Sequence[Answered]) -> None:
    hiding = [one for one in answered if one.hidden]

    assert [one.house for one in hiding if any(hidden != missing for hidden, missing in one.hidden)] == []
    assert {hidden[0] for one in hiding for hidden, _ in one.hidden} == {404}
    assert sum(len(one.hidden) > 1 for one in hiding) >= 20, "single mails and their files, too"
    assert {one.house.viewer for one in hiding} == PEOPLE.keys() - {"owner"}


WITHOUT_ONE_RULE: dict[str, Callable[[Case], Case]] = {
    "superiors always see": lambda case: replace(case, superiors_see=True),
    "every contact is picked": lambda case: replace(case, picked=True),
    "everybody has the record": lambda case: _as_colleague(case, "colleague without the record"),
    "everybody is shared with": lambda case: _as_colleague(case, "outside share_with"),
    "organisations are one": lambda case: _as_colleague(case, "stranger of another organisation"),
    "private is custom": lambda case: replace(case, mode="custom") if case.mode == "private" else case,
    "the admin fixes nothing": lambda case: replace(case, fixed="nothing"),
    "nothing is excluded": lambda case: replace(case, exclusion="none"),
    "a stranger's mail is A's": lambda case: replace(
        case, relation="only A" if case.relation == "only somebody unknown" else case.relation
    ),
}
"""The oracle with one rule flipped: it is asked about another situation than the one that was."""


def _as_colleague(case: Case, kind: str) -> Case:
    return replace(case, viewer="colleague") if case.viewer == kind else case


@pytest.mark.parametrize("flipped", WITHOUT_ONE_RULE)
def test_the_control_an_oracle_with_one_rule_flipped_disagrees_with_what_http_answers(
    answered: Sequence[Answered], flipped: str
) -> None:
    other = WITHOUT_ONE_RULE[flipped]

    assert any(one.shown != visible_mails(one.house, other) for one in answered)
