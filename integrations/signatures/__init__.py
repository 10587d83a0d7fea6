"""Chinese commercial cryptography on customs messages: SM2 keys, certificates, and the enveloped XML signature."""

from integrations.signatures.keys import KeyRing, Sm2KeyPair
from integrations.signatures.xmldsig import Sm2Signer, Verdict, verify

__all__ = ["KeyRing", "Sm2KeyPair", "Sm2Signer", "Verdict", "verify"]
