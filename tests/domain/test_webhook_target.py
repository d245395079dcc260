"""Which URLs an organisation may name for its webhook: public ones over https, and none that reaches into a network."""

import pytest

from shared.domain.webhook_target import Target, is_public, parse_target
from shared.errors import BadInput

LOCAL = ("localhost",)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://crm.example/hook", Target(True, "crm.example", 443, "/hook", False)),
        ("https://CRM.example:8443?a=b", Target(True, "crm.example", 8443, "/?a=b", False)),
        ("https://93.184.216.34/x", Target(True, "93.184.216.34", 443, "/x", False)),
        ("https://[2606:2800:220:1::1]/x", Target(True, "2606:2800:220:1::1", 443, "/x", False)),
        ("http://localhost:8080/crm/webhook", Target(False, "localhost", 8080, "/crm/webhook", True)),
        ("https://xn--mnchen-3ya.example/", Target(True, "xn--mnchen-3ya.example", 443, "/", False)),
    ],
)
def test_a_good_url_is_read(url: str, expected: Target) -> None:
    assert parse_target(url, LOCAL) == expected


@pytest.mark.parametrize(
    "url",
    [
        "", "crm.example", "ftp://crm.example/", "http://crm.example/", "//crm.example/", "https://", "https:///x",
        "https://user@crm.example/", "https://user:pw@crm.example/", "https://crm.example@evil.example/",
        "https://crm.example\\@127.0.0.1/", "https://crm.example/ x", "https://crm.example/\n", "https://crm.example/#x",
        "https://crm.example:0/", "https://crm.example:99999/", "https://crm.example:x/", "https://münchen.example/",
        "https://127.0.0.1/", "https://10.0.0.8/", "https://169.254.169.254/latest", "https://192.168.1.1/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/", "https://[fe80::1]/", "https://0.0.0.0/",
        "https://100.64.0.1/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://224.0.0.1/",
        "https://[::7f00:1]/", "https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://0177.0.0.1/",
        "https://a.0x7f/", "https://[fec0::1]/", "https://192.0.0.8/", "https://168.63.129.16/",
        f"https://crm.example/{'x' * 2048}", "javascript:alert(1)", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_a_url_that_may_reach_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_target(url, LOCAL)
    assert refused.value.code == "webhook_url_invalid"


@pytest.mark.parametrize("url", ["http://localhost:8080/x", "http://127.0.0.1/x", "https://10.1.2.3/x"])
def test_only_a_setting_opens_the_own_network(url: str) -> None:
    with pytest.raises(BadInput):
        parse_target(url)
    assert parse_target(url, ("localhost", "127.0.0.1", "10.1.2.3")).may_be_private, "the control"


def test_plain_http_stays_closed_for_other_machines_of_the_own_network() -> None:
    with pytest.raises(BadInput):
        parse_target("http://10.1.2.3/x", ("10.1.2.3",))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.53",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "2001:db8::1",
        "255.255.255.255",
        "fec0::1",
        "feff::1",
        "192.0.0.8",
        "192.0.0.192",
        "168.63.129.16",
        "::ffff:168.63.129.16",
        "64:ff9b::a83f:8110",
    ],
)
def test_these_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_these_addresses_are_public(address: str) -> None:
    assert is_public(address)
