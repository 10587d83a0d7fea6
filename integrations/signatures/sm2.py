"""SM2 signatures (GB/T 32918.2-2016) with the standard's default signer id.

GmSSL's signing of whole messages makes 32 nonces ready for each single signature, fifteen times the work of the signature. So
the digest that is signed is made here, of the signer's digest (ibidem, 5.5) and the message; a test has GmSSL verify it.
"""

from functools import lru_cache

from gmssl_pyx import sm2_sign_sm3_digest, sm3_hash

_SIGNER_ID = b"1234567812345678"  # GM/T 0009-2012, 10
_CURVE = bytes.fromhex(  # a, b, and both coordinates of the generator: GB/T 32918.5-2017
    "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc"
    "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93"
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0"
)


def sm2_signature(private_key: bytes, public_key: bytes, message: bytes) -> bytes:
    """Return the DER of the signature of a message by a key pair of 32 and 64 bytes."""
    signature: bytes = sm2_sign_sm3_digest(private_key, sm3_hash(_signer(public_key) + message))
    return signature


@lru_cache(maxsize=4096)
def _signer(public_key: bytes) -> bytes:
    digest: bytes = sm3_hash((8 * len(_SIGNER_ID)).to_bytes(2) + _SIGNER_ID + _CURVE + public_key)
    return digest
