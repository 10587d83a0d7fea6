"""Detectors of trade: prices outside the band of their like, bursts of orders."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from ccezone.risk.rules.traces import Finding, Law, Thresholds, Trace

_DIGESTED = timedelta(days=1)


def price_band(traces: Sequence[Trace], limits: Thresholds, _law: Law) -> list[Finding]:
    """A line's price per first legal unit (yuan) is below ``low`` or above ``high`` per cent of the median of its commodity
    code, country and unit over the ``days`` days before, once there are ``samples`` of them; or outside the fixed bounds
    ``floor`` and ``ceiling`` where these are not nought. Lines of one list make one finding."""
    days, found = timedelta(days=int(limits["days"])), dict[int, tuple[list[Trace], dict[str, str]]]()
    band: list[Decimal] = []
    oldest = 0
    for place, trace in enumerate(traces):
        while traces[oldest].at < trace.at - days:
            del band[bisect_left(band, traces[oldest].amount("price"))]
            oldest += 1
        price = trace.amount("price")
        why = _outside(price, band, limits)
        if why:
            flagged, _ = found.setdefault(trace.subject, ([], {"price": f"{price:.2f}", **why}))
            flagged.append(trace)
        insort(band, traces[place].amount("price"))
    return [Finding(flagged, measures) for flagged, measures in found.values()]


def _outside(price: Decimal, band: Sequence[Decimal], limits: Thresholds) -> dict[str, str]:
    """Say against what a price is outside of its band; nothing when it is inside, or too little is known."""
    if limits["floor"] and price < limits["floor"]:
        return {"floor": str(limits["floor"])}
    if limits["ceiling"] and price > limits["ceiling"]:
        return {"ceiling": str(limits["ceiling"])}
    if len(band) < max(int(limits["samples"]), 1):
        return {}
    median = (band[(len(band) - 1) // 2] + band[len(band) // 2]) / 2
    if median <= 0 or limits["low"] <= price / median * 100 <= limits["high"]:
        return {}
    return {"median": f"{median:.2f}", "samples": str(len(band)), "share": f"{price / median * 100:.0f}"}


def burst(traces: Sequence[Trace], limits: Thresholds, _law: Law) -> list[Finding]:
    """In an hour a merchant has at least ``orders`` orders, and ``factor`` times as many as on average in the hours of the
    ``days`` days before in which it had any, once there are ``history`` of these. Hours that follow each other make one finding.

    Each trace is an hour with its ``count``. An hour that was found counts for the average a day later only.
    """
    days, found, earlier = timedelta(days=int(limits["days"])), list[list[Trace]](), list[tuple[Trace, bool]]()
    for trace in traces:
        earlier = [each for each in earlier if trace.at - each[0].at <= days]
        usual = [each.amount("count") for each, odd in earlier if not odd or trace.at - each.at > _DIGESTED]
        odd = _far_above(trace.amount("count"), usual, limits)
        earlier.append((trace, odd))
        if odd and found and trace.at - found[-1][-1].at <= timedelta(hours=1):
            found[-1].append(trace)
        elif odd:
            found.append([trace])
    return [_burst(each) for each in found]


def _far_above(count: Decimal, usual: Sequence[Decimal], limits: Thresholds) -> bool:
    if count < limits["orders"] or len(usual) < max(int(limits["history"]), 1):
        return False
    return count >= max(sum(usual, Decimal(0)) / len(usual), Decimal(1)) * limits["factor"]


def _burst(hours: Sequence[Trace]) -> Finding:
    total = sum((each.amount("count") for each in hours), Decimal(0))
    return Finding(hours, {"orders": f"{total:f}", "hours": str(len(hours))})
