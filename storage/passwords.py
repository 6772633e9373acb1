"""Passwords as Argon2id hashes (RFC 9106). The passwords themselves are never kept."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
# Verified against when there is no such login, so that both answers take the same time.
NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Return the hash to keep."""
    return _HASHER.hash(password)


def is_password(password: str, *, stored: str) -> bool:
    """Return whether a password is the one that was hashed."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
