"""The process that upgrades the database, and stores the parameters that ship with this version."""

from ccezone.kernel.clock import SystemClock
from ccezone.parameters.service import load_defaults
from ccezone.settings import Settings
from ccezone.storage import Database
from ccezone.storage.migrating import upgrade


def run_migrate() -> None:
    """Upgrade the database."""
    bring_up_to_date(Settings.from_environment().database_url)


def bring_up_to_date(url: str) -> None:
    """Upgrade a database, and store shipped parameters that it lacks; what people decided stays as it is."""
    upgrade(url)
    database = Database(url)
    try:
        with database.begin() as uow:
            load_defaults(uow, SystemClock())
    finally:
        database.close()
