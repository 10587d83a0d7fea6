"""The three-bill and list checks of ``cross_check_rules`` that are on at start, in the single window's own implementation.

Import: I02 I04 I05 I07-I09 I10 I11 I12 (bills), I13 I14 I16 I20-I22 I25-I27 (list); I23 is the quota ledger's.
Export: E01 E02 (bills), E04-E08. Each flaw is a text that customs would send with status 100.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from integrations.mockservers.single_window.records import Record, Values
from integrations.mockservers.single_window.texts import filled, reason, rule_text

_CHINA = "142"
_BONDED = ("1210", "1239")
_DIRECT = "9610"


@dataclass(frozen=True, slots=True)
class Bills:
    """The bills that stand behind one list, as far as they have arrived."""

    order: Record | None
    waybill: Record | None
    payments: list[Record] = field(default_factory=list)

    def missing(self, export: bool) -> list[str]:
        """Name the bills that are still to come: E01, E02, I01, I10, I11."""
        wanted = {"order": self.order, "waybill": self.waybill}
        return [
            *(name for name, bill in wanted.items() if bill is None),
            *(["payment"] if not export and not self.payments else []),
        ]


def order_flaws(lines: Iterable[Values]) -> Iterator[str]:
    """E05: quantity times price is the line's total."""
    for line in lines:
        if Decimal(line["qty"]) * Decimal(line["price"]) != Decimal(line["total_price"]):
            yield _numbered("E05", line)


def list_flaws(record: Record) -> Iterator[str]:
    """Checks that need the list alone."""
    head = record.head
    if record.layout.number == 603:
        if Decimal(head["net_weight"]) > Decimal(head["gross_weight"]):
            yield rule_text("E06")
    else:
        yield from _import_list_flaws(head)
    for line in record.lines:
        if record.layout.number == 603 and line["unit"] == line["unit1"] and Decimal(line["qty"]) != Decimal(line["qty1"]):
            yield _numbered("E07", line)
        if bool(line.get("unit2")) != bool(line.get("qty2")) or (line.get("qty2") and Decimal(line["qty2"]) <= 0):
            yield _numbered("E08", line)


def match_flaws(record: Record, bills: Bills) -> Iterator[str]:
    """Checks of a list against its bills, and of the bills against each other. All mandatory bills must be there."""
    if bills.order is None or bills.waybill is None:
        raise ValueError("bills are missing")
    if record.layout.number == 603:
        yield from order_flaws(bills.order.lines)
        known = {line["line_no"] for line in bills.order.lines}
        for line in record.lines:
            if line["line_no"] not in known:
                yield _numbered("E04", line)
        return
    yield from _bill_flaws(bills.order, bills.waybill, bills.payments)
    order, head = bills.order.head, record.head
    if head["buyer_name"] != order["buyer_name"]:
        yield reason(13127)
    if head["buyer_telephone"] != order["buyer_telephone"]:
        yield reason(130126)
    if len(record.lines) != len(bills.order.lines):
        yield filled(reason(1320), head["order_no"])


def _bill_flaws(order: Record, waybill: Record, payments: list[Record]) -> Iterator[str]:
    paid = sum((Decimal(payment.head["amount"]) for payment in payments), Decimal(0))
    if paid != Decimal(order.head["actual_paid"]):
        yield filled(reason(1332), order.head["actual_paid"], str(paid))
    payer = (order.head["buyer_name"], order.head["buyer_id_number"])
    for payment in payments:
        expected = order.head.get("payment_enterprise_code")
        if expected and payment.head["payment_enterprise_code"] != expected:
            yield reason(13035)
        if (payment.head["payer_name"], payment.head["payer_id_number"]) != payer:
            yield reason(1327)
    pairs = (("I07", "consignee_name"), ("I08", "consignee_telephone"), ("I09", "consignee_address"), ("I12", "order_no"))
    for rule, name in pairs:
        if order.head[name] != waybill.head[name]:
            yield rule_text(rule)


def _import_list_flaws(head: Values) -> Iterator[str]:
    if Decimal(head["packages"]) != 1:
        yield rule_text("I20")
    guarantors = ("platform_code", "merchant_code", "carrier_code", "agent_code")
    if head["assure_code"] not in {head[name] for name in guarantors}:
        yield rule_text("I21")
    if head["trade_mode"] in _BONDED:
        owed = ("ems_no", "bonded_enterprise_code", "bonded_enterprise_name")
        if not all(head.get(name) for name in owed):
            yield rule_text("I25")
        if head["country"] != _CHINA:
            yield rule_text("I27")
    if head["trade_mode"] == _DIRECT and not all(head.get(name) for name in ("traf_no", "voyage_no", "bill_no")):
        yield rule_text("I26")


def dutiable_value(record: Record) -> Decimal:
    """Return what counts towards the limits: goods, freight, insurance, in yuan."""
    goods = sum((Decimal(line["total_price"]) for line in record.lines), Decimal(0))
    return goods + Decimal(record.head["freight"]) + Decimal(record.head["insurance"])


def above_single_limit(record: Record, limit: Decimal) -> bool:
    """I22: above the single-transaction limit, unless it is one indivisible piece."""
    one_piece = len(record.lines) == 1 and Decimal(record.lines[0]["qty"]) == 1
    return dutiable_value(record) > limit and not one_piece


def _numbered(rule: str, line: Values) -> str:
    return f"第{line['line_no']}项:{rule_text(rule)}"
