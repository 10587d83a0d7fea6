"""Dated parameters as the merge and the lists want them: read once, good for some seconds."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from ccezone.declarations.rules.conditions import Rate, SimpleTerms
from ccezone.declarations.rules.modes import MODES, Mode
from ccezone.declarations.service import ListTerms
from ccezone.import_tax.queries import rates
from ccezone.import_tax.rules import TariffRate, limits_on
from ccezone.matching.rules import Gate, MergeTerms
from ccezone.notices.queries.webhooks import Watch
from ccezone.parameters.queries import CachedBook
from ccezone.parameters.rules import ParameterBook

_RATES_SECONDS = 10.0  # how old tax rates may be


@dataclass
class Terms:
    """Dated parameters as the merge and the lists want them, at most some seconds old."""

    zone: str
    book: CachedBook
    _rates: dict[date, dict[str, TariffRate]]
    watch: Watch = field(default_factory=Watch)
    _rates_read_at: float = 0.0

    @classmethod
    def of(cls, zone: str) -> "Terms":
        """Terms of a zone."""
        return cls(zone, CachedBook(zone), {})

    def merging(self, connection: Connection, day: date) -> MergeTerms:
        """Tolerances and gates in force on a day."""
        book = self.book.current(connection)
        tolerances = {rule: book.decimal(f"matching.tolerance.{rule}", day) for rule in ("I02", "I03", "X01")}
        gates = {flow: [gate for key, gate in self._gates(day, book).items() if key[1] == flow] for flow in ("E", "I")}
        share = book.flag("matching.several_orders_per_waybill.E", day)
        watched = frozenset(self.watch.current(connection))
        return MergeTerms(tolerances, _common(gates["E"]), _common(gates["I"]), share, watched)

    def listing(self, connection: Connection, day: date) -> ListTerms:
        """Rates, limits and the filing habit in force on a day."""
        book = self.book.current(connection)
        if day not in self._rates or time.monotonic() - self._rates_read_at > _RATES_SECONDS:
            self._rates, self._rates_read_at = {day: rates(connection, day)}, time.monotonic()
        return ListTerms(
            self.zone,
            self._rates[day],
            limits_on(book.decimal, day),
            book.flag("filing.auto_submit", day),
            self._gates(day, book),
            {mode.key: _simple(book, mode, day) for mode in MODES if mode.limit},
            lambda currency: _rate(book, currency, day),
        )

    def _gates(self, day: date, book: ParameterBook) -> Mapping[tuple[str, str, str], frozenset[str]]:
        """Which bills gate filing, by mode, flow and path."""
        return {(*mode.key, path): frozenset(book.texts(key, day)) for mode in MODES for path, key in mode.gates.items()}


def _rate(book: ParameterBook, currency: str, day: date) -> Rate | None:
    found = book.exchange_rate(currency, day)
    return None if found is None else Rate(found.cny, found.document, found.provisional)


def _simple(book: ParameterBook, mode: Mode, day: date) -> SimpleTerms:
    limit = book.row(mode.limit, day)
    return SimpleTerms(Decimal(str(limit.value)), book.integer(mode.digits, day), f"{limit.document} ({limit.status})")


def _common(gates: Sequence[frozenset[str]]) -> Gate:
    """What every mode of a flow asks for; what only some ask for is judged when the list is prepared, whose mode is known."""
    return Gate(payment=all("payment" in bills for bills in gates), waybill=all("waybill" in bills for bills in gates))
