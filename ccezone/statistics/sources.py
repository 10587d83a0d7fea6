"""What an export holds: each table with its columns, and where an enterprise's rows of it are found.

An enterprise gets what it sent, its own orders as a merchant, and the bills and lists that belong to these: what its pages show.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ccezone.bills.queries import stored_by_batch
from ccezone.bills.rules import BillKind

_OWN_ORDERS = "(SELECT DISTINCT order_key FROM order_version WHERE merchant_id = %(firm)s)"
_OTHERS = "v.submitter_id <> %(firm)s"
_VERSION = ("version", "flow", "app_type", "app_time", "batch_id")


@dataclass(frozen=True, slots=True)
class Source:
    """One table of an export. ``message`` is the message whose elements its columns are; ``sealed``: rows carry personal values."""

    name: str
    label_zh: str
    label_en: str
    columns: Sequence[str]
    rows: str
    message: str = ""
    sealed: bool = False

    @property
    def statement(self) -> str:
        """SQL for all rows of the enterprise ``firm``; the sealed values come last."""
        columns = ", ".join((*self.columns, *(("personal",) if self.sealed else ())))
        return f"SELECT {columns} FROM ({self.rows}) AS v"  # noqa: S608  # our own names

    @property
    def count(self) -> str:
        """SQL for how many there are."""
        return f"SELECT count(*) FROM ({self.rows}) AS v"  # noqa: S608  # our own names


def _sent(kind: BillKind) -> str:
    return f"SELECT v.* FROM intake_batch b {stored_by_batch(kind)} WHERE b.submitter_id = %(firm)s AND b.kind = '{kind.value}'"  # noqa: S608  # our own names


def _of_own_orders(table: str) -> str:
    return f"SELECT v.* FROM {_OWN_ORDERS} k JOIN {table} v ON v.order_key = k.order_key WHERE {_OTHERS}"  # noqa: S608  # our own names


_ORDERS = f"{_sent(BillKind.ORDER)} UNION ALL SELECT v.* FROM order_version v WHERE v.merchant_id = %(firm)s AND {_OTHERS}"  # noqa: S608  # our own names
_WAYBILLS = f"""{_sent(BillKind.WAYBILL)} UNION ALL SELECT v.* FROM (
    SELECT DISTINCT (parcel ->> 'waybill')::bigint AS key FROM order_match m, jsonb_array_elements(m.waybills) parcel
    WHERE m.merchant_id = %(firm)s
) k JOIN waybill_version v ON v.waybill_key = k.key WHERE {_OTHERS}"""  # noqa: S608  # our own names
_LISTS = """SELECT d.*, s.state, s.submission, s.list_no, s.eport_no, s.returned_at, s.updated_at
FROM declaration_list d JOIN declaration_state s ON s.id = d.id WHERE d.merchant_id = %(firm)s"""
_RECEIPTS = """SELECT r.subject AS list_id, r.kind, r.submission, r.code, r.returned_at, r.received_at, r.info
FROM declaration_list d JOIN receipt r ON r.kind IN (604, 606, 622, 624, 900) AND r.subject = d.id WHERE d.merchant_id = %(firm)s"""

SOURCES: Sequence[Source] = (
    Source(
        "orders", "订单", "Orders",
        (*_VERSION, "order_no", "order_type", "platform_code", "platform_name", "merchant_code", "merchant_name", "goods_value",
         "freight", "discount", "tax_total", "actual_paid", "currency", "payment_enterprise_code", "payment_no", "lines"),
        _ORDERS, "CEB311Message", sealed=True,
    ),
    Source(
        "payments", "支付单", "Payments",
        (*_VERSION, "payment_no", "order_no", "platform_code", "merchant_code", "payment_enterprise_code",
         "payment_enterprise_name", "amount", "currency", "paid_at"),
        f"{_sent(BillKind.PAYMENT)} UNION ALL {_of_own_orders('payment_version')}", "CEB411Message", sealed=True,
    ),
    Source(
        "waybills", "运单", "Waybills",
        (*_VERSION, "waybill_no", "order_no", "carrier_code", "carrier_name", "bill_no", "merchant_code", "freight", "insurance",
         "currency", "gross_weight", "packages", "goods_info"),
        _WAYBILLS, "CEB511Message", sealed=True,
    ),
    Source(
        "links", "运单关联", "Shipping links",
        (*_VERSION, "order_no", "platform_code", "merchant_code", "carrier_code", "waybill_no", "lines"),
        f"{_sent(BillKind.LINK)} UNION ALL {_of_own_orders('link_version')}", "CEB511Message",
    ),
    Source(
        "lists", "申报清单", "Declaration lists",
        ("id", "cop_no", "flow", "trade_mode", "declaration_path", "message_type", "order_no", "waybill_no", "currency",
         "total_value", "state", "submission", "list_no", "eport_no", "returned_at", "created_at", "updated_at", "content", "tax"),
        _LISTS, "CEB621Message", sealed=True,
    ),
    Source(
        "receipts", "海关回执", "Receipts from customs",
        ("list_id", "kind", "submission", "code", "returned_at", "received_at", "info"), _RECEIPTS,
    ),
    Source(
        "general_declarations", "报关单登记", "General declarations",
        ("id", "declaration_no", "flow", "trade_mode", "customs_code", "declared_on", "released_on", "country", "transport_mode",
         "currency", "total_value", "net_weight", "lines", "order_nos", "note", "removed_at"),
        "SELECT * FROM general_declaration WHERE merchant_id = %(firm)s", "CEB603Message",
    ),
    Source(
        "products", "商品资料", "Products",
        ("id", "item_no", "name", "declared_name", "hs_code", "specification", "unit", "unit1", "unit2", "qty1_per_unit",
         "qty2_per_unit", "net_weight", "barcode", "origin_country", "item_record_no", "price_low", "price_high", "updated_at",
         "removed_at"),
        "SELECT * FROM product WHERE enterprise_id = %(firm)s", "CEB621Message",
    ),
    Source(
        "defaults", "申报默认值", "Declaration defaults",
        ("trade_mode", "flow", "customs_code", "port_code", "agent_code", "agent_name", "owner_code", "owner_name",
         "bonded_enterprise_code", "bonded_enterprise_name", "ems_no", "assure_code", "declaration_path", "transport_mode",
         "transport_name", "voyage_no", "bill_no", "total_package_no"),
        "SELECT * FROM declaration_defaults WHERE enterprise_id = %(firm)s", "CEB603Message",
    ),
    Source(
        "batches", "报送批次", "Deliveries",
        ("id", "actor", "source", "kind", "flow", "message_type", "message_guid", "received_at", "documents", "accepted",
         "replayed", "rejected", "signed"),
        "SELECT * FROM intake_batch WHERE submitter_id = %(firm)s",
    ),
    Source(
        "batch_faults", "批次问题", "Problems of deliveries",
        ("batch_id", "position", "document", "pointer", "code", "params"),
        "SELECT f.* FROM intake_batch b JOIN batch_fault f ON f.batch_id = b.id WHERE b.submitter_id = %(firm)s",
    ),
)  # fmt: skip
