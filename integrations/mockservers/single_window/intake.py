"""Judging the documents of a batch: the e-port first, customs after it. Bills go before lists, applications come last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ccezone.kernel.ids import key8
from integrations.mockservers.single_window import applications, eport, plans
from integrations.mockservers.single_window.cross_checks import (
    Bills,
    above_single_limit,
    dutiable_value,
    list_flaws,
    match_flaws,
    order_flaws,
)
from integrations.mockservers.single_window.desk import Desk
from integrations.mockservers.single_window.layout import Layout
from integrations.mockservers.single_window.plans import Step
from integrations.mockservers.single_window.records import Document, Record, waybill_key
from integrations.mockservers.single_window.summing import serial
from integrations.mockservers.single_window.switches import Rule
from integrations.mockservers.single_window.texts import filled, reason

_MAX_INFO = 1000
_ORDER_OF_ROLES = {"bill": 0, "list": 1, "other": 2, "arrival": 3, "departure": 4, "cancellation": 5}
_SETTLED = (500, 501, 502, 503, 599, 600, 700)  # under inspection, suspended, detained, sent back: not to be cancelled


@dataclass(slots=True)
class Submission:
    """A message on its way in: its documents, who gets the answers, who transmitted it, whether its signature is bad."""

    layout: Layout
    documents: Sequence[Document]
    receiver: str
    transmitter: str
    badly_signed: bool


def take_in(desk: Desk, submissions: list[Submission]) -> None:
    """Judge a batch of messages."""
    _fetch_all(desk, [document for each in submissions for document in each.documents])
    for submission in sorted(submissions, key=lambda each: _ORDER_OF_ROLES[each.layout.role]):
        for document in submission.documents:
            _take(desk, submission, document)


def _fetch_all(desk: Desk, documents: Iterable[Document]) -> None:
    keys, orders, waybills, buyers = set(), set(), set(), set()
    numbers: set[int] = set()
    for document in documents:
        role = document.layout.role
        keys.add(document.key)
        if role == "list":
            keys.update(document.bill_keys)
            if document.layout.number == 621:
                orders.add(document.order_key)
                buyers.add(_buyer(document))
        elif role == "bill" and document.head["app_type"] != eport.NEW:
            orders.add(document.order_key)
            waybills.add(document.waybill_key)
        elif role == "cancellation" or document.layout.number in applications.APPLIED_FOR:
            numbers.update(serial(list_no) for list_no in applications.lists_named(document))
    desk.fetch("key", keys)
    desk.fetch("order_key", orders - {0})
    desk.fetch("waybill_key", waybills - {0})
    desk.fetch("number", numbers - {0})
    desk.quota.fetch(buyers)


def _take(desk: Desk, submission: Submission, document: Document) -> None:
    receiver = submission.receiver
    earlier = desk.records.get(document.key)
    answer = _refusal(desk, submission, document, earlier)
    if answer is not None:
        step = Step(answer.code, answer.text[:_MAX_INFO])
        if earlier is None:
            desk.carry_out(desk.enter(document, receiver), [step])
        else:
            desk.reply(document, receiver, step)
        return
    record = desk.enter(document, receiver)
    if document.head["app_status"] == eport.DRAFT:
        desk.carry_out(record, [Step(1)])
    elif document.head["app_type"] == eport.DELETE:
        desk.carry_out(record, [Step(2), Step(3), Step(120, f"删除成功[{record.head['guid']}]")])
        record.status = plans.DELETED
    else:
        _declare(desk, record)


def _refusal(desk: Desk, submission: Submission, document: Document, earlier: Record | None) -> eport.Answer | None:
    if submission.badly_signed:
        return eport.refused(eport.BAD_SIGNATURE[document.layout.number], document.head["guid"])
    flaw = desk.sender_flaw(document, submission.transmitter)
    if flaw is not None:
        return flaw
    order = document.order_key
    related = desk.of_order(order) if order else desk.lists_of_waybill(document.waybill_key)
    flaw = eport.history_flaw(document, earlier, related)
    if flaw is None and document.layout.number == 621:
        return _limit_flaw(desk, document)
    return flaw


def _limit_flaw(desk: Desk, document: Document) -> eport.Answer | None:
    """I22, and I23 when the e-port minds it."""
    record = Record.of(document, 0, "", "")
    name, limit = document.head["order_no"], desk.switches.single_limit
    if above_single_limit(record, limit):
        return eport.refused(-621005, name, "", str(limit))
    if desk.switches.quota_stage == "eport":
        used = desk.quota.used(_buyer(record), record.key)
        if used + dutiable_value(record) > desk.switches.annual_limit:
            return eport.refused(-621018, name, "", str(used), str(desk.switches.annual_limit))
    return None


def _declare(desk: Desk, record: Record) -> None:
    """Hand an accepted document to customs."""
    role = record.layout.role
    if role == "list":
        declare_list(desk, record)
    elif role == "bill":
        flaws = list(order_flaws(record.lines)) if record.layout.number == 303 else []
        ending = [Step(100, ";".join(flaws)[:_MAX_INFO], wait=3)] if flaws else plans.stored()
        desk.carry_out(record, [*plans.accepted(record), *ending])
    elif role == "cancellation":
        _cancel(desk, record)
    elif record.layout.number in applications.APPLIED_FOR:
        applications.apply(desk, record)
    else:
        desk.carry_out(record, [*plans.accepted(record), *plans.closed(record)])
        if role in ("arrival", "departure"):
            carrier = record.head["carrier_code"]
            move(desk, role, {waybill_key(carrier, line["waybill_no"]) for line in record.lines})


def declare_list(desk: Desk, record: Record) -> None:
    """Accept a list, and judge it at once when its bills are there."""
    effects = desk.switches.effects(record.layout.message_type, record.head)
    taken = plans.accepted(record)
    if "drop_after_acceptance" in effects:
        desk.carry_out(record, taken[:1])
        return
    missing = bills_of(desk, record).missing(export=record.layout.number == 603)
    if missing:
        desk.carry_out(record, taken)
        desk.await_bills(record)
    else:
        desk.carry_out(record, [*taken, *verdict(desk, record, effects)])


def bills_of(desk: Desk, record: Record) -> Bills:
    """Collect the bills of a list that customs holds."""
    order, waybill = (_held(desk.records.get(key)) for key in record.document.bill_keys)
    payments = [
        bill
        for bill in desk.of_order(record.order_key)
        if bill.layout.number == 411 and bill.head["platform_code"] == record.head["platform_code"] and _held(bill) is not None
    ]
    return Bills(order, waybill, payments)


def _held(bill: Record | None) -> Record | None:
    return bill if bill is not None and bill.status > 1 and not eport.ended(bill.status) else None


def verdict(desk: Desk, record: Record, effects: Mapping[str, Rule]) -> Sequence[Step]:
    """Judge a list whose bills are all there: refused with every flaw, or cleared as the switches say."""
    flaws = [*list_flaws(record), *match_flaws(record, bills_of(desk, record))]
    if record.layout.number == 621 and not flaws:
        flaws = _quota_flaws(desk, record)
    if flaws:
        return [Step(100, ";".join(flaws)[:_MAX_INFO], wait=3)]
    automatic = desk.switches.auto_arrival
    steps = plans.clearance(record, effects, arrival=automatic, departure=automatic)
    if record.layout.number == 621 and steps[-1].code not in (100, 700):
        desk.quota.set(_buyer(record), record.key, dutiable_value(record))
    return steps


def _buyer(record: Record | Document) -> int:
    return key8(record.head["buyer_id_number"].upper())


def _quota_flaws(desk: Desk, record: Record) -> list[str]:
    """I23: the buyer's purchases of the year, this one included, stay within the annual limit."""
    total, limit = desk.quota.used(_buyer(record), record.key) + dutiable_value(record), desk.switches.annual_limit
    if total <= limit:
        return []
    return [reason(1313).split(",", 1)[0] + f",totalPrice：{total} > limitPrice: {limit}]"]


