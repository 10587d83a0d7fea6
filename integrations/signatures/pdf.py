"""Seals on PDFs (PAdES, ISO 32000-2): an incremental update with a visible seal and a signature over the whole file.

The key is a PKCS#12 file: the one a setting names (issued by an authority), else one of our own, made on first use.
"""

import hashlib
import io
import os
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from ccezone.statistics.ports import SealView
from integrations.signatures.seal import seal_page

FIELD = "Seal"
_BOX = (428, 65, 553, 190)  # points from the lower left corner of the cover, over the place the layout keeps for it
_LIFE = timedelta(days=3650)


@dataclass
class PdfSeal:
    """Seals with the key at ``path`` (``statistics.ports.ReturnSeal``). ``trusted``: fingerprints of others that are known."""

    path: Path
    password: str
    name: str
    trusted: Collection[str] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate."""
        return _fingerprint(self._signer().signing_cert)

    def sign(self, pdf: bytes, reason: str, at: datetime) -> bytes:
        """Seal a file: what was there stays as it is."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import PdfSignatureMetadata, PdfSigner
        from pyhanko.sign.fields import SigFieldSpec
        from pyhanko.stamp import StaticStampStyle

        with NamedTemporaryFile(suffix=".pdf") as drawn:
            drawn.write(seal_page(self.name))
            drawn.flush()
            style = StaticStampStyle.from_pdf_file(drawn.name, border_width=0, background_opacity=1)
            metadata = PdfSignatureMetadata(field_name=FIELD, reason=reason, name=self.name, md_algorithm="sha256")
            field = SigFieldSpec(FIELD, on_page=0, box=_BOX, readable_field_name=self.name)
            signer = PdfSigner(metadata, self._signer(), stamp_style=style, new_field_spec=field, timestamper=None)
            output = io.BytesIO()
            with ThreadPoolExecutor(1) as aside:  # it runs a loop of its own, which a caller within one would not be allowed
                aside.submit(signer.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(pdf)), output=output).result()
        return output.getvalue()

    def look(self, pdf: bytes) -> SealView | None:
        """Return the seal of a file. Raises ``ValueError`` for what is no PDF, or one that cannot be read."""
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.pdf_utils.reader import PdfFileReader

        try:
            found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
            return self._judged(found[-1]) if found else None
        except (PdfError, KeyError, IndexError, TypeError) as error:
            raise ValueError(str(error)) from error

    def _judged(self, signature: Any) -> SealView:
        from pyhanko.sign.validation import SignatureCoverageLevel
        from pyhanko.sign.validation.generic_cms import validate_sig_integrity

        signature.compute_integrity_info()
        digest = signature.compute_digest()
        intact, valid = validate_sig_integrity(
            signature.signer_info, signature.signer_cert, expected_content_type="data", actual_digest=digest
        )
        fingerprint = _fingerprint(signature.signer_cert)
        return SealView(
            intact=bool(intact and valid),
            whole=signature.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            known=fingerprint in self.trusted or (self.path.exists() and fingerprint == self.fingerprint),
            fingerprint=fingerprint,
            signer=str(signature.signer_cert.subject.human_friendly),
            signed_at=signature.self_reported_timestamp,
        )

    def _signer(self) -> Any:
        from pyhanko.sign import SimpleSigner

        if not self.path.exists():
            make_key(self.path, self.name, self.password)
        load: Callable[..., Any] = SimpleSigner.load_pkcs12
        loaded = load(str(self.path), passphrase=self.password.encode() or None)
        if loaded is None:
            raise ValueError(f"{self.path} is no PKCS#12 file that its password opens")
        return loaded


def make_key(path: Path, name: str, password: str = "") -> None:
    """Make a key with a certificate of its own, and keep both at ``path``, for its owner's eyes only."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), now, now + _LIFE)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile("wb", dir=path.parent) as draft:
        os.fchmod(draft.fileno(), 0o600)
        draft.write(pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, lock))
        draft.flush()
        try:
            os.link(draft.name, path)  # whole or not at all; the first of two processes wins
        except FileExistsError:
            return


def _fingerprint(certificate: Any) -> str:
    return hashlib.sha256(certificate.dump()).hexdigest()
