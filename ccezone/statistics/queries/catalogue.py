"""The data catalogue: every data set the hub keeps of trade, what it is by its official message, and its columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ccezone.statistics.archives import columns_of
from ccezone.statistics.sources import SOURCES
from ccezone.storage.copying import fetch

_TABLES = {
    "orders": "order_version",
    "payments": "payment_version",
    "waybills": "waybill_version",
    "links": "link_version",
    "lists": "declaration_list",
    "receipts": "receipt",
    "batches": "intake_batch",
    "products": "product",
}
_ABOUT = """
SELECT c.relname, greatest(c.reltuples, s.n_live_tup, 0)::bigint FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relname = ANY(%(tables)s) AND c.relkind = 'r'
"""


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set. ``rows`` is the database's own estimate, ``None`` where it has none; ``personal``: it holds personal values."""

    name: str
    label_zh: str
    label_en: str
    message: str
    personal: bool
    columns: Sequence[str]
    rows: int | None


def catalogue(connection: Connection) -> Sequence[DataSet]:
    """Return the data sets with their columns; numbers of rows are estimates, so that nothing is counted through."""
    about = dict(fetch(connection, _ABOUT, {"tables": list(_TABLES.values())}))
    return [
        DataSet(
            source.name,
            source.label_zh,
            source.label_en,
            source.message,
            source.sealed,
            columns_of(source),
            about.get(_TABLES.get(source.name, "")),
        )
        for source in SOURCES
    ]
