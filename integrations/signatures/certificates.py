"""Self-issued X.509 certificates for SM2 keys (GM/T 0015; object identifiers of GM/T 0006).

The key server of the real single window issues certificates; a hub without one issues its own, so that a message carries the
same elements. ``docs/adr/0004-sm2-certificates.md`` says what that means. The usual libraries cannot sign with SM2, hence the
few lines of DER here; they write, and nothing here reads a certificate but ``holds``.
"""

from datetime import UTC, datetime, timedelta

from integrations.signatures.sm2 import sm2_signature

_SEQUENCE, _SET, _INTEGER, _BITS, _OID, _UTF8, _UTC_TIME, _VERSION = 0x30, 0x31, 0x02, 0x03, 0x06, 0x0C, 0x17, 0xA0
_COMMON_NAME = bytes.fromhex("550403")
_EC_PUBLIC_KEY = bytes.fromhex("2a8648ce3d0201")
_SM2_CURVE = bytes.fromhex("2a811ccf5501822d")  # 1.2.156.10197.1.301
_SM2_WITH_SM3 = bytes.fromhex("2a811ccf55018375")  # 1.2.156.10197.1.501
_KEY = 64
_KEY_HEAD = b"\x03\x42\x00\x04"  # BIT STRING of 66 bytes: no unused bits, an uncompressed point
_LIFETIME = timedelta(days=3650)


def self_issued(private_key: bytes, public_key: bytes, name: str, serial: int, since: datetime | None = None) -> bytes:
    """Return the DER of a certificate for a 64-byte public key, signed with its own private key.

    ``name`` becomes the common name of subject and issuer; ``since`` (default: now) begins ten years of validity.
    """
    start = since or datetime.now(UTC)
    algorithm = _tlv(_SEQUENCE, _tlv(_OID, _SM2_WITH_SM3))
    holder = _tlv(_SEQUENCE, _tlv(_SET, _tlv(_SEQUENCE, _tlv(_OID, _COMMON_NAME) + _tlv(_UTF8, name.encode()))))
    body = _tlv(
        _SEQUENCE,
        _tlv(_VERSION, _tlv(_INTEGER, b"\x02")),  # v3
        _tlv(_INTEGER, serial.to_bytes(serial.bit_length() // 8 + 1)),
        algorithm,
        holder,
        _tlv(_SEQUENCE, _time(start), _time(start + _LIFETIME)),
        holder,
        _tlv(
            _SEQUENCE,
            _tlv(_SEQUENCE, _tlv(_OID, _EC_PUBLIC_KEY), _tlv(_OID, _SM2_CURVE)),
            _tlv(_BITS, b"\x00\x04" + public_key),
        ),
    )
    return _tlv(_SEQUENCE, body, algorithm, _tlv(_BITS, b"\x00" + sm2_signature(private_key, public_key, body)))


def holds(certificate: bytes, public_key: bytes) -> bool:
    """Say whether a certificate is about this 64-byte public key."""
    return _tlv(_BITS, b"\x00\x04" + public_key) in certificate


def key_in(certificate: bytes) -> bytes | None:
    """Return the 64-byte SM2 public key a certificate is about, ``None`` when it is about another kind of key."""
    _, found, after = certificate.partition(_tlv(_OID, _SM2_CURVE) + _KEY_HEAD)
    return after[:_KEY] if found and len(after) >= _KEY else None


def _tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets))) + octets + content


def _time(moment: datetime) -> bytes:
    return _tlv(_UTC_TIME, moment.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode())
