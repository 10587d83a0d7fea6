"""The certificate of registration as PDF: equal input gives equal bytes, it reads, it is tagged, it fetches nothing."""

import hashlib
import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from ccezone.printing.certificate import CertificateFrame, registration_certificate
from ccezone.printing.render import pdf

CODE = "ABCD-EFGH-JKLM-NPQR"
FRAME = CertificateFrame(
    "赣州综试区", "Ganzhou zone", f"http://hub.example/verify/{CODE}", {"merchant": ("电商企业", "Merchant")}, ("赣州", "")
)


def certificate(name: str = "赣南家具有限公司") -> bytes:
    facts = {"name": name, "uscc": "91360700MA35CAM00K", "roles": ["merchant"], "node": "GZ", "registered_on": "2026-06-01"}
    digest = hashlib.sha256(name.encode()).digest()
    return registration_certificate(CODE, digest, facts, datetime(2026, 6, 1, 20, tzinfo=UTC), FRAME)


def test_the_same_certificate_has_the_same_bytes_and_another_has_others() -> None:
    assert certificate() == certificate()
    assert certificate() != certificate("另一家企业")


def test_it_says_who_is_registered_and_where_to_verify_and_is_tagged_for_readers() -> None:
    reader = PdfReader(io.BytesIO(certificate()))
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert len(reader.pages) == 1
    assert "赣南家具有限公司" in text
    assert "2026-06-02" in text  # the day in Shanghai
    assert CODE in text
    assert "/StructTreeRoot" in reader.root_object
    assert str(reader.root_object["/Lang"]) == "zh-CN"


def test_a_name_cannot_bring_markup_in() -> None:
    text = PdfReader(io.BytesIO(certificate("<b>甲</b>"))).pages[0].extract_text()
    assert "<b>甲</b>" in text


def test_a_paper_reaches_nothing_outside() -> None:
    with pytest.raises((ValueError, FatalURLFetchingError)):
        pdf('<html lang="zh"><title>x</title><img src="http://127.0.0.1:9/x.png" alt="">', bytes(16))
