"""The zone the tests live in: the demo's cast with products and defaults, without people, whose passwords take long to hash.

It is founded once a session; every other test copies the rows, which takes a tenth of the time.
"""

from ccezone.demo.zone import export_defaults, import_defaults, product
from ccezone.enterprises.service import Registration, register, save_defaults, save_products
from ccezone.import_tax.service import load_rates
from ccezone.kernel.clock import Clock
from ccezone.parameters.service import load_defaults
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from schemas.codes import Row, rows

_TABLES = ("parameter", "tariff_rate", "enterprise", "product", "declaration_defaults")


def found_once(database: Database, clock: Clock) -> None:
    """Fill an empty database with the zone."""
    with database.begin() as uow:
        if fetch(uow.connection, "SELECT 1 FROM pg_namespace WHERE nspname = 'founded'"):
            for table in _TABLES:
                run(uow.connection, f"INSERT INTO public.{table} SELECT * FROM founded.{table}")  # noqa: S608  # our own names
            return
        found(uow, clock)
        run(uow.connection, "CREATE SCHEMA founded")
        for table in _TABLES:
            run(uow.connection, f"CREATE TABLE founded.{table} AS TABLE public.{table}")


def found(uow: UnitOfWork, clock: Clock) -> None:
    """Register the cast."""
    load_defaults(uow, clock)
    load_rates(uow)
    for row in rows("example_parties"):
        _enterprise(uow, clock, row)


def _enterprise(uow: UnitOfWork, clock: Clock, row: Row) -> None:
    identity = (row["uscc"], row["name_zh"], row["roles"].split(";"), row["customs_code"])
    enterprise_id = register(uow, Registration(*identity, dxp_id=row["dxp_id"], auto_submit=True), clock)
    goods = [good for good in rows("example_goods") if good["merchant"] == row["key"]]
    if not goods:
        return
    save_products(uow, enterprise_id, [product(good) for good in goods], clock)
    for entry in [export_defaults(row)] if goods[0]["flow"] == "E" else import_defaults(row):
        save_defaults(uow, enterprise_id, entry, clock)
