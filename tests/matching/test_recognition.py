"""What counts as cross-border e-commerce: rules with their reasons, an officer's word over them, every word kept."""

import pytest

from ccezone.accounts.rules import Principal, Role
from ccezone.enterprises.queries import forget_directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.matching.queries import match
from ccezone.matching.queries.recognition import Recognition, recognition
from ccezone.matching.rules import Criterion, recognised
from ccezone.matching.service.recognising import override_recognition
from tests.hub.bills import import_bills
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
OFFICER = Principal(Role.ZONE_OFFICER, None, frozenset(), user_id=uuidv7())
ALL = [criterion.value for criterion in Criterion]


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [({}, True), ({Criterion.PAYMENT: None}, None), ({Criterion.PAYMENT: None, Criterion.PLATFORM: False}, False)],
)
def test_all_that_counts_must_hold_and_one_failure_decides(changed: dict[Criterion, bool | None], verdict: bool | None) -> None:
    assert recognised({**dict.fromkeys(Criterion, True), **changed}, ALL) is verdict


def test_what_does_not_count_changes_nothing_and_without_criteria_nothing_is_decided() -> None:
    findings = {**dict.fromkeys(Criterion, True), Criterion.PAYMENT: False}
    assert recognised(findings, [each for each in ALL if each != "payment"]) is True
    assert recognised(findings, []) is None


def judged(hub: Hub) -> tuple[int, Recognition]:
    """The only order's recognition."""
    [(key,)] = hub.rows("SELECT order_key FROM order_match")
    with hub.database.reading() as connection:
        known = match(connection, key, None)
        assert known is not None
        return key, recognition(connection, "GZ", known, hub.clock.now().astimezone(SHANGHAI).date())


def test_a_matched_order_of_registered_parties_is_recognised(hub: Hub) -> None:
    hub.imports()
    _key, found = judged(hub)
    assert (found.verdict, set(found.findings.values())) == (True, {True})


def test_bills_that_contradict_each_other_are_not_recognised(hub: Hub) -> None:
    order, payment, waybill = import_bills(1)
    hub.post(order, payment.but(amount="1.00"), waybill)
    hub.merge()
    _key, found = judged(hub)
    assert (found.findings[Criterion.AGREED], found.verdict) == (False, False)


def test_while_a_bill_is_missing_nothing_is_decided_and_an_unregistered_carrier_decides(hub: Hub) -> None:
    order, payment, waybill = import_bills(1)
    hub.post(order, payment)
    hub.merge()
    _key, found = judged(hub)
    assert (found.findings[Criterion.WAYBILL], found.verdict) == (None, None)
    hub.post(waybill)
    hub.merge()
    hub.change("UPDATE enterprise SET status = 'suspended' WHERE 'logistics' = ANY(roles) OR 'express' = ANY(roles)")
    with hub.database.begin() as uow:
        forget_directory(uow.connection)
    _key, found = judged(hub)
    assert (found.findings[Criterion.WAYBILL], found.verdict) == (False, False)


def test_an_officers_word_holds_over_the_rules_until_it_is_withdrawn_and_all_of_it_is_kept(hub: Hub) -> None:
    hub.imports()
    key, _found = judged(hub)
    for decided, reason in ((False, "一般贸易货物误报"), (None, "复核后恢复")):
        with hub.database.begin() as uow:
            override_recognition(uow, key, decided, reason, "核查记录 3 号", OFFICER, hub.clock)
        _key, found = judged(hub)
        assert found.verdict is (decided if decided is not None else found.by_rules)
    assert [each.reason for each in found.words] == ["复核后恢复", "一般贸易货物误报"]
    assert found.word is None
    assert hub.rows("SELECT count(*) FROM audit_entry WHERE action = 'order.recognition'") == [(2,)]


def test_a_word_needs_a_reason_a_change_and_an_order(hub: Hub) -> None:
    hub.imports()
    key, _found = judged(hub)
    with hub.database.begin() as uow:
        with pytest.raises(Refused, match="required"):
            override_recognition(uow, key, False, " ", "", OFFICER, hub.clock)
        with pytest.raises(Refused, match="recognition_same"):
            override_recognition(uow, key, None, "x", "", OFFICER, hub.clock)
        with pytest.raises(NotFound):
            override_recognition(uow, 1, False, "x", "", OFFICER, hub.clock)
