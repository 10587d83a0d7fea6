"""From a conflict of bills to a closed case, over HTTP, through every process: the scheduler opens it, people settle it."""

import pytest

from ccezone.kernel.clock import SHANGHAI, SystemClock
from ccezone.parameters.service import set_parameter
from schemas.codes import rows
from tests.hub.bills import import_bills
from tests.hub.waiting import until
from tests.journeys.desk import Desk
from tests.journeys.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.storage, pytest.mark.timeout(420)]


def test_a_conflict_becomes_a_case_that_the_firm_answers_and_an_officer_closes(system: Running) -> None:
    bills = import_bills(401)
    with system.database.begin() as uow:  # a day is too long for a test: here bills may contradict each other for no time at all
        today = SystemClock().now().astimezone(SHANGHAI).date()
        set_parameter(
            uow,
            SystemClock(),
            zone="CN",
            key="cases.conflict_hours",
            value="0",
            effective_from=today,
            document="journey",
            created_by="journey",
        )
    system.post(*(bill.but(amount="1.00") if bill.kind == "payment" else bill for bill in bills))
    statement = """
        SELECT c.id::text, c.closed_at IS NOT NULL, (SELECT e.uscc FROM enterprise e WHERE e.id = c.enterprise_id)
        FROM exception_case c WHERE c.kind = 'merge_conflict' AND c.detail ->> 'order_no' = %(number)s
    """
    number = bills[0]["order_no"]
    until(lambda: len(system.rows(statement, number=number)) == 1, 60.0, what="the case of the conflict")
    [(case_id, _closed, uscc)] = system.rows(statement, number=number)
    merchant = next(row["key"] for row in rows("example_parties") if row["uscc"] == uscc)
    office, firm = Desk(system, "zone"), Desk(system, merchant)
    address, own = f"/office/cases/{case_id}", f"/firm/cases/{case_id}"
    assert number in office.page("/office/cases?kind=merge_conflict")
    office.send(f"{address}/take", {}, address)
    office.send(f"{address}/ask", {"question": "哪一方的金额有误？"}, address)
    assert "哪一方的金额有误？" in firm.page(own)
    firm.send(own, {"answer": "支付机构报错，已通知更正"}, own)
    assert "支付机构报错，已通知更正" in office.page(address)
    office.send(address, {"code": "explained", "cause": "已核实，等待支付机构更正"}, address)
    assert system.rows(statement, number=number)[0][1]
    assert "已核实，等待支付机构更正" in firm.page(own)
    assert "正常" in office.page("/status"), "the workers' own calls say that the single window works"
