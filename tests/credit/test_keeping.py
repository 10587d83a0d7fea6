"""Credit at work: conduct becomes evidence, evidence a grade, a grade a treatment that acts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from ccezone.credit.ports import TreatmentRefused, TreatmentUnavailable
from ccezone.credit.queries import evidence_of, recomputed, scores_of, treatments_of
from ccezone.credit.service import Statement, keep_credit, rejudge, send_treatments, state, take_back
from ccezone.declarations.service import submit_list
from ccezone.enterprises.queries import enterprise
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Refused
from ccezone.parameters.service import set_parameter
from tests.hub.bills import export_bills
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
ZONE = "GZ"


@dataclass
class Desk:
    """A single window that takes treatments down; ``fails`` are raised first, one a question."""

    asked: list[tuple[str, Decimal]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def ask(self, code: str, inspection_share: Decimal) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.asked.append((code, inspection_share))


def keep(hub: Hub) -> int:
    return keep_credit(hub.database, ZONE, hub.clock)


def send(hub: Hub, desk: Desk) -> int:
    return send_treatments(hub.database, desk, hub.clock)


def file(hub: Hub, numbers: Sequence[int]) -> list[int]:
    """File clean exports of the merchant under new order numbers."""
    for number in numbers:
        bills = export_bills()
        renamed = {"order_no": f"CREDIT-{number}"}
        sold, paid, sent, linked = bills
        waybill = {"waybill_no": f"SF-CREDIT-{number}"}
        hub.post(
            sold.but(**renamed),
            paid.but(**renamed, payment_no=f"P-{number}"),
            sent.but(**waybill),
            linked.but(**renamed, **waybill),
        )
    hub.merge()
    hub.dispatch()
    return hub.list_ids()


def stated(hub: Hub, who: UUID, factor: str, value: str) -> UUID:
    today = hub.clock.now().astimezone(SHANGHAI).date()
    with hub.database.begin() as uow:
        number = state(uow, who, Statement(factor, value, "issuer", "document 1", today), "test", hub.clock)
        rejudge(uow, ZONE, [who], hub.clock)
    return number


def grade(hub: Hub, who: UUID) -> str:
    with hub.database.reading() as connection:
        return scores_of(connection, who, limit=1)[0].grade.value


def merchant(hub: Hub, ids: Sequence[int]) -> UUID:
    found: UUID = hub.rows("SELECT merchant_id FROM declaration_list WHERE id = %(id)s", id=ids[0])[0][0]
    return found


def test_rejected_lists_and_a_failed_inspection_lower_the_grade_and_more_is_inspected(hub: Hub) -> None:
    ids = file(hub, range(12))
    who, desk = merchant(hub, ids), Desk()
    for each in ids[:3]:
        hub.answer(each, 2, 3, 120, 399, 400, 800)
    keep(hub)
    send(hub, desk)
    before = grade(hub, who)
    for each in ids[3:6]:
        hub.answer(each, 2, 3, 100)
    hub.answer(ids[6], 2, 3, 120, 399, 400, 500, 100)
    keep(hub)
    send(hub, desk)
    assert (before, grade(hub, who)) == ("AA", "BBB")
    (code, first), (again, second) = desk.asked
    assert code == again == hub.rows("SELECT customs_code FROM enterprise WHERE id = %(id)s", id=who)[0][0]
    assert (first, second) == (Decimal("0.0100"), Decimal("0.2000"))
    with hub.database.reading() as connection:
        shares = {each.factor: each.value for each in reversed(evidence_of(connection, who))}
    assert shares["rejections"] == "0.3333"
    assert shares["inspection_finds"] == "0.2000"


def test_conduct_that_did_not_change_is_not_recorded_again(hub: Hub) -> None:
    file(hub, range(2))
    keep(hub)
    recorded = hub.count("credit_evidence")
    hub.clock.advance(minutes=5)
    assert keep(hub) == 0
    hub.clock.advance(days=1)
    assert keep(hub) == 1
    assert (hub.count("credit_evidence"), hub.count("credit_score")) == (recorded, 2)


def test_the_grade_of_a_past_day_computed_again_is_the_one_then_stored(hub: Hub) -> None:
    ids = file(hub, range(2))
    who = merchant(hub, ids)
    days: list[date] = []
    for factor, value in (("customs_class", "advanced"), ("tax_class", "D"), ("customs_class", "seriously_discredited")):
        days.append(hub.clock.now().astimezone(SHANGHAI).date())
        stated(hub, who, factor, value)
        keep(hub)
        hub.clock.advance(days=1)
    with hub.database.begin() as uow:  # entered afterwards, for all those days
        key, begins = "credit.weight.tax_class", days[0]
        set_parameter(uow, hub.clock, zone=ZONE, key=key, value="90", effective_from=begins, document="late", created_by="test")
        late = Statement("fx_class", "C", "issuer", "found out late", days[0])
        state(uow, who, late, "test", hub.clock)
    with hub.database.reading() as connection:
        found = [recomputed(connection, ZONE, who, day) for day in days]
    assert [each.same for each in found if each] == [True] * 3
    assert len({each.stored.score for each in found if each}) == 3


def test_a_score_that_was_tampered_with_is_seen(hub: Hub) -> None:
    ids = file(hub, range(1))
    who = merchant(hub, ids)
    stated(hub, who, "tax_class", "A")
    hub.change("UPDATE credit_score SET score = score + 1")
    with hub.database.reading() as connection:
        found = recomputed(connection, ZONE, who, hub.clock.now().date())
    assert found is not None
    assert not found.same


def test_days_on_which_nothing_ran_are_scored_as_known_at_their_end(hub: Hub) -> None:
    who = merchant(hub, file(hub, range(1)))
    stated(hub, who, "tax_class", "A")
    keep(hub)
    hub.clock.advance(days=4)
    keep(hub)
    with hub.database.reading() as connection:
        kept = scores_of(connection, who)
        same = [recomputed(connection, ZONE, who, each.day) for each in kept]
    assert len(kept) == 5
    assert all(each and each.same for each in same)


def test_evidence_is_never_changed_but_taken_back_by_evidence(hub: Hub) -> None:
    who = merchant(hub, file(hub, range(1)))
    stated(hub, who, "customs_class", "regular")
    worst = stated(hub, who, "tax_class", "D")
    before = grade(hub, who)
    with hub.database.begin() as uow:
        take_back(uow, worst, "wrong firm", "test", hub.clock)
        rejudge(uow, ZONE, [who], hub.clock)
    assert (before, grade(hub, who)) == ("BBB", "A")
    assert hub.rows("SELECT count(*) FROM credit_evidence WHERE value = 'D'") == [(2,)]
    with hub.database.begin() as uow, pytest.raises(Refused, match="credit_evidence_stays"):
        take_back(uow, worst, "again", "test", hub.clock)


def test_a_single_window_that_is_away_is_asked_again_and_only_for_the_newest_treatment(hub: Hub) -> None:
    who, desk = merchant(hub, file(hub, range(1))), Desk(fails=[TreatmentUnavailable("down")])
    stated(hub, who, "tax_class", "A")
    assert send(hub, desk) == 0
    for factor in ("customs_class", "tax_class"):
        stated(hub, who, factor, {"customs_class": "seriously_discredited", "tax_class": "D"}[factor])
    hub.clock.advance(minutes=10)
    assert send(hub, desk) == 1
    assert send(hub, desk) == 0
    with hub.database.reading() as connection:
        history = treatments_of(connection, who)
    assert desk.asked[0][1] == history[0].inspection_share
    assert [each.sent for each in history] == [True] + [False] * (len(history) - 1)


def test_a_grade_that_changes_while_customs_is_asked_waits_for_nobody_and_is_asked_last(hub: Hub) -> None:
    who, shares = merchant(hub, file(hub, range(1))), list[Decimal]()

    class Slow:
        def ask(self, code: str, inspection_share: Decimal) -> None:
            shares.append(inspection_share)
            if len(shares) == 1:
                for factor, value in (("customs_class", "seriously_discredited"), ("fx_class", "C")):
                    stated(hub, who, factor, value)

    stated(hub, who, "tax_class", "D")
    while send_treatments(hub.database, Slow(), hub.clock):
        pass
    with hub.database.reading() as connection:
        history = treatments_of(connection, who)
    assert shares == [history[-1].inspection_share, history[0].inspection_share]
    assert shares[0] < shares[1]


def test_a_question_refused_for_good_is_not_asked_again(hub: Hub) -> None:
    who, desk = merchant(hub, file(hub, range(1))), Desk(fails=[TreatmentRefused("HTTP400")])
    stated(hub, who, "tax_class", "A")
    assert send(hub, desk) == 1
    hub.clock.advance(days=1)
    assert send(hub, desk) == 0
    with hub.database.reading() as connection:
        assert treatments_of(connection, who)[0].last_error == "HTTP400"


def test_a_grade_that_forbids_it_keeps_lists_ready_until_a_person_files_them(hub: Hub) -> None:
    who = merchant(hub, file(hub, range(1)))
    for factor, value in (("customs_class", "seriously_discredited"), ("tax_class", "D"), ("fx_class", "C"), ("market_risk", "D")):
        stated(hub, who, factor, value)
    assert grade(hub, who) == "BB"
    *_, held = file(hub, [7])
    assert hub.states()[-1] == "ready"
    submit_list(hub.database, hub.vault, hub.clock, held, who, "test")
    assert hub.states()[-1] == "queued"
    with hub.database.reading() as connection:
        found = enterprise(connection, who)
    assert found is not None
    assert (found.credit_grade, found.auto_submit_allowed, found.may_file) == ("BB", False, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"factor": "rejections"}, "credit_factor_unknown"),
        ({"value": "AAAA"}, "credit_class_unknown"),
        ({"document": " "}, "required"),
        ({"valid_from": date(2027, 1, 1)}, "credit_from_future"),
        ({"valid_to": date(2025, 1, 1)}, "ends_before_begin"),
    ],
)
def test_a_statement_that_cannot_be_is_refused(hub: Hub, changes: dict[str, object], code: str) -> None:
    values = {"factor": "tax_class", "value": "A", "issuer": "i", "document": "d", "valid_from": date(2026, 1, 1), **changes}
    with hub.database.begin() as uow, pytest.raises(Refused, match=code):
        state(uow, hub.party("furniture").id, Statement(**values), "test", hub.clock)  # type: ignore[arg-type]  # one dict


def test_a_day_has_one_score_however_often_it_is_judged(hub: Hub) -> None:
    who = merchant(hub, file(hub, range(1)))
    for value in ("A", "B", "M"):
        stated(hub, who, "tax_class", value)
        hub.clock.advance(minutes=1)
    assert hub.rows("SELECT count(*), min(day) FROM credit_score")[0] == (1, (hub.clock.now() + timedelta(hours=8)).date())
