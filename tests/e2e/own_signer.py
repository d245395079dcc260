"""Keys of the tests' own that the stack's CRM publishes: with them a test signs what the CRM never would."""

import copy
from functools import cache

from tests.contracts.jwks_server import Issuer


@cache
def own_keys() -> Issuer:
    """The same keys in the data set and in every test of a session."""
    return Issuer()


def signer_of(url: str) -> Issuer:
    """Signs as the CRM of the stack at this URL."""
    signer = copy.copy(own_keys())
    signer.name = f"{url}/crm"
    return signer
