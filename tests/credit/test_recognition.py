"""Grades of others: recorded with document, shown beside ours by the table of the day, never in its place."""

from datetime import date

import pytest

from ccezone.credit.queries import scores_of
from ccezone.credit.queries.recognition import foreign_grades, ours, recognition_table
from ccezone.credit.rules.recognition import read_table, recognised_as
from ccezone.credit.rules.scoring import Grade
from ccezone.credit.service import Statement, rejudge, state
from ccezone.credit.service.recognising import ForeignGrade, note_foreign_grade
from ccezone.kernel.errors import Refused
from tests.credit.test_keeping import ZONE
from tests.hub.harness import Hub
from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage
BEGUN = date(2025, 12, 1)
GIVEN = ForeignGrade("authority", "某主管部门", "D", "认定书 1 号", BEGUN)


def test_a_table_is_read_line_by_line_and_says_nothing_of_what_it_lacks() -> None:
    table = read_table(["zone/A+:AA", "rater/B:BBB"])
    assert recognised_as(table, "zone", "A+") is Grade.AA
    assert recognised_as(table, "rater", "A+") is None


@pytest.mark.parametrize("line", ["zone-A:AA", "zone/:AA", "zone/A", "moon/A:AA", "zone/A:Z"])
def test_what_is_no_line_of_the_table_is_seen(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_table([line])


def test_a_grade_of_others_stands_beside_ours_and_changes_nothing_of_it(hub: Hub) -> None:
    firm = hub.party("furniture")
    with hub.database.begin() as uow:
        state(uow, firm.id, Statement("tax_class", "A", "税务局", "通知", BEGUN), "test", hub.clock)
        rejudge(uow, ZONE, [firm.id], hub.clock)
        before = scores_of(uow.connection, firm.id, limit=1)
        note_foreign_grade(uow, firm.id, GIVEN, None, hub.clock)
        rejudge(uow, ZONE, [firm.id], hub.clock)
    with hub.database.reading() as connection:
        (kept,) = foreign_grades(connection, firm.id)
        _source, table = recognition_table(connection, ZONE, BEGUN)
        assert ours(table, kept) is Grade.BB
        after = scores_of(connection, firm.id, limit=1)
    assert (after[0].score, after[0].grade, after[0].digest) == (before[0].score, before[0].grade, before[0].digest)
    assert hub.rows("SELECT DISTINCT standing FROM credit_treatment") == [(before[0].grade.value,)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (ForeignGrade("moon", "甲", "A", "文件", BEGUN), "/scheme"),
        (ForeignGrade("zone", " ", "A", "文件", BEGUN), "/issuer"),
        (ForeignGrade("zone", "甲", "A", "", BEGUN), "/document"),
        (ForeignGrade("zone", "甲", "A", "文件", date(2099, 1, 1)), "/valid_from"),
        (ForeignGrade("zone", "甲", "A", "文件", BEGUN, date(2025, 1, 1)), "/valid_to"),
    ],
)
def test_a_grade_without_its_facts_is_refused(hub: Hub, given: ForeignGrade, field: str) -> None:
    with hub.database.begin() as uow, pytest.raises(Refused, match=field):
        note_foreign_grade(uow, hub.party("furniture").id, given, None, hub.clock)


def test_an_officer_records_it_on_the_page_and_takes_it_back(signed_in: SignIn, hub: Hub) -> None:
    officer, firm = signed_in("officer"), hub.party("furniture")
    address = f"/office/credit/{firm.id}"
    values = {"scheme": "zone", "issuer": "某综试区", "grade": "AA", "document": "互认函 1 号", "valid_from": "2025-12-01"}
    assert officer.post(f"{address}/recognition", data={**values, "issuer": ""}).status_code == 422
    assert officer.post(f"{address}/recognition", data=values).status_code == 302
    page = officer.get(address).text
    assert "互认函 1 号" in page
    assert "对照表" in page
    [(number,)] = hub.rows("SELECT id FROM credit_foreign_grade")
    revoked = f"{address}/recognition/{number}/revoke"
    officer.post(revoked, data={"reason": ""})
    assert hub.count("credit_foreign_grade") == 1
    officer.post(revoked, data={"reason": "函件撤回"})
    assert hub.rows("SELECT revokes, note FROM credit_foreign_grade WHERE revokes IS NOT NULL") == [(number, "函件撤回")]
    assert "已撤回" in officer.get(address).text
    other = f"/office/credit/{hub.party('oranges').id}/recognition/{number}"
    assert officer.post(f"{other}/revoke", data={"reason": "x"}).status_code == 404
    assert officer.get(f"{other}/file").status_code == 404
