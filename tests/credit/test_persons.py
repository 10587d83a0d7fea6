"""Persons' records: known by digest, sealed, append-only, and opened by nobody without a reason that is kept."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ccezone.kernel.check_digits import complete_resident_id
from ccezone.kernel.clock import FixedClock
from tests.hub.harness import Hub
from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage
NUMBER = str(complete_resident_id("36070219800101123"))
STATED = {
    "name": "刘某某",
    "id_number": NUMBER,
    "kind": "false_trade",
    "issuer": "赣州海关",
    "document": "处罚决定书 9 号",
    "valid_from": "2025-12-01",
}
ASKED = {"id_number": NUMBER, "viewer": "office", "reason": "核查虚假交易线索"}


def looked(officer: FlaskClient, **changes: str) -> str:
    """Look a person up; the address of the record."""
    answer = officer.post("/office/credit-persons", data={**ASKED, **changes})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_evidence_is_stored_by_digest_with_nothing_in_plain(signed_in: SignIn, hub: Hub) -> None:
    assert signed_in("officer").post("/office/credit-persons/new", data=STATED).status_code == 302
    [(digest, sealed)] = hub.rows("SELECT digest, personal FROM credit_person")
    assert digest == hub.vault.digest(NUMBER)
    assert hub.vault.open(bytes(sealed)) == {"name": "刘某某", "id_number": NUMBER}
    everything = str(hub.rows("SELECT p, e FROM credit_person p, credit_person_evidence e"))
    everything += str(hub.rows("SELECT detail, subject FROM audit_entry"))
    assert NUMBER not in everything
    assert "刘某某" not in everything


def test_a_record_opens_with_a_reason_that_is_kept_to_whoever_looked_and_for_a_while(
    signed_in: SignIn, hub: Hub, clock: FixedClock
) -> None:
    officer = signed_in("officer")
    officer.post("/office/credit-persons/new", data=STATED)
    for lacking in ({"reason": ""}, {"reason": "看看"}, {"viewer": ""}, {"id_number": "123"}):
        assert officer.post("/office/credit-persons", data={**ASKED, **lacking}).status_code == 422
    assert hub.count("credit_person_look") == 0
    address = looked(officer)
    page = officer.get(address).text
    assert "参与虚假交易" in page
    assert "核查虚假交易线索" in page
    assert NUMBER not in page
    assert NUMBER not in address
    assert hub.rows("SELECT viewer, reason FROM credit_person_look") == [("office", "核查虚假交易线索")]
    assert hub.rows("SELECT count(*) FROM audit_entry WHERE action = 'credit.person_look'") == [(1,)]
    auditor = signed_in("auditor")
    assert "核查虚假交易线索" in auditor.get("/office/credit-persons").text
    assert auditor.get(address).status_code == 403
    clock.advance(minutes=31)
    assert officer.get(address).status_code == 404


def test_whoever_has_no_record_is_looked_up_too_and_the_look_is_kept(signed_in: SignIn, hub: Hub) -> None:
    officer = signed_in("officer")
    assert "没有这个人的信用记录" in officer.get(looked(officer)).text
    assert hub.count("credit_person_look") == 1


def test_a_person_who_comes_sees_the_own_record_and_who_looked(signed_in: SignIn, hub: Hub) -> None:
    officer = signed_in("officer")
    officer.post("/office/credit-persons/new", data=STATED)
    looked(officer)
    page = officer.get(looked(officer, viewer="self", reason="本人申请查询")).text
    assert "核查虚假交易线索" in page
    assert "本人到场查询" in page
    assert hub.rows("SELECT viewer FROM credit_person_look ORDER BY id") == [("office",), ("self",)]


def test_evidence_is_taken_back_by_a_second_piece_while_the_record_is_open(signed_in: SignIn, hub: Hub) -> None:
    officer = signed_in("officer")
    officer.post("/office/credit-persons/new", data=STATED)
    [(number,)] = hub.rows("SELECT id FROM credit_person_evidence")
    address = looked(officer)
    strange = f"/office/credit-persons/looks/{UUID(int=1)}/evidence/{number}/revoke"
    assert officer.post(strange, data={"reason": "x"}).status_code == 404
    officer.post(f"{address}/evidence/{number}/revoke", data={"reason": ""})
    assert hub.count("credit_person_evidence") == 1
    officer.post(f"{address}/evidence/{number}/revoke", data={"reason": "认定有误"})
    officer.post(f"{address}/evidence/{number}/revoke", data={"reason": "再撤一次"})
    assert hub.rows("SELECT revokes, note, kind FROM credit_person_evidence WHERE revokes IS NOT NULL") == [
        (number, "认定有误", "false_trade")
    ]
    assert "已撤回" in officer.get(address).text


def test_a_legal_representative_stands_with_the_enterprise_masked_and_is_reached_with_a_reason(signed_in: SignIn, hub: Hub) -> None:
    officer, firm = signed_in("officer"), hub.party("furniture")
    capacity = {**STATED, "kind": "legal_representative", "document": "营业执照"}
    assert "/enterprise" in str(officer.post("/office/credit-persons/new", data=capacity).text) or hub.count("credit_person") == 0
    assert officer.post("/office/credit-persons/new", data={**capacity, "enterprise": firm.uscc}).status_code == 302
    page = officer.get(f"/office/credit/{firm.id}").text
    assert "刘**" in page
    assert "刘某某" not in page
    [(person,)] = hub.rows("SELECT id FROM credit_person")
    assert officer.post(f"/office/credit-persons/of/{person}", data={"reason": ""}).location.endswith("/credit-persons")
    answer = officer.post(f"/office/credit-persons/of/{person}", data={"reason": "法人变更审核"})
    assert answer.status_code == 303
    assert "刘某某" in officer.get(answer.location).text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id_number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, "居民身份证号码不正确"),
        ({"kind": "handsome"}, "handsome"),
        ({"document": ""}, "必填"),
        ({"valid_from": "2099-01-01"}, "晚于今天"),
        ({"enterprise": "91360700MA35CAM01X"}, "91360700MA35CAM01X"),
    ],
)
def test_evidence_that_cannot_be_is_refused(signed_in: SignIn, hub: Hub, changes: dict[str, str], told: str) -> None:
    answer = signed_in("officer").post("/office/credit-persons/new", data={**STATED, **changes})
    assert answer.status_code == 422
    assert told in answer.text
    assert hub.count("credit_person") == 0
