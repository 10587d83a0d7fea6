"""What a composed list must satisfy before it is filed: the list rules that are on at start (cross_check_rules, 202205)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ccezone.declarations.rules.facts import Composition, Missing

YUAN = "142"


def broken_rules(flow: str, composition: Composition) -> list[Missing]:
    """Return every rule a list breaks, with the values that break it."""
    head = composition.head
    found = list(_import_rules(head)) if flow == "I" else []
    if Decimal(head.get("net_weight", "0")) > Decimal(head.get("gross_weight", "0")):
        found.append(_broken("E06", net_weight=head.get("net_weight", ""), gross_weight=head.get("gross_weight", "")))
    for line in composition.lines:
        found += _line_rules(line)
    return found


def _line_rules(line: Mapping[str, str]) -> Iterator[Missing]:
    number, qty = line["line_no"], Decimal(line["qty"])
    product = qty * Decimal(line["price"])
    if abs(product - Decimal(line["total_price"])) > Decimal("0.005"):  # both amounts are stated to the fen
        yield _broken("E05", line=number, product=str(product), total_price=line["total_price"])
    if line["unit"] == line.get("unit1") and Decimal(line["qty1"]) != qty:
        yield _broken("E07", line=number, qty=line["qty"], qty1=line["qty1"])
    if bool(line.get("unit2")) != bool(line.get("qty2")):
        yield _broken("E08", line=number, unit2=line.get("unit2", ""), qty2=line.get("qty2", ""))


def _import_rules(head: Mapping[str, str]) -> Iterator[Missing]:
    if head.get("packages") != "1":
        yield _broken("I20", packages=head.get("packages", ""))
    parties = {head.get(name) for name in ("platform_code", "merchant_code", "carrier_code", "agent_code")}
    if head.get("assure_code") and head["assure_code"] not in parties:
        yield _broken("I21", assure_code=head["assure_code"])
    if head.get("trade_mode") in ("1210", "1239") and head.get("country") != YUAN:
        yield _broken("I27", country=head.get("country", ""))


def _broken(rule: str, **values: str) -> Missing:
    return Missing("rule", rule, values)
