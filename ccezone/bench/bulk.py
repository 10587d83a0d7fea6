"""Writing many rows fast: tables without their indexes while they are written, and statistics of them afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ccezone.storage import Database
from ccezone.storage.copying import fetch, run

_CONSTRAINTS = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', c.relname, k.conname),
    format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', c.relname, k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relname = ANY(%(tables)s) AND k.contype = 'p'
"""
_INDEXES = """
SELECT format('DROP INDEX %%I', i.relname), pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
WHERE c.relname = ANY(%(tables)s) AND NOT x.indisprimary
"""


@contextmanager
def without_indexes(database: Database, tables: Sequence[str]) -> Iterator[None]:
    """Drop primary keys and indexes of tables, and make the very same again when what is done inside is done."""
    with database.begin() as uow:
        known = [row for statement in (_INDEXES, _CONSTRAINTS) for row in fetch(uow.connection, statement, {"tables": [*tables]})]
        for drop, _make in known:
            run(uow.connection, drop)
    yield
    with database.begin() as uow:
        run(uow.connection, "SET LOCAL maintenance_work_mem = '1GB'")
        for _drop, make in reversed(known):
            run(uow.connection, make)


def analyse(database: Database, tables: Sequence[str]) -> None:
    """Vacuum tables and gather the planner's statistics of them."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        run(connection, f"VACUUM ANALYZE {', '.join(tables)}")
