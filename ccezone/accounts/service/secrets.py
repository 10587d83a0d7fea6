"""Secrets: random tokens of which only a digest is kept, and argon2id password hashes (RFC 9106)."""

from functools import cache
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


def new_token() -> str:
    """Return 256 random bits as text."""
    return token_urlsafe(32)


def hash_password(password: str) -> str:
    """Hash a password with argon2id and its own salt."""
    return _HASHER.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Compare a password; without a hash (unknown or invited user) spend the same time and say no."""
    try:
        matches = _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


@cache
def _nobody() -> str:
    return hash_password(new_token())
