"""Who is signed in: opaque cookies whose hashes stand in the database, so any can be revoked."""

import hashlib
import secrets
from datetime import timedelta

from starlette.requests import HTTPConnection

from storage import accounts
from storage.home import Home
from storage.passwords import NOBODY, is_password
from storage.records import User

COOKIE = "samspil_session"


class Sessions:
    """Opens, finds and closes sessions."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._idle_s = home.settings.session_idle_minutes * 60
        self._lifetime = timedelta(hours=home.settings.session_hours)

    def sign_in(self, *, login: str, password: str) -> str | None:
        """Return a new session's token, or None if login or password is wrong."""
        with self._home.reading() as tx:
            found = accounts.user_by_login(tx, login)
        # Slow on purpose, so nobody is kept from writing meanwhile.
        if not is_password(password, stored=found[1] if found else NOBODY) or found is None:
            return None
        token = secrets.token_urlsafe(32)
        with self._home.transaction() as tx:
            accounts.open_session(
                tx,
                found[0].id,
                token_hash=_hash(token),
                expires_at=tx.at + self._lifetime,
            )
        return token

    def user_of(self, token: str | None) -> User | None:
        """Return the user of a live session."""
        if token is None:
            return None
        hashed = _hash(token)
        with self._home.reading() as tx:  # asked at every request, so it must not wait for writers
            user = accounts.session_user(tx, hashed, idle_s=self._idle_s)
            due = accounts.use_is_worth_noting(tx, hashed, idle_s=self._idle_s)
        if user is not None and due:
            with self._home.transaction() as tx:
                accounts.note_use(tx, hashed)
        return user

    def sign_out(self, token: str) -> None:
        """End a session; its sockets and pages find out at their next check."""
        with self._home.transaction() as tx:
            accounts.close_session(tx, _hash(token))


def session_token(connection: HTTPConnection) -> str | None:
    """Return the session cookie of a request or socket."""
    return connection.cookies.get(COOKIE)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
