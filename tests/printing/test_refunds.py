"""The evidence pack of a claim: complete, in both languages, the same bytes again, its digests true, its code verifiable."""

import hashlib
import json
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from ccezone.background.queries import JobView, job
from ccezone.background.service import run_next_job
from ccezone.cases.queries import read_file
from ccezone.enterprises.queries import paper
from ccezone.kernel.errors import NotFound
from ccezone.printing.documents import Locale
from ccezone.printing.papers import Letter, present_facts
from ccezone.printing.refund_packs import JOB, PackRefund, request_pack
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import Claiming

pytestmark = pytest.mark.storage


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Claiming:
    return Claiming(hub, tmp_path)


def made(story: Claiming, claim_id: UUID, locale: Locale = "zh", viewer: UUID | None = None) -> tuple[JobView, dict[str, bytes]]:
    hub = story.hub
    letter = {each: Letter("赣州综试区", each, lambda code: f"http://hub.example/verify/{code}") for each in ("zh", "en")}
    with hub.database.begin() as uow:
        job_id = request_pack(uow, claim_id, viewer, None, "user:x", locale, hub.clock)
    handler = PackRefund(hub.database, hub.vault, hub.deliveries, hub.clock, lambda each: letter[each])
    assert run_next_job(hub.database, {JOB: handler}, hub.clock) == 1
    with hub.database.reading() as connection:
        known = job(connection, job_id)
        assert known is not None
        assert known.file_id is not None, known.faults
        content = read_file(connection, hub.vault, known.file_id)
    with ZipFile(BytesIO(content)) as pack:
        return known, {name: pack.read(name) for name in pack.namelist()}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_the_pack_holds_document_data_and_true_digests(story: Claiming) -> None:
    claim_id = story.filed()
    story.exchange()
    known, files = made(story, claim_id, viewer=story.merchant)
    assert list(files) == ["evidence.pdf", "data.json", "data.xlsx", "SHA256SUMS"]
    lines = [line.split("  ") for line in files["SHA256SUMS"].decode().splitlines()]
    stated = {name: digest for digest, name in lines}
    assert stated == {name: hashlib.sha256(files[name]).hexdigest() for name in files if name != "SHA256SUMS"}
    data = json.loads(files["data.json"])
    assert (data["claim"]["claimed"], data["claim"]["state"], len(data["items"])) == ("104.00000", "paid", 1)
    assert data["invoices"][0]["invoice_no"] == "26362000000012345678"
    assert CalamineWorkbook.from_filelike(BytesIO(files["data.xlsx"])).sheet_names == ["商品 Goods", "发票 Invoices", "步骤 Steps"]
    shown = text_of(files["evidence.pdf"]).replace("\n", "")
    assert stated["data.json"] in shown
    assert str(known.result["code"]) in shown


@pytest.mark.parametrize(
    ("locale", "parts"),
    [
        ("zh", ["目录", "增值税专用发票", "报关单", "三单摘要", "办理过程", "附件目录", "退税到账"]),
        ("en", ["Contents", "VAT invoices", "Customs declarations", "Digest of the three bills", "Course", "Attachments", "Paid"]),
    ],
)
def test_every_part_is_there_in_both_languages(story: Claiming, locale: Locale, parts: list[str]) -> None:
    claim_id = story.filed()
    story.exchange()
    shown = text_of(made(story, claim_id, locale)[1]["evidence.pdf"])
    assert [part for part in parts if part not in shown] == []
    assert story.view(claim_id).row.reference in shown


def test_the_same_claim_gives_the_same_bytes_and_its_code_tells_when_it_changed(story: Claiming) -> None:
    claim_id = story.filed(delay_seconds=20)
    first, files = made(story, claim_id)
    again, same = made(story, claim_id)
    assert first.result["code"] == again.result["code"]
    assert files["evidence.pdf"] == same["evidence.pdf"]
    story.exchange(600)
    hub = story.hub
    with hub.database.reading() as connection:
        found = paper(connection, str(first.result["code"]))
        assert found is not None
        now = present_facts(connection, hub.vault, hub.deliveries, found)
    assert now is not None
    assert (found.facts["refund_state"], now["refund_state"]) == ("submitted", "paid")


def test_another_firms_claim_has_no_pack(story: Claiming) -> None:
    claim_id = story.filed()
    with pytest.raises(NotFound), story.hub.database.begin() as uow:
        request_pack(uow, claim_id, story.hub.party("oranges").id, None, "user:x", "zh", story.hub.clock)
