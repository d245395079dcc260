"""Codes, tokens and consents of the OAuth server, in SQLite. Of secret values only SHA-256 digests."""

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.gmail.oauth_model import Code, Consent, Token, read_scopes, write_scopes

# "There is currently a limit of 100 refresh tokens per Google Account per OAuth 2.0 client ID."
# https://developers.google.com/identity/protocols/oauth2#expiration
REFRESH_TOKENS_PER_CLIENT = 100

_PREFIX = {"access": "ya29.", "refresh": "1//", "code": "4/"}

_SCHEMA = """
CREATE TABLE IF NOT EXISTS oauth_consents (
    email TEXT, client_id TEXT, scopes TEXT, offline INTEGER, PRIMARY KEY (email, client_id));
CREATE TABLE IF NOT EXISTS oauth_codes (
    digest TEXT PRIMARY KEY, authorization_id TEXT, email TEXT, client_id TEXT, redirect_uri TEXT,
    scopes TEXT, nonce TEXT, code_challenge TEXT, code_challenge_method TEXT, gives_refresh_token INTEGER,
    expires_at REAL, used INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS oauth_tokens (
    number INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT UNIQUE, kind TEXT, authorization_id TEXT,
    email TEXT, client_id TEXT, scopes TEXT, expires_at REAL);
CREATE INDEX IF NOT EXISTS oauth_tokens_of ON oauth_tokens (email, client_id, kind);
"""

_CODE_COLUMNS = (
    "authorization_id, email, client_id, redirect_uri, scopes, nonce, code_challenge, code_challenge_method, "
    "gives_refresh_token, expires_at"
)


