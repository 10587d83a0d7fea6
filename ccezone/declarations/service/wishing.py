"""Keeping what a form says of a declaration: it is there when the bills match, however much later that is."""

from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.declarations.queries.wishes import ALL_PARCELS
from ccezone.declarations.rules.wishes import Wish
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run

_SAVE = """
INSERT INTO declaration_wish (order_key, waybill_key, merchant_id, version, trade_mode, declaration_path, filing, head, lines,
    statements, actor, updated_at)
VALUES (%(order)s, %(waybill)s, %(merchant)s, 1, %(mode)s, %(path)s, %(filing)s, %(head)s, %(lines)s, %(statements)s, %(actor)s,
    %(at)s)
ON CONFLICT (order_key, waybill_key) DO UPDATE SET
    version = declaration_wish.version + 1, trade_mode = excluded.trade_mode, declaration_path = excluded.declaration_path,
    filing = excluded.filing, head = excluded.head, lines = excluded.lines, statements = excluded.statements,
    actor = excluded.actor, updated_at = excluded.updated_at
WHERE declaration_wish.merchant_id = excluded.merchant_id
"""


def save_wish(
    uow: UnitOfWork, order_key: int, merchant_id: UUID, wish: Wish, actor: str, at: datetime, waybill_key: int = ALL_PARCELS
) -> None:
    """Keep a wish about an order, or about one parcel of it, in place of what was said of it before."""
    values = {
        "order": order_key,
        "waybill": waybill_key,
        "merchant": merchant_id,
        "mode": wish.trade_mode,
        "path": wish.path,
        "filing": wish.filing.value,
        "head": Jsonb(dict(wish.head)),
        "lines": Jsonb({str(number): dict(line) for number, line in wish.lines.items()}),
        "statements": Jsonb(dict(wish.statements)),
        "actor": actor,
        "at": at,
    }
    run(uow.connection, _SAVE, values)
