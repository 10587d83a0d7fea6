"""Any number an officer holds in hand → the rows it names: order, payment, waybill, list, batch, message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.rules import order_no_key, payment_key, waybill_key
from ccezone.declarations.queries import find_lists
from ccezone.enterprises.queries import directory
from ccezone.enterprises.rules import Role
from ccezone.storage.copying import fetch

HitKind = Literal["order", "payment", "waybill", "list", "batch", "message"]
_ORDERS = """
SELECT DISTINCT ON (o.order_key) 'order', o.order_key::text, o.flow, o.order_no, o.merchant_name, b.received_at
FROM order_version o JOIN intake_batch b ON b.id = o.batch_id
WHERE o.order_no_key = %(number)s AND o.order_no = %(text)s ORDER BY o.order_key, o.version DESC
"""
_PAYMENTS = """
SELECT DISTINCT ON (p.payment_key) 'payment', p.payment_key::text, p.flow, p.payment_no, p.payment_enterprise_name, b.received_at
FROM payment_version p JOIN intake_batch b ON b.id = p.batch_id
WHERE {condition} AND p.payment_no = %(text)s ORDER BY p.payment_key, p.version DESC LIMIT 200
"""
_WAYBILLS = """
SELECT DISTINCT ON (w.waybill_key) 'waybill', w.waybill_key::text, w.flow, w.waybill_no, w.carrier_name, b.received_at
FROM waybill_version w JOIN intake_batch b ON b.id = w.batch_id
WHERE w.waybill_key = ANY(%(waybills)s::bigint[]) AND w.waybill_no = %(text)s ORDER BY w.waybill_key, w.version DESC
"""
_LISTS = """
SELECT 'list', d.id::text, d.flow, d.cop_no, d.content ->> 'merchant_name', d.created_at
FROM declaration_list d WHERE d.id = ANY(%(lists)s::bigint[]) ORDER BY d.id DESC
"""
_BY_ID = """
SELECT 'batch', b.id::text, b.flow, b.id::text, e.name, b.received_at
FROM intake_batch b LEFT JOIN enterprise e ON e.id = b.submitter_id WHERE b.id = %(id)s
UNION ALL
SELECT 'message', m.id::text, '', m.id::text, m.message_type, m.created_at FROM outgoing_message m WHERE m.id = %(id)s
UNION ALL
SELECT 'list', d.id::text, d.flow, d.cop_no, d.content ->> 'merchant_name', d.created_at
FROM submission u JOIN declaration_list d ON d.id = u.declaration_id WHERE u.id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that bears the number. ``key`` is its key or id as text, ``of`` names whose it is, ``at`` when it came."""

    kind: HitKind
    key: str
    flow: str
    number: str
    of: str
    at: datetime


def find_number(connection: Connection, text: str) -> Sequence[Hit]:
    """Return every row this number names exactly; for the office only, as it looks at everybody's."""
    text = text.strip()
    if not text:
        return []
    try:
        spelled = UUID(text)
    except ValueError:
        return _by_number(connection, text)
    return [Hit(*row) for row in fetch(connection, _BY_ID, {"id": spelled})]


def _by_number(connection: Connection, text: str) -> list[Hit]:
    parties = directory(connection).by_id.values()
    carriers = [party.uscc for party in parties if party.roles & {Role.CARRIER, Role.EXPRESS}]
    payers = [party.uscc for party in parties if party.roles & {Role.PAYMENT, Role.EXPRESS}]
    values = {
        "text": text,
        "number": order_no_key(text),
        "waybills": [waybill_key(flow, code, text) for code in carriers for flow in ("E", "I")],
        "payments": [payment_key("I", code, "", "", text) for code in payers],
        "lists": find_lists(connection, text),
    }
    by_key = _PAYMENTS.format(condition="p.payment_key = ANY(%(payments)s::bigint[])")
    rows = [row for statement in (_LISTS, _ORDERS, _WAYBILLS, by_key) for row in fetch(connection, statement, values)]
    if not rows:  # an export payment's key needs its order as well: the one number that is looked for without an index
        rows = fetch(connection, _PAYMENTS.format(condition="p.flow = 'E'"), values)
    return [Hit(*row) for row in rows]
