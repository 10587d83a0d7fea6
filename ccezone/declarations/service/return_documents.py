"""What a goods return says to customs: the list's own values, the way back, the lines that come back (CEB213, CEB625; 202205)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ccezone.declarations.rules.returns import RETURN_MODES, ReturnedLine, share, spelled
from ccezone.kernel.errors import Fault, Refused

_COMMON = (
    "customs_code", "platform_code", "platform_name", "merchant_code", "merchant_name", "waybill_no", "carrier_code",
    "carrier_name", "list_no", "eport_no", "agent_code", "agent_name", "reason",
)  # fmt: skip
_EXPORT = ("loct_no", "bill_no", "transport_mode", "traf_name", "port_code", "country", "voyage_no")
_IMPORT = ("order_no", "buyer_id_type", "buyer_id_number", "buyer_name", "buyer_telephone")
_BACK = "I"


def return_document(
    flow: str, said: Mapping[str, Any], declared: Sequence[Mapping[str, str]], lines: Sequence[ReturnedLine], number: int
) -> Mapping[str, object]:
    """Return the document as domain values. Raises ``Refused`` for a mode that has no return mode."""
    names = (*_COMMON, *(_EXPORT if flow == "E" else _IMPORT))
    head = {name: said[name] for name in names if said.get(name)}
    by_number = {int(line["line_no"]): line for line in declared}
    if flow == "I":
        rows = [_line(by_number[line.line_no], line) for line in lines]
        return {**head, "cop_no": str(number), "lines": rows}
    mode = RETURN_MODES.get(said["trade_mode"])
    if mode is None:
        raise Refused(Fault("", "return_mode_unknown", {"mode": said["trade_mode"]}))
    rows = [{**_line(by_number[line.line_no], line), **_measures(by_number[line.line_no], line)} for line in lines]
    return {**head, "co_el_no": str(number), "trade_mode": mode, "flow": _BACK, "lines": rows}


def _line(declared: Mapping[str, str], line: ReturnedLine) -> dict[str, str]:
    names = ("line_no", "hs_code", "goods_name", "unit")
    return {**{name: declared[name] for name in names}, "qty": spelled(line.quantity)}


def _measures(declared: Mapping[str, str], line: ReturnedLine) -> dict[str, str]:
    """The legal quantities, in the proportion in which the declared one comes back."""
    whole = Decimal(declared["qty"])
    found = {"specification": declared["specification"], "unit1": declared["unit1"]}
    found["qty1"] = spelled(share(Decimal(declared["qty1"]), line.quantity, whole))
    if declared.get("unit2") and declared.get("qty2"):
        found |= {"unit2": declared["unit2"], "qty2": spelled(share(Decimal(declared["qty2"]), line.quantity, whole))}
    return found
