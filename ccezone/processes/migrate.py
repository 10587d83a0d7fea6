"""The process that upgrades the database."""

from ccezone.settings import Settings
from ccezone.storage.migrating import upgrade


def run_migrate() -> None:
    """Upgrade the database."""
    upgrade(Settings.from_environment().database_url)
