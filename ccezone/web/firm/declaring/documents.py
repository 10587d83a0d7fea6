"""From a form to what is filed: the order, the payment and the link as bills, the wish beyond them; and from faults back."""

from collections.abc import Mapping
from itertools import chain

from ccezone.bills.rules import BillKind
from ccezone.declarations.rules.modes import STATEMENTS
from ccezone.declarations.rules.wishes import Filing, Wish
from ccezone.declarations.service.forming import DECLARATION, PARTS, Form
from ccezone.kernel.clock import wire_time
from ccezone.kernel.errors import Fault
from ccezone.web.firm.declaring.shape import ASKED_AS, LIST, Asked, Shape
from ccezone.web.firm.declaring.typed import lines, spelled, totals
from ccezone.web.hub import hub
from schemas.derive.form import form

_NEW = "1"
_MOMENT = 14
_WORKED_OUT = {"goods_value": "/lines", "goodsValue": "/lines", "actual_paid": "/tax_total", "acturalPaid": "/tax_total"}
"""Where what the form works out is mended."""


def form_of(shape: Shape, typed: Mapping[str, str]) -> Form:
    """Return what a form states: the order unless one was picked, a payment and a link where they were stated."""
    picked = typed.get("order_key", "")
    wanted = [] if picked else ["order"]
    if shape.mode.flow == "E" and any(typed.get(name) for name in ("payment_no", "paid_at", "amount")):
        wanted.append("payment")
    if typed.get("waybill_no"):
        wanted.append("link")
    bodies = {part: _body(shape, PARTS[part], typed) for part in wanted}
    return Form(shape.mode.flow, wish_of(shape, typed), bodies, int(picked) if picked.lstrip("-").isdigit() else None)


def wish_of(shape: Shape, typed: Mapping[str, str]) -> Wish:
    """Return what a form says beyond its bills."""
    head = {asked.attribute: _spell(asked, typed[asked.name]) for asked in shape.part("list") if typed.get(asked.name)}
    path = head.pop("declaration_path", "")
    names = {asked.name for asked in shape.stated}
    rows = {number: _chosen(row, names) for number, row in enumerate(lines(typed), start=1)}
    said = {name: typed[f"state-{name}"] for name in STATEMENTS if typed.get(f"state-{name}")}
    given = typed.get("filing", "")
    filing = Filing(given) if given in set(Filing) else Filing.USUAL
    return Wish(shape.mode.trade_mode, path, filing, head, {number: row for number, row in rows.items() if row}, said)


def placed(shape: Shape, part: str, fault: Fault) -> Fault:
    """Return a fault of a part with its pointer turned to the form's names, whichever names it came with."""
    *before, last = fault.pointer.strip("/").split("/")
    last = ASKED_AS.get(last, last)
    if last in STATEMENTS:
        return Fault(f"/state-{last}", fault.code, fault.params)
    if not before and last == "lines":
        return fault
    if not before and last in _WORKED_OUT:
        return Fault(_WORKED_OUT[last], fault.code, fault.params)
    asked = chain(shape.line, shape.stated) if before else shape.head
    named = [each for each in asked if last in (each.name, each.element, each.attribute)]
    own = [each for each in named if (each.part == "list") == (part == DECLARATION)]
    found = next(iter(own or named), None)
    if found is None:
        return Fault("", fault.code, fault.params)
    return Fault("/" + "/".join([*before, found.name]), fault.code, fault.params)


def line_of(typed: Mapping[str, str], item_no: str) -> int:
    """Return the number (from 0) of the line that names an item; the first when none does."""
    return next((number for number, row in enumerate(lines(typed)) if row.get("item_no") == item_no), 0)


def labelled(name: str) -> str:
    """Return the name of the input that states a value of the declaration."""
    return f"{LIST}{ASKED_AS.get(name, name)}"


def _body(shape: Shape, kind: BillKind, typed: Mapping[str, str]) -> dict[str, object]:
    values = _head(shape, kind, typed)
    body: dict[str, object] = {"appType": _NEW, "appTime": wire_time(hub().clock.now())}
    for field in form(hub().deliveries.message_type(kind, shape.mode.flow)).head:
        text = values.get(field.attribute, "")
        if text:
            body[field.name] = _wire(text) if field.kind in ("date", "datetime") else text
    if kind == BillKind.ORDER:
        body["lines"] = _lines(shape, typed)
    return body


def _head(shape: Shape, kind: BillKind, typed: Mapping[str, str]) -> dict[str, str]:
    """Return a bill's head under domain names, with what the form works out."""
    found = totals(shape, typed)
    worked_out = {"order_type": shape.mode.order_type, "goods_value": spelled(found.goods_value)}
    if kind == BillKind.ORDER and shape.mode.flow == "I":
        worked_out["actual_paid"] = spelled(found.due)
    if kind == BillKind.PAYMENT:
        worked_out["amount"] = spelled(found.due)
    return {**worked_out, **{name: value for name, value in typed.items() if "-" not in name}}


def _lines(shape: Shape, typed: Mapping[str, str]) -> list[dict[str, str]]:
    sums, rows = totals(shape, typed).lines, []
    for number, row in enumerate(lines(typed)):
        values = {asked.element: row[asked.name] for asked in shape.line if row.get(asked.name)}
        total = sums[number]
        worked_out = {"gnum": str(number + 1), "currency": typed.get("currency", "")}
        if total is not None:
            worked_out["totalPrice"] = spelled(total)
        rows.append({**worked_out, **values})
    return rows


def _chosen(row: Mapping[str, str], names: set[str]) -> Mapping[str, str]:
    return {name: value for name, value in row.items() if name in names and value}


def _spell(asked: Asked, text: str) -> str:
    return _wire(text) if asked.kind in ("date", "datetime") else text


def _wire(text: str) -> str:
    """Spell a browser's day or moment (``2026-01-05T09:00``) as messages do."""
    digits = "".join(letter for letter in text if letter.isdigit())
    return digits.ljust(_MOMENT, "0") if 8 < len(digits) < _MOMENT else digits
