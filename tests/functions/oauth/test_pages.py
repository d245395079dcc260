"""The popup's pages say what has happened, and no more."""

import pytest

from functions.oauth.connect import Authorized
from functions.oauth.pages import authorized_page


@pytest.mark.parametrize(
    ("language", "arrived", "too_early"),
    [
        ("en", "Google&#x27;s consent has arrived", "is connected"),
        ("fr", "L&#x27;autorisation de Google est arrivée", "est connecté"),
    ],
)
def test_the_popup_claims_no_connection_before_the_crm_has_made_it(
    language: str, arrived: str, too_early: str
) -> None:
    page = authorized_page(Authorized("t.s", "https://crm.example"), language).content
    assert isinstance(page, bytes)
    assert arrived in page.decode()
    assert too_early not in page.decode()
