"""How foreign exchange reads over the API: receipts with their parts and gate, instructions, orders' money."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from ccezone.api.problems import Problem, described
from ccezone.api.services import services
from ccezone.credit.queries.fx_standing import fx_firm
from ccezone.fx.queries.gates import gate_of
from ccezone.fx.queries.instructions import AskedOf
from ccezone.fx.queries.orders import OrderMoneyRow, Terms
from ccezone.fx.queries.receipts import MatchedOrder, ReceiptRow, ReceiptView, receipt
from ccezone.fx.rules.parts import receipt_reference
from ccezone.fx.rules.routing import Gate
from ccezone.fx.service.exchanging import reference_of
from ccezone.kernel.errors import Fault
from ccezone.storage import Connection


def row_shown(row: ReceiptRow) -> dict[str, object]:
    """Spell a receipt of a list."""
    return {**asdict(row), "reference": row.reference, "unmatched": row.unmatched}


def whole_shown(connection: Connection, firm: UUID, receipt_id: UUID) -> dict[str, object]:
    """Spell one receipt with all that belongs to it. Raises ``Problem`` 404."""
    view = receipt(connection, firm, receipt_id)
    if view is None:
        raise Problem(404, [Fault("", "not_found", {"value": str(receipt_id)})])
    work = services()
    standing = fx_firm(connection, firm, work.today(), work.clock.now())
    gate = gate_of(connection, standing, receipt_id, work.book.current(connection), work.today())
    return {
        **row_shown(view.row),
        "orders": [_matched(each) for each in view.orders],
        "settlements": _asked(view),
        "steps": [asdict(each) for each in view.steps],
        "gate": _gate(gate),
    }


def asked_shown(each: AskedOf) -> dict[str, object]:
    """Spell an instruction."""
    asked = each.asked
    return {
        **asdict(asked),
        "reference": reference_of(asked.number),
        "receipt": each.receipt_id,
        "receipt_reference": receipt_reference(each.receipt_number),
        "currency": each.currency,
        "rule": str(asked.gate.get("key", "")),
        "document": str(asked.gate.get("document", "")),
    }


def order_shown(row: OrderMoneyRow, terms: Terms) -> dict[str, object]:
    """Spell an order's money."""
    return {**asdict(row), "order_id": str(row.order_key), "open": row.open, "over": row.over, "due": terms.due(row)}


def _asked(view: ReceiptView) -> Sequence[dict[str, object]]:
    row = view.row
    return [asked_shown(AskedOf(row.id, row.number, row.currency, each)) for each in view.asked]


def _matched(each: MatchedOrder) -> dict[str, object]:
    return {
        "order_id": str(each.order_key),
        "order_no": each.order_no,
        "expected": each.expected,
        "money": each.money,
        "elsewhere": each.elsewhere,
        "open": each.open,
        "nettings": each.nettings,
    }


def _gate(gate: Gate) -> dict[str, object]:
    rule = gate.rule
    actions = [
        {
            "action": str(action),
            "most": most,
            "allowed": action in gate.choices,
            "reasons": [described(fault) for fault in gate.reasons.get(action, ())],
        }
        for action, most in gate.most.items()
    ]
    said = {"rule": rule.key, "value": rule.value, "document": rule.document, "status": rule.status, "since": rule.since}
    return {**said, "converts": gate.converts, "actions": actions, "warnings": [described(fault) for fault in gate.warnings]}
