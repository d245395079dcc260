"""What `crm.yaml` may say, and in which words it is refused."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from functions.oauth import policy_values
from local.assembly.contents import check_contents
from local.assembly.dataset import DataSet
from local.cli.fault import Fault
from local.crm import organisation_values
from local.crm.seed_file import read_seed

ORG = "org: {id: o, name: O}\n"
ANN = "users: [{id: ann, name: Ann, email: ann@o.example}]\n"


def test_an_empty_section_is_an_empty_list() -> None:
    seed = read_seed(
        yaml.safe_load(
            "org: {id: o, name: O, domains: }\n"
            "users: [{id: ann, name: Ann, email: ann@o.example, roles: , permissions: }]\n"
            "contacts: [{id: c, name: C, addresses: , deals: }]\n"
        )
    )
    assert (seed.org.domains, seed.users[0].roles, seed.users[0].permissions) == ((), (), ())
    assert (seed.contacts[0].addresses, seed.contacts[0].deals) == ((), ())
    assert read_seed(yaml.safe_load(f"{ORG}{ANN}contacts:\n")).contacts == ()


@pytest.mark.parametrize("private", ["d: c2VjcmV0", "k: c2VjcmV0"])
def test_a_key_is_published_by_its_public_half_only(private: str) -> None:
    key = "{kty: OKP, kid: mine, alg: EdDSA, crv: Ed25519, x: cHVibGlj}"
    assert read_seed(yaml.safe_load(f"keys: [{key}]\n{ORG}{ANN}")).keys[0].kid == "mine"
    with pytest.raises(ValidationError):
        read_seed(yaml.safe_load(f"keys: [{key.replace('}', f', {private}}}')}]\n{ORG}{ANN}"))


def test_an_empty_visible_to_never_means_all() -> None:
    with pytest.raises(ValidationError):
        read_seed(yaml.safe_load(f"{ORG}{ANN}contacts: [{{id: c, name: C, visible_to: }}]\n"))


def test_numbers_are_ids_and_names() -> None:
    seed = read_seed(
        yaml.safe_load(
            "org: {id: 1, name: 2026}\n"
            "users: [{id: 7, name: 7, email: a@o.example, superior: 8, roles: [9], permissions: [10]}]\n"
            "contacts: [{id: 2, name: 3, visible_to: [7], deals: [{id: 4, name: 5.5, state: open}]}]\n"
        )
    )
    contact = seed.contacts[0]
    assert (seed.org.id, seed.org.name) == ("1", "2026")
    assert (seed.users[0].superior, seed.users[0].roles, seed.users[0].permissions) == ("8", ("9",), ("10",))
    assert (contact.id, contact.name, contact.visible_to) == ("2", "3", ("7",))
    assert (contact.deals[0].id, contact.deals[0].name) == ("4", "5.5")


@pytest.mark.parametrize(
    "written", ["2026-01-05", "2026-01-05 23:30:00", "2026-01-05T23:30:00-05:00", "'2026-01-05T23:30:00Z'"]
)
def test_a_closing_date_with_a_time_keeps_its_day(written: str) -> None:
    deal = f"{{id: d, name: D, state: open, closing_date: {written}}}"
    seed = read_seed(yaml.safe_load(f"{ORG}{ANN}contacts: [{{id: c, name: C, deals: [{deal}]}}]\n"))
    assert seed.contacts[0].deals[0].closing_date == date(2026, 1, 5)


DEAL = "{id: d, name: D, state: open}"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            f"org: {{id: o, name: O, time_zone: Mars/X}}\n{ANN}",
            "org.time_zone: 'Mars/X' is not an IANA time zone",
        ),
        (
            f"org: {{id: o, name: O, domains: ['@x.example']}}\n{ANN}",
            "org.domains.0: '@x.example' is not a domain",
        ),
        (f"{ORG}{ANN}contacts: words\n", "contacts: Input should be a list."),
        (f"{ORG}{ANN}contacts: [{{id: c, name: A}}, {{id: c, name: B}}]\n", ": contact id used twice: c."),
        (
            f"{ORG}{ANN}contacts: [{{id: c, name: C, deals: [{DEAL}, {DEAL}]}}]\n",
            ": contact c: deal id used twice: d.",
        ),
        (
            f"{ORG}{ANN}contacts: [{{id: c, name: C, visible_to: 7}}]\n",
            "contacts.0.visible_to: Input should be",
        ),
    ],
)
def test_what_is_wrong_is_said_before_anything_starts(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(Fault) as caught:
        check_contents(DataSet(tmp_path, {}, yaml.safe_load(content), ""))
    assert str(caught.value).startswith(str(tmp_path / "crm.yaml"))
    assert sentence in str(caught.value)
    assert "tuple" not in str(caught.value)


DOMAINS = (
    *("x.example", "X.Example.", "bücher.example", "xn--bcher-kva.example", "a-b.co", "1.2"),
    *(
        "@x.example",
        "localhost",
        "",
        ".",
        "x..example",
        "-x.example",
        "x_y.example",
        "x.example/",
        "a b.example",
    ),
    *("a@x.example", f"{'x' * 64}.example", "ü" * 64 + ".example", "*.x.example", "https://x.example"),
)
ZONES = (
    "UTC",
    "Europe/Paris",
    "Asia/Kolkata",
    "Mars/X",
    "",
    "localtime",
    "Factory",
    "europe/paris",
    "+01:00",
)


def _takes(check: object, text: str) -> bool:
    assert callable(check)
    try:
        check(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", DOMAINS)
def test_a_domain_is_one_here_where_the_mail_system_takes_it(text: str) -> None:
    assert _takes(organisation_values.domain, text) == _takes(policy_values.domain, text)


@pytest.mark.parametrize("text", ZONES)
def test_a_zone_is_one_here_where_the_mail_system_takes_it(text: str) -> None:
    assert _takes(organisation_values.time_zone, text) == _takes(policy_values.zone, text)
