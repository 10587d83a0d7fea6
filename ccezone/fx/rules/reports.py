"""Trade-credit reports to SAFE: money long before the goods, goods long before the money.

Advance receipts over 30 days, deferred receipts over 90 (class A) or 30 (B, C), are reported within 30 days of receipt or export
(goods-trade FX rules as secondary sources tell them; that classes B and C report advance receipts by the same days is ours).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Exposure(StrEnum):
    """What is open: money whose goods have not left, or goods whose money has not come."""

    ADVANCE = "advance"
    DEFERRED = "deferred"


class Due(StrEnum):
    """Where an exposure stands on a day."""

    WITHIN = "within"
    SOON = "soon"
    """The last days to report one that will last longer than its limit."""
    LATE = "late"
    """It lasts longer than its limit, and was not reported."""
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class ReportTerms:
    """Limits in days, the days to report in, and how many of those days before the end firms are reminded."""

    today: date
    advance: int
    deferred_a: int
    deferred_bc: int
    report: int
    remind: int
    class_a: Collection[UUID]

    def limit(self, kind: Exposure, enterprise_id: UUID) -> int:
        """Return for how many days an exposure may last without a report."""
        if kind is Exposure.ADVANCE:
            return self.advance
        return self.deferred_a if enterprise_id in self.class_a else self.deferred_bc

    def report_by(self, since: date) -> date:
        """Return the last day to report what began on a day."""
        return since + timedelta(days=self.report)

    def due(self, kind: Exposure, enterprise_id: UUID, since: date, *, reported: bool) -> Due:
        """Judge an exposure that began on a day."""
        if reported:
            return Due.REPORTED
        if (self.today - since).days > self.limit(kind, enterprise_id):
            return Due.LATE
        left = (self.report_by(since) - self.today).days
        return Due.SOON if 0 <= left <= self.remind else Due.WITHIN


@dataclass(frozen=True, slots=True)
class DueTerms:
    """By what firms are reminded: up to ``tolerance`` nothing is reported; receipts are declared in that many working days."""

    reports: ReportTerms
    tolerance: Decimal
    declared_in: int
