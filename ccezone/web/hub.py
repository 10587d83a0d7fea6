"""What every page may reach: settings, the database, the clock, the vault of personal data, partners' deliveries."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from ccezone.bills.ports import Deliveries
from ccezone.kernel.clock import Clock
from ccezone.settings import Settings
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from ccezone.web.shell.feature import Feature

EXTENSION = "ccezone"


@dataclass(frozen=True)
class Hub:
    """One application's surroundings."""

    settings: Settings
    database: Database
    clock: Clock
    vault: PersonalVault
    deliveries: Deliveries
    features: tuple[Feature, ...]


def hub() -> Hub:
    """Return the surroundings of the running application."""
    return cast(Hub, current_app.extensions[EXTENSION])
