"""Signs the OIDC tokens that Google's front end accepts in front of a private function."""

import time
import uuid
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

_LIFE_S = 3600


class Signer:
    """Holds a key that lives as long as the process. `issuer` is the gateway's internal URL."""

    def __init__(self, issuer: str, project: str) -> None:
        self._issuer = issuer
        self._project = project
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id = uuid.uuid4().hex

    def token_for(self, entry_point: str) -> str:
        """A token for one hour with the claims of Google's service account tokens, for one audience."""
        # Tokens live in the machine's own time, whatever the stack's clock says.
        now = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": f"{self._issuer}/{entry_point}",
            "sub": f"invoke-{entry_point}",
            "email": f"invoke-{entry_point}@{self._project}.iam.gserviceaccount.com",
            "email_verified": True,
            "iat": now,
            "exp": now + _LIFE_S,
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set (RFC 7517)."""
        key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self._key_id, "alg": "RS256", "use": "sig"}]}
