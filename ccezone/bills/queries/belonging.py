"""Which waybills belong to an order, which bills to a batch, and who may see one: SQL that lists and single bills share.

An enterprise sees what it sent, its own orders as a merchant, and the bills that belong to these. The office sees all.
"""

from ccezone.bills.rules import BillKind
from ccezone.bills.service.rows import TABLES


def newest(table: str, key: str, alias: str) -> str:
    """Return the condition that a row is the newest version of its bill: one look-up by key, never a join of whole tables."""
    return f"{alias}.version = (SELECT max(n.version) FROM {table} n WHERE n.{key} = {alias}.{key})"  # noqa: S608  # our own names


def newest_by(kind: BillKind, key: str) -> str:
    """Return the newest version of one bill, for ``CROSS JOIN LATERAL``; ``key`` is an expression."""
    table = TABLES[kind]
    return f"(SELECT * FROM {table.name} x WHERE x.{table.key_column} = {key} ORDER BY x.version DESC LIMIT 1)"  # noqa: S608  # our own names


def newest_of(kind: BillKind, alias: str) -> str:
    """Return that condition for a kind of bill."""
    return newest(TABLES[kind].name, TABLES[kind].key_column, alias)


def stored_by_batch(kind: BillKind) -> str:
    """Return the join from batches ``b`` to the versions ``v`` they stored, which keeps to the bills' primary key."""
    table, key = TABLES[kind].name, TABLES[kind].key_column
    return f"""
        CROSS JOIN LATERAL unnest(b.bill_keys) AS stored(key)
        CROSS JOIN LATERAL (SELECT * FROM {table} x WHERE x.{key} = stored.key AND x.batch_id = b.id OFFSET 0) v
    """  # noqa: S608  # our own names


# A link that the merchant wrote itself shows it a stranger's parcel only when the parcel names the same consignee.
WAYBILLS_OF_ORDER = f"""
    SELECT l.waybill_key FROM (
        SELECT * FROM link_version v
        WHERE v.order_key = o.order_key AND v.app_type <> 3 AND {newest_of(BillKind.LINK, "v")} OFFSET 0
    ) l
    CROSS JOIN LATERAL {newest_by(BillKind.WAYBILL, "l.waybill_key")} w
    WHERE (l.submitter_id <> o.merchant_id OR w.submitter_id = o.merchant_id
           OR w.consignee_digest IS NULL OR w.consignee_digest = o.consignee_digest)
    UNION
    SELECT w.waybill_key FROM waybill_version w
    WHERE o.flow = 'I' AND w.flow = 'I' AND w.order_no_key = o.order_no_key AND w.order_no = o.order_no
      AND w.consignee_digest = o.consignee_digest AND w.consignee_telephone_digest = o.consignee_telephone_digest
      AND {newest_of(BillKind.WAYBILL, "w")}
"""  # noqa: S608  # built from our own names

_OWN_ORDER = f"""
    EXISTS (SELECT FROM {{table}} v JOIN order_version o ON o.order_key = v.order_key
            WHERE v.{{key}} = %(key)s AND {{newest}} AND o.merchant_id = %(viewer)s AND {newest_of(BillKind.ORDER, "o")})
"""  # built from our own names
# From the waybill back to orders: by a link, or by the order number it names.
_OWN_PARCEL = f"""
    EXISTS (
        SELECT FROM (
            SELECT l.order_key FROM link_version l WHERE l.waybill_key = %(key)s AND l.app_type <> 3
            UNION
            SELECT q.order_key FROM waybill_version x JOIN order_version q ON q.order_no_key = x.order_no_key
            WHERE x.waybill_key = %(key)s
        ) c
        JOIN order_version o ON o.order_key = c.order_key AND o.merchant_id = %(viewer)s AND {newest_of(BillKind.ORDER, "o")}
        CROSS JOIN LATERAL ({WAYBILLS_OF_ORDER}) k
        WHERE k.waybill_key = %(key)s
    )
"""  # noqa: S608  # built from our own names


def visible_condition(kind: BillKind) -> str:
    """Return the condition that the enterprise ``viewer`` may see the bill ``key``."""
    table, key = TABLES[kind].name, TABLES[kind].key_column
    sent = f"EXISTS (SELECT FROM {table} v WHERE v.{key} = %(key)s AND v.submitter_id = %(viewer)s)"  # our own names
    if kind == BillKind.WAYBILL:
        return f"({sent} OR {_OWN_PARCEL})"
    return f"({sent} OR {_OWN_ORDER.format(table=table, key=key, newest=newest_of(kind, 'v'))})"
