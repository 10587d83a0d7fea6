"""Evidence by workbook: good rows count at once, bad ones go back, nothing twice."""

import io
import zipfile
from uuid import UUID

import pytest

from ccezone.background.queries import JobView, job
from ccezone.background.service import run_next_job
from ccezone.cases.queries import read_file
from ccezone.credit.service.importing import JOB, TakeEvidenceIn, upload_evidence
from ccezone.kernel.errors import Refused
from integrations.workbooks import EvidenceSheets
from schemas.derive.workbook import EVIDENCE, example_number, template_of
from tests.credit.test_keeping import ZONE
from tests.hub.harness import Hub
from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage
HEADINGS = "统一社会信用代码,评价因素,评价结果,出具机构,文件名称或文号,有效期起,有效期止,说明,扫描件文件名"


def table(*rows: str) -> bytes:
    """A table of evidence."""
    return "\n".join((HEADINGS, *rows)).encode()


def archive(**files: bytes) -> bytes:
    """A zip file; names with underscores for dots, two for a folder."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, content in files.items():
            target.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


def taken_in(hub: Hub, *rows: str) -> JobView:
    """Upload a table and have it taken in."""
    return uploaded(hub, table(*rows))


def uploaded(hub: Hub, content: bytes) -> JobView:
    """Upload something and have it taken in."""
    with hub.database.begin() as uow:
        number = upload_evidence(uow, hub.vault, "评价.csv", content, UUID(int=1), "user:1", "zh", hub.clock)
    take = TakeEvidenceIn(hub.database, hub.vault, ZONE, hub.clock, EvidenceSheets())
    assert run_next_job(hub.database, {JOB: take}, hub.clock) == 1
    with hub.database.reading() as connection:
        found = job(connection, number)
    assert found is not None
    return found


def test_good_rows_are_recorded_and_judged_and_bad_ones_go_back_with_reasons(hub: Hub) -> None:
    firm = hub.party("furniture")
    found = taken_in(
        hub,
        f"{firm.uscc},海关信用等级,高级认证企业,赣州海关,证书 1 号,2025-12-01,,",
        f"{firm.uscc},tax_class,A,税务局,通知 2 号,2025/12/01,2026-12-31,",
        f"{firm.uscc},tax_class,AAAA,税务局,通知 2 号,2025-12-01,,",
        "91360700MA35CAM01X,tax_class,A,税务局,通知 2 号,someday,,",
    )
    assert (found.state, dict(found.result)) == ("done", {"accepted": 2, "replayed": 0, "rejected": 2})
    assert hub.rows("SELECT grade FROM credit_score") == [("AA",)]
    assert hub.rows("SELECT value FROM credit_evidence ORDER BY id") == [("advanced",), ("A",)]
    assert found.file_id is not None
    with hub.database.reading() as connection:
        back = read_file(connection, hub.vault, found.file_id)
    again = [each.body for each in EvidenceSheets().open(back).read()]
    assert [each["value"] for each in again] == ["AAAA", "A"]


def test_a_row_that_is_on_record_is_not_recorded_again(hub: Hub) -> None:
    row = f"{hub.party('furniture').uscc},fx_class,A,外汇局,通知 3 号,2025-12-01,,"
    assert taken_in(hub, row).result["accepted"] == 1
    assert dict(taken_in(hub, row, row).result) == {"accepted": 0, "replayed": 2, "rejected": 0}


def test_a_worker_that_dies_after_its_commit_records_nothing_twice(hub: Hub) -> None:
    row = f"{hub.party('furniture').uscc},fx_class,A,外汇局,通知 3 号,2025-12-01,,"
    first = taken_in(hub, row)
    hub.change("UPDATE background_job SET state = 'waiting', finished_at = NULL")
    take = TakeEvidenceIn(hub.database, hub.vault, ZONE, hub.clock, EvidenceSheets())
    run_next_job(hub.database, {JOB: take}, hub.clock)
    with hub.database.reading() as connection:
        again = job(connection, first.id)
    assert again is not None
    assert (again.state, dict(again.result), hub.count("credit_evidence")) == ("done", dict(first.result), 1)


def test_an_archive_brings_each_row_its_own_scan(hub: Hub) -> None:
    firm, scan = hub.party("furniture"), b"%PDF-1.4 certificate"
    rows = table(
        f"{firm.uscc},tax_class,A,税务局,通知 2 号,2025-12-01,,,letter.pdf",
        f"{firm.uscc},fx_class,A,外汇局,通知 3 号,2025-12-01,,,",
        f"{firm.uscc},market_risk,A,市场监管局,通知 4 号,2025-12-01,,,lost.pdf",
        f"{firm.uscc},market_risk,B,市场监管局,通知 5 号,2025-12-01,,,letter.txt",
    )
    found = uploaded(hub, archive(evidence_csv=rows, letter_pdf=scan, letter_txt=b"not a scan"))
    assert dict(found.result) == {"accepted": 2, "replayed": 0, "rejected": 2}
    kept = dict(hub.rows("SELECT e.factor, f.id FROM credit_evidence e JOIN stored_file f ON f.id = e.file_id"))
    with hub.database.reading() as connection:
        assert read_file(connection, hub.vault, kept["tax_class"]) == scan
        assert read_file(connection, hub.vault, kept["fx_class"]).startswith(b"PK"), "without a scan the upload itself is the paper"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (archive(letter_pdf=b"%PDF-1.4"), "credit_archive_tables"),
        (archive(a_csv=table(), b_csv=table()), "credit_archive_tables"),
        (archive(a_csv=table(), first__letter_pdf=b"%PDF-1.4", second__letter_pdf=b"%PDF-1.5"), "credit_archive_twice"),
        (archive(a_csv=table()).replace("统一".encode(), "统二".encode(), 1), "credit_archive_broken"),
    ],
)
def test_an_archive_that_cannot_be_told_apart_is_refused(hub: Hub, content: bytes, code: str) -> None:
    with hub.database.begin() as uow, pytest.raises(Refused, match=code):
        upload_evidence(uow, hub.vault, "a.zip", content, None, "user:1", "zh", hub.clock)


def test_what_is_no_table_is_refused_at_once(hub: Hub) -> None:
    with hub.database.begin() as uow, pytest.raises(Refused, match="file_kind"):
        upload_evidence(uow, hub.vault, "scan.pdf", b"%PDF-1.4", None, "user:1", "zh", hub.clock)


def test_a_table_of_something_else_fails_with_its_reason(hub: Hub) -> None:
    with hub.database.begin() as uow:
        number = upload_evidence(uow, hub.vault, "a.csv", b"a,b,c\n1,2,3\n", None, "user:1", "zh", hub.clock)
    run_next_job(hub.database, {JOB: TakeEvidenceIn(hub.database, hub.vault, ZONE, hub.clock, EvidenceSheets())}, hub.clock)
    with hub.database.reading() as connection:
        found = job(connection, number)
    assert found is not None
    assert (found.state, [fault.code for fault in found.faults]) == ("failed", ["workbook_no_heading"])


def test_an_officer_uploads_and_reads_what_became_of_it(signed_in: SignIn, hub: Hub) -> None:
    officer = signed_in("officer")
    assert officer.get("/office/credit-import/template").data[:2] == b"PK"
    content = f"{HEADINGS}\n91360700MA35CAM01X,tax_class,A,税务局,通知 2 号,2025-12-01,,".encode()
    sent = officer.post(
        "/office/credit-import", data={"file": (io.BytesIO(content), "评价.csv")}, content_type="multipart/form-data"
    )
    assert sent.status_code == 303, sent.text
    run_next_job(hub.database, {JOB: TakeEvidenceIn(hub.database, hub.vault, ZONE, hub.clock, EvidenceSheets())}, hub.clock)
    page = officer.get(sent.location).text
    assert "下载退回的行" in page
    assert officer.get(f"{sent.location}/file").data[:2] == b"PK"
    assert "评价.csv" in officer.get("/office/credit-import").text
    assert officer.post("/office/credit-import").status_code == 422


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_template_is_known_by_its_headings(locale: str) -> None:
    content = template_of(EVIDENCE, "zh" if locale == "zh" else "en", {"uscc": example_number()})
    with pytest.raises(Refused, match="workbook_no_rows"):
        EvidenceSheets().open(content)
