"""What every page may reach: settings, the database, the clock, the vault of personal data, partners' deliveries."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, cast

from flask import current_app, g

from ccezone.bills.ports import Deliveries
from ccezone.declarations.service import FormDesk, ListTerms
from ccezone.kernel.clock import Clock
from ccezone.matching.rules import MergeTerms
from ccezone.reporting.ports import ReportSheets
from ccezone.settings import Settings
from ccezone.storage import Connection, Database
from ccezone.storage.personal import PersonalVault
from ccezone.storage.reach import Reach
from ccezone.tax_refunds.ports import SaleTables
from ccezone.tracing.ports import MoneyHistory
from ccezone.web.shell.feature import Feature

EXTENSION = "ccezone"


class Terms(Protocol):
    """Dated parameters as the merge and the lists want them: pages look ahead by the rules the worker goes by."""

    def merging(self, connection: Connection, day: date) -> MergeTerms: ...
    def listing(self, connection: Connection, day: date) -> ListTerms: ...


@dataclass(frozen=True)
class Hub:
    """One application's surroundings. Without ``terms`` a form judges what was typed, and not what it will become;
    without ``money`` nobody tells of an order's money, without ``sales`` no table of sales abroad is read.
    """

    settings: Settings
    database: Database
    clock: Clock
    vault: PersonalVault
    deliveries: Deliveries
    features: tuple[Feature, ...]
    terms: Terms | None = None
    money: MoneyHistory | None = None
    sales: SaleTables | None = None
    report_sheets: ReportSheets | None = None
    traffic: Clock | None = None

    @property
    def forms(self) -> FormDesk | None:
        """What lists are composed and filed with; nothing where the rules in force are not at hand."""
        return FormDesk(self.database, self.vault, self.clock, self.deliveries, self.terms) if self.terms else None


def hub() -> Hub:
    """Return the surroundings of the running application, as far as whoever asks here and now sees."""
    narrowed = g.get("narrowed_hub")
    return cast(Hub, narrowed or current_app.extensions[EXTENSION])


def narrow_hub(reach: Reach | None) -> None:
    """Show this request what is in reach, whatever it reads or writes; ``None``: everything."""
    if reach is not None:
        known = hub()
        g.narrowed_hub = replace(known, database=known.database.within(reach))
