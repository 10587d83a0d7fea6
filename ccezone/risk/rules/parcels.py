"""Detectors of parcels: waybills that repeat, times that cannot be, weights that do not fit."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from ccezone.risk.rules.episodes import episodes, subjects
from ccezone.risk.rules.traces import Finding, Law, Thresholds, Trace


def repeated_waybill(traces: Sequence[Trace], limits: Thresholds, _law: Law) -> list[Finding]:
    """Waybills whose numbers read alike within ``days`` days (other signs, other carrier, letters for digits), or one
    waybill under at least ``orders`` orders."""
    window = timedelta(days=int(limits["days"]))
    bills = [trace for trace in traces if trace.kind == "waybill"]
    found = [Finding(each, {"waybills": str(subjects(each))}) for each in episodes(bills, window, lambda some: subjects(some) > 1)]
    by_waybill: dict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        if trace.kind == "order":
            by_waybill[trace.values["parcel"]].append(trace)
    for shared in by_waybill.values():
        if subjects(shared) >= limits["orders"]:
            found.append(Finding(shared, {"orders": str(subjects(shared))}))
    return found


def impossible_times(traces: Sequence[Trace], limits: Thresholds, _law: Law) -> list[Finding]:
    """An order's waybill is dated more than ``parcel_ahead`` hours before the order, its payment more than ``payment_ahead``
    hours before it or (import, where goods are paid first) more than ``payment_behind`` hours after the waybill, or a bill
    is dated more than ``future`` hours after it was received."""
    found = []
    for trace in traces:
        ordered, parcel = _time(trace, "order"), _time(trace, "waybill")
        first, last = _time(trace, "paid_first"), _time(trace, "paid_last")
        ahead = trace.amount("ahead")  # hours by which the bill dated latest is ahead of its receipt
        gaps = {"parcel_ahead": _hours(parcel, ordered), "payment_ahead": _hours(first, ordered), "future": ahead}
        if trace.flow == "I":
            gaps["payment_behind"] = _hours(parcel, last)
        broken = {name: f"{gap:.1f}" for name, gap in gaps.items() if gap is not None and gap > limits[name]}
        if broken:
            found.append(Finding([trace], broken))
    return found


def weight(traces: Sequence[Trace], limits: Thresholds, _law: Law) -> list[Finding]:
    """A waybill weighs less than ``low`` or more than ``high`` per cent of what its lists declare net, and the two are more
    than ``kilograms`` apart. A waybill is passed over while a list's weight is unknown, or an order linked to it has no list."""
    net = sum((trace.amount("net") for trace in traces), Decimal(0))
    gross = traces[-1].amount("gross")
    if subjects(traces) < max(trace.amount("orders") for trace in traces):
        return []
    if not gross or any(not trace.amount("net") for trace in traces) or abs(gross - net) <= limits["kilograms"]:
        return []
    share = gross / net * 100
    if limits["low"] <= share <= limits["high"]:
        return []
    return [Finding(traces, {"net": f"{net:.3f}", "gross": f"{gross:.3f}", "share": f"{share:.0f}"})]


def _time(trace: Trace, name: str) -> datetime | None:
    found = trace.values.get(name)
    return datetime.fromisoformat(found) if found else None


def _hours(earlier: datetime | None, later: datetime | None) -> Decimal | None:
    """Hours from one moment to another, negative when it is not earlier."""
    return None if earlier is None or later is None else Decimal((later - earlier).total_seconds()) / 3600
