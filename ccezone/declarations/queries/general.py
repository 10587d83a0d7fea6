"""Recorded general declarations: a merchant's, or all for the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.accounts.rules import Scope
from ccezone.declarations.rules.general import GeneralLine
from ccezone.storage.copying import fetch

_COLUMNS = """id, merchant_id, declaration_no, flow, trade_mode, customs_code, declared_on, released_on, country, transport_mode,
    currency, total_value, net_weight, lines, order_nos, note, version, created_at, updated_at, actor, removed_at"""


@dataclass(frozen=True, slots=True)
class GeneralView:
    """One recorded general declaration. ``version`` is what an amendment must name."""

    id: UUID
    merchant_id: UUID
    declaration_no: str
    flow: str
    trade_mode: str
    customs_code: str
    declared_on: date
    released_on: date | None
    country: str
    transport_mode: str
    currency: str
    total_value: Decimal
    net_weight: Decimal | None
    lines: Sequence[GeneralLine]
    order_nos: Sequence[str]
    note: str
    version: int
    created_at: datetime
    updated_at: datetime
    actor: str
    removed_at: datetime | None


def search_general(
    connection: Connection,
    merchant_id: UUID | None,
    text: str = "",
    after: UUID | None = None,
    limit: int = 50,
    within: Scope | None = None,
) -> Sequence[GeneralView]:
    """Return recorded general declarations, newest first, older than the cursor; of a merchant, or with ``None`` of all.

    ``text`` is part of the declaration's number or exactly an order's number; ``within`` is how far an agent's authority
    reaches.
    """
    conditions = ["removed_at IS NULL"]
    if merchant_id is not None:
        conditions.append("merchant_id = %(merchant)s")
    if within is not None:
        conditions.append("flow = ANY(%(flows)s) AND trade_mode = ANY(%(modes)s)")
    if text:
        conditions.append("(strpos(declaration_no, %(text)s) > 0 OR order_nos ? %(text)s)")
    if after is not None:
        conditions.append("id < %(after)s")
    statement = f"SELECT {_COLUMNS} FROM general_declaration WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT %(limit)s"  # noqa: S608  # our own names
    values = {"merchant": merchant_id, "text": text, "after": after, "limit": limit}
    reach = {"flows": sorted(within.flows), "modes": sorted(within.modes)} if within else {}
    return [_view(row) for row in fetch(connection, statement, {**values, **reach})]


def general_declaration(connection: Connection, merchant_id: UUID | None, declaration_id: UUID) -> GeneralView | None:
    """Return one record, taken-back ones included; another merchant's looks like none."""
    statement = f"""SELECT {_COLUMNS} FROM general_declaration
        WHERE id = %(id)s AND (%(merchant)s::uuid IS NULL OR merchant_id = %(merchant)s)"""  # noqa: S608  # our own names
    found = fetch(connection, statement, {"id": declaration_id, "merchant": merchant_id})
    return _view(found[0]) if found else None


def _view(row: tuple[Any, ...]) -> GeneralView:
    lines = [
        GeneralLine(
            line["hs_code"], line["goods_name"], Decimal(line["qty"]), line["unit"], Decimal(line["total_price"]), line["country"]
        )
        for line in row[13]
    ]
    number, merchant, declaration_no, flow, mode, customs, declared, released, country, transport, *rest = row
    currency, total, weight, _, *tail = rest
    return GeneralView(
        number, merchant, declaration_no, flow, mode, customs, declared, released, country, transport, currency, total, weight,
        lines, *tail,
    )  # fmt: skip
