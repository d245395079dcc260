"""The CRM's tokens: signs its users' JWTs, publishes the key, reads a token back."""

import time
from collections.abc import Sequence
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from local.crm.models import PublicKey, User
from local.crm.problem import not_authenticated

AUDIENCE = "crm-gmail"
# The functions take no token that lives longer than an hour; ten minutes are left for clocks that differ.
LIFETIME_S = 50 * 60


class TokenSigner:
    """Signs with an Ed25519 key of its own (RFC 8037), made anew at each start. `others` are published beside it."""

    def __init__(self, issuer: str, org: str, others: Sequence[PublicKey] = ()) -> None:
        self._issuer = issuer
        self._org = org
        self._others = others
        self._key = Ed25519PrivateKey.generate()
        public = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        self._key_id = str(public["x"])[:16]
        self._public = public | {"kid": self._key_id, "use": "sig", "alg": "EdDSA"}

    def jwks(self) -> dict[str, Any]:
        """The JSON Web Key Set (RFC 7517)."""
        return {"keys": [self._public, *(key.model_dump(exclude_none=True) for key in self._others)]}

    def token_for(self, user: User) -> str:
        """A JWT for this user. Signed tokens live in the machine's own time, whatever the local clock says."""
        now = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": user.id,
            "org": self._org,
            "name": user.name,
            "roles": list(user.roles),
            "permissions": list(user.permissions),
            "iat": now,
            "exp": now + LIFETIME_S,
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self._key_id})

    def user_id_in(self, token: str) -> str:
        """The user whom a token of ours names. Raises Problem 401 for any other token."""
        try:
            claims = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=self._issuer,
                options={"require": ["exp", "sub"]},
            )
        except jwt.InvalidTokenError:
            raise not_authenticated("The token is not one of this CRM, or it has expired.") from None
        return str(claims["sub"])
