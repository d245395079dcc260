"""Who wrote a mail: the one From address, or nobody."""

from email.headerregistry import HeaderRegistry
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.domain.addresses import Address, domain_of, is_address, normalize, parse_addresses, single_from


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("ana@client.example", "", "ana@client.example"),
        ("<ana@client.example>", "", "ana@client.example"),
        ("Ana <ana@client.example>", "Ana", "ana@client.example"),
        ("  Ana   <ana@client.example>  ", "Ana", "ana@client.example"),
        ('"Client, Ana" <ana@client.example>', "Client, Ana", "ana@client.example"),
        ("Ana Client <Ana.Client+tag@Client.Example>", "Ana Client", "Ana.Client+tag@Client.Example"),
        ("ana@client.example (Ana)", "", "ana@client.example"),
        ("=?utf-8?q?Zo=C3=AB?= <zoe@client.example>", "Zoë", "zoe@client.example"),
        ("=?utf-8?b?5bGx55Sw?= <yamada@client.example>", "山田", "yamada@client.example"),
        ('"ana at home"@client.example', "", '"ana at home"@client.example'),
        ("Ana <ana@bücher.example>", "Ana", "ana@bücher.example"),
        ("Ana <ana@xn--bcher-kva.example>", "Ana", "ana@xn--bcher-kva.example"),
        ("Ana\r\n <ana@client.example>", "Ana", "ana@client.example"),
        ("Ana <ana@[192.0.2.1]>", "Ana", "ana@[192.0.2.1]"),
    ],
)
def test_a_well_formed_sender_is_read(value: str, name: str, address: str) -> None:
    found = single_from([value])
    assert found is not None
    assert found.address == address
    assert found.name == name


def by_the_library(text: str) -> tuple[Address, ...]:
    """What the standard library reads without a fault; nothing where it finds one."""
    try:
        header: Any = HeaderRegistry()("from", text)
    except Exception:  # its parser raises a dozen kinds
        return ()
    return () if header.defects else tuple(Address(a.display_name, a.addr_spec) for a in header.addresses)


BARE = "[-a-zA-Z0-9!#$%&'*+/=?^_`{|}~.]{1,12}@[-a-zA-Z0-9.]{1,12}"


@given(st.from_regex(BARE, fullmatch=True))
@example("ana@client.example")
@example("ana.@client.example")
@example(".ana@client.example")
@example("ana..b@client.example")
@example("ana@client..example")
@example("=?utf-8?q?ana?=@client.example")
def test_a_bare_address_is_read_as_the_standard_library_reads_it(text: str) -> None:
    expected = tuple(address for address in by_the_library(text) if is_address(address.address))
    assert (single_from([text]),) == (expected or (None,))
    if expected:
        assert parse_addresses(text) == expected


@pytest.mark.parametrize(
    "value",
    [
        "alice@allowed<bob@evil.example>",
        "alice@allowed.example\x00<bob@evil.example>",
        "alice@allowed.example <bob@evil.example>",
        "alice@allowed.example<bob@evil.example>",
        '"alice@allowed.example" <bob@evil.example>',
        '"alice@allowed.example,"<bob@evil.example>',
        "=?utf-8?q?alice=40allowed.example?= <bob@evil.example>",
        "=?utf-8?q?alice=40allowed.example=2C?= <bob@evil.example>",
        "(alice@allowed.example) <bob@evil.example>",
        "<bob@evil.example> (alice@allowed.example)",
    ],
)
def test_a_name_that_looks_like_an_address_never_counts(value: str) -> None:
    found = single_from([value])
    assert found is None or found.address == "bob@evil.example"


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        ["   "],
        ["Ana"],
        ["ana"],
        ["@client.example"],
        ["ana@"],
        ["ana@client.example, ben@client.example"],
        ["Ana <ana@client.example>, Ben <ben@client.example>"],
        ["ana@client.example", "ana@client.example"],
        ["ana@client.example", "ben@client.example"],
        ["Group: ana@client.example, ben@client.example;"],
        ["undisclosed-recipients:;"],
        ["ana@client.example <"],
        ["<ana@client.example> <ben@client.example>"],
        ["<ana@client.example>, <>"],
        ["ana@@client.example"],
        ["ana @client.example <x>"],
        ["<" * 5000 + "ana@client.example"],
        ["(" * 5000],
        ["a" * 70_000 + "@client.example"],
    ],
)
def test_an_absent_doubled_or_malformed_sender_is_nobody(values: list[str]) -> None:
    assert single_from(values) is None


def test_a_group_of_one_names_its_member_or_nobody() -> None:
    # RFC 6854 allows a group in From; it is one address, and no other may come out.
    found = single_from(["Desk: ana@client.example;"])
    assert found is None or found.address == "ana@client.example"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ana@Client.Example", "ana@client.example", True),
        (" ana@client.example ", "ana@client.example", True),
        ("ÄNA@client.example", "äna@client.example", True),
        ("ana+tag@client.example", "ana@client.example", False),
        ("a.na@client.example", "ana@client.example", False),
        ("ana@client.example", "ana@client.example.evil", False),
        ("ana@strasse.example", "ana@straße.example", False),
    ],
)
def test_addresses_are_compared_without_case_and_nothing_else(one: str, other: str, same: bool) -> None:
    assert (normalize(one) == normalize(other)) is same


@settings(deadline=None)
@given(st.text(max_size=60))
def test_a_normalised_address_stays_as_it_is(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "ana@",
        "@client.example",
        "ana@client.example ben@client.example",
        "ana@client.example,ben@client.example",
        'x@y.z" OR in:anywhere',
        "x@y.z OR in:anywhere",
        "(x@y.z)",
        "<x@y.z>",
        "x@y.z\n",
        "x@y.z\r\nBcc: evil@x.example",
        "x@y.z\x00",
        "a" * 320 + "@client.example",
    ],
)
def test_what_is_not_one_plain_address_may_not_enter_a_search(text: str) -> None:
    assert not is_address(text)


def test_recipients_are_read_as_far_as_they_can_be() -> None:
    value = 'Ana <ana@client.example>, broken, "B, en" <ben@client.example>, Desk: cem@client.example;'
    assert [a.address for a in parse_addresses(value)] == [
        "ana@client.example",
        "ben@client.example",
        "cem@client.example",
    ]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ab@.<>",;:()[]\\ \r\n\x00é=?', max_size=80))
def test_no_header_makes_the_parser_fail_or_names_two_senders(value: str) -> None:
    found = single_from([value])
    assert found is None or is_address(found.address)
    assert all(isinstance(address, Address) for address in parse_addresses(value))


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ana@Client.Example", "client.example"),
        ("ana@client.example.", "client.example"),
        ('"a@b"@client.example', "client.example"),
        ("ana", ""),
    ],
)
def test_a_domain_is_what_follows_the_last_at(address: str, domain: str) -> None:
    assert domain_of(address) == domain
