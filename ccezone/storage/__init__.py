"""PostgreSQL: the engine, the unit of work, bulk copying, encrypted personal columns, migrations, the embedded server."""

from ccezone.storage.unit_of_work import Database, UnitOfWork

__all__ = ["Database", "UnitOfWork"]
