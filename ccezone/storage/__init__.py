"""PostgreSQL: the engine, the unit of work, bulk copying, encrypted personal columns, migrations, the embedded server."""

from sqlalchemy import Connection

from ccezone.storage.migrating import Readiness, readiness
from ccezone.storage.unit_of_work import Database, UnitOfWork

__all__ = ["Connection", "Database", "Readiness", "UnitOfWork", "readiness"]