def _cancel(desk: Desk, record: Record) -> None:
    """Cancel a list before its release, unless a switch says no; its buyer's quota comes back."""
    found = [each for each in desk.records.values() if each.layout.role == "list"]
    target = next((each for each in found if each.list_no == record.head["list_no"]), None)
    imported = record.layout.number == 623
    if target is None:
        unknown = Step(-623003, filled(reason(-623003), record.head["list_no"])) if imported else Step(100, wait=2)
        desk.carry_out(record, [unknown] if imported else [*plans.accepted(record), unknown])
        return
    too_late = target.status >= plans.RELEASED or target.status in _SETTLED or eport.ended(target.status)
    if too_late:
        desk.carry_out(record, [*plans.accepted(record), Step(100, filled(reason(-623005), target.list_no), wait=2)])
        return
    effects = desk.switches.effects(record.layout.message_type, {**record.head, "order_no": target.head["order_no"]})
    if "reject" in effects:
        desk.carry_out(record, [*plans.accepted(record), plans.REFUSED])
        return
    desk.carry_out(record, [*plans.accepted(record), *plans.closed(record)])
    desk.forget_agenda(target.key)
    if target.layout.number == 621:
        desk.quota.set(_buyer(target), target.key, Decimal(0))
    desk.carry_out(target, [Step(plans.DELETED)])


def move(desk: Desk, role: str, waybills: set[int]) -> int:
    """Let goods arrive or depart; return how many lists it moved now. The others find it noted when they get there."""
    desk.fetch("waybill_key", waybills - {0})
    moved = 0
    for waybill in waybills:
        desk.connection.execute("INSERT INTO movements VALUES (%s, %s) ON CONFLICT DO NOTHING", (waybill, role))
        for record in list(desk.lists_of_waybill(waybill)):
            moved += advance(desk, record, {role})
    return moved


def advance(desk: Desk, record: Record, happened: set[str]) -> bool:
    """Carry an export list on from where it rests, when what it rests for has happened."""
    if record.layout.number != 603:
        return False
    if record.status in (399, plans.WAITING_FOR_ARRIVAL, plans.RELEASED):
        desk.forget_agenda(record.key)
    if record.status in (399, plans.WAITING_FOR_ARRIVAL) and "arrival" in happened:
        effects = desk.switches.effects(record.layout.message_type, record.head)
        desk.carry_out(record, plans.arrived(effects, departure="departure" in happened))
        return True
    if record.status == plans.RELEASED and "departure" in happened:
        desk.carry_out(record, plans.movement(departure=True)[1:])
        return True
    return False
