"""The zone the tests live in: the demo's cast with products and defaults, without people, whose passwords take long to hash.

It is founded once for each test process, always at the same moment; tests copy the rows, which takes a fortieth of the time.
"""

from datetime import UTC, datetime

from sqlalchemy import text

from ccezone.demo.zone import export_defaults, import_defaults, product
from ccezone.enterprises.service import Registration, register, save_defaults, save_products
from ccezone.import_tax.service import load_rates
from ccezone.kernel.clock import Clock, FixedClock
from ccezone.parameters.service import load_defaults
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import run
from schemas.codes import Row, rows
from tests.hub.behind import behind
from tests.hub.emptying import filled_tables, lay_up_emptying

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)  # an hour after the trades of the cast
_COPY = "CREATE FUNCTION founded.copy() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {each} END $$"


def lay_up_zone(database: Database) -> None:
    """Found the zone in an empty, migrated database and keep a copy of its rows there, in a schema beside the hub's.

    The database learns to empty itself as well (``tests.hub.emptying``).
    """
    with database.begin() as uow:
        _found(uow, FixedClock(NOW))
        run(uow.connection, "CREATE SCHEMA founded")
        tables = filled_tables(uow.connection)
        for table in tables:
            run(uow.connection, f"CREATE TABLE founded.{table} AS TABLE public.{table}")
        copies = " ".join(f"INSERT INTO public.{table} SELECT * FROM founded.{table};" for table in tables)  # noqa: S608
        run(uow.connection, _COPY.format(each=copies))
        lay_up_emptying(uow.connection)


def copy_zone(database: Database) -> None:
    """Fill a database in which the zone was laid up with the zone's rows, which refer to each other in any order."""
    with behind(database) as connection:
        connection.execute(text("SELECT founded.copy()"))


def _found(uow: UnitOfWork, clock: Clock) -> None:
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
