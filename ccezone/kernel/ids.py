"""Identifiers: time-ordered UUIDs for rows, and short digests of business keys for joins."""

import hashlib
import os
import time
import uuid

_SEPARATOR = "\x1f"
_SIGN_BIT = 1 << 63
_MODULUS = 1 << 64
_RANDOM_62 = (1 << 62) - 1


def uuidv7() -> uuid.UUID:
    """Return a version-7 UUID (RFC 9562): 48-bit Unix milliseconds, 12 bits of their fraction, then randomness.

    The fraction (method 3 of the RFC) keeps what one process makes in order: messages leave in the order of their ids.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    random = int.from_bytes(os.urandom(8)) & _RANDOM_62
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (fraction << 64) | (0x2 << 62) | random)


def key8(*parts: str) -> int:
    """Digest a business key to 8 bytes, as a signed integer that fits PostgreSQL ``bigint``.

    Eight bytes keep insert cost flat as tables grow; whoever joins on a digest compares
    the spelled-out key as well, so that a collision can never join two strangers.
    """
    raw = hashlib.blake2b(_SEPARATOR.join(parts).encode(), digest_size=8).digest()
    value = int.from_bytes(raw)
    return value - _MODULUS if value & _SIGN_BIT else value