class OAuthStore:
    """One server's state; safe for several threads. `file` None keeps everything in memory."""

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            str(file) if file else ":memory:", check_same_thread=False, isolation_level=None, timeout=10
        )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Ends the use of the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes of the block or none, with no other thread's between them."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _run(self, statement: str, *values: object) -> sqlite3.Cursor:
        with self._lock:
            return self._db.execute(statement, values)

    def _first(self, statement: str, *values: object) -> tuple[object, ...] | None:
        with self._lock:
            row: tuple[object, ...] | None = self._db.execute(statement, values).fetchone()
            return row

    def consent(self, email: str, client_id: str) -> Consent:
        """What `email` has granted to the client so far; an empty Consent if nothing."""
        row = self._first(
            "SELECT scopes, offline FROM oauth_consents WHERE email = ? AND client_id = ?", email, client_id
        )
        return Consent(read_scopes(str(row[0])), bool(row[1])) if row else Consent()

    def add_consent(self, email: str, client_id: str, consent: Consent) -> None:
        """Adds to what was granted; earlier scopes stay, as on Google's page of connected apps."""
        with self.transaction():
            earlier = self.consent(email, client_id)
            self._run(
                "INSERT OR REPLACE INTO oauth_consents VALUES (?, ?, ?, ?)",
                email,
                client_id,
                write_scopes(earlier.scopes | consent.scopes),
                earlier.offline or consent.offline,
            )

    def add_code(self, code: Code) -> str:
        """Stores a new code; the secret value, which only the client gets."""
        value = _random("code")
        self._run(
            f"INSERT INTO oauth_codes (digest, {_CODE_COLUMNS}) VALUES (?{', ?' * 10})",  # noqa: S608
            _digest(value),
            code.authorization_id,
            code.email,
            code.client_id,
            code.redirect_uri,
            write_scopes(code.scopes),
            code.nonce,
            code.code_challenge,
            code.code_challenge_method,
            code.gives_refresh_token,
            code.expires_at,
        )
        return value

    def find_code(self, value: str) -> Code | None:
        """The code with this secret value, used or not, expired or not."""
        row = self._first(f"SELECT {_CODE_COLUMNS} FROM oauth_codes WHERE digest = ?", _digest(value))  # noqa: S608
        if row is None:
            return None
        authorization_id, email, client_id, redirect_uri, scopes, nonce, challenge, method = map(str, row[:8])
        return Code(
            authorization_id=authorization_id,
            email=email,
            client_id=client_id,
            redirect_uri=redirect_uri,
            scopes=read_scopes(scopes),
            nonce=nonce,
            code_challenge=challenge,
            code_challenge_method=method,
            gives_refresh_token=bool(row[8]),
            expires_at=float(str(row[9])),
        )

    def claim_code(self, value: str) -> bool:
        """Marks the code used. True for exactly one of all callers."""
        cursor = self._run("UPDATE oauth_codes SET used = 1 WHERE digest = ? AND used = 0", _digest(value))
        return cursor.rowcount == 1

    def add_token(self, token: Token) -> str:
        """Stores a new token; its secret value. One refresh token too many ends the oldest silently."""
        value = _random(token.kind)
        owner = (token.email, token.client_id, token.kind)
        with self.transaction():
            self._run(
                "INSERT INTO oauth_tokens (digest, email, client_id, kind, authorization_id, scopes,"
                " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                _digest(value),
                *owner,
                token.authorization_id,
                write_scopes(token.scopes),
                token.expires_at,
            )
            if token.kind == "refresh":
                self._run(
                    "DELETE FROM oauth_tokens WHERE number IN (SELECT number FROM oauth_tokens"
                    " WHERE email = ? AND client_id = ? AND kind = ? ORDER BY number DESC LIMIT -1 OFFSET ?)",
                    *owner,
                    REFRESH_TOKENS_PER_CLIENT,
                )
        return value

    def find_token(self, value: str) -> Token | None:
        """The token with this secret value, expired or not; None if it never was or is revoked."""
        row = self._first(
            "SELECT kind, authorization_id, email, client_id, scopes, expires_at FROM oauth_tokens"
            " WHERE digest = ?",
            _digest(value),
        )
        if row is None:
            return None
        kind, authorization_id, email, client_id, scopes = (str(column) for column in row[:5])
        return Token(kind, authorization_id, email, client_id, read_scopes(scopes), float(str(row[5])))

    def prolong(self, value: str, expires_at: float) -> None:
        """Moves the end of a token's life."""
        self._run("UPDATE oauth_tokens SET expires_at = ? WHERE digest = ?", expires_at, _digest(value))

    def has_refresh_token(self, authorization_id: str) -> bool:
        """Whether the authorization was for offline access and still is."""
        found = self._first(
            "SELECT 1 FROM oauth_tokens WHERE authorization_id = ? AND kind = 'refresh'", authorization_id
        )
        return found is not None

    def revoke_authorization(self, authorization_id: str) -> None:
        """Ends every token that came from one code."""
        self._run("DELETE FROM oauth_tokens WHERE authorization_id = ?", authorization_id)

    def revoke_client(self, email: str, client_id: str) -> None:
        """Ends the client's access to the account: consent, codes and every token."""
        with self.transaction():
            for table in ("oauth_consents", "oauth_codes", "oauth_tokens"):
                self._run(f"DELETE FROM {table} WHERE email = ? AND client_id = ?", email, client_id)  # noqa: S608

    def revoke_account(self, email: str) -> int:
        """Ends every client's access to the account; the number of tokens that were alive."""
        with self.transaction():
            tokens = self._run("DELETE FROM oauth_tokens WHERE email = ?", email).rowcount
            self._run("DELETE FROM oauth_codes WHERE email = ?", email)
            self._run("DELETE FROM oauth_consents WHERE email = ?", email)
        return tokens

    def expire_access_tokens(self, email: str, now: float) -> int:
        """Makes the account's access tokens expired, its refresh tokens stay; how many there were."""
        return self._run(
            "UPDATE oauth_tokens SET expires_at = ? WHERE email = ? AND kind = 'access' AND expires_at > ?",
            now,
            email,
            now,
        ).rowcount


def _random(kind: str) -> str:
    return _PREFIX[kind] + secrets.token_urlsafe(48)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
