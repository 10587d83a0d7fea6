"""Detectors of people: one identity in many orders, one telephone for many, orders split under a limit, quota, who pays."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from ccezone.kernel.clock import SHANGHAI
from ccezone.risk.rules.episodes import episodes, subjects
from ccezone.risk.rules.traces import Finding, Law, Thresholds, Trace


def identity_reuse(traces: Sequence[Trace], limits: Thresholds, _law: Law) -> list[Finding]:
    """One identity number buys in at least ``orders`` orders within ``days`` days."""
    found = episodes(traces, timedelta(days=int(limits["days"])), lambda window: subjects(window) >= limits["orders"])
    return [Finding(each, {"orders": str(subjects(each)), "value": _sum(each)}) for each in found]


def shared_contact(traces: Sequence[Trace], limits: Thresholds, _law: Law) -> list[Finding]:
    """At least ``identities`` different identity numbers have parcels sent to one telephone within ``days`` days."""

    def enough(window: Sequence[Trace]) -> bool:
        return len(_buyers(window)) >= limits["identities"]

    found = episodes(traces, timedelta(days=int(limits["days"])), enough)
    return [Finding(each, {"identities": str(len(_buyers(each))), "orders": str(subjects(each))}) for each in found]


def splitting(traces: Sequence[Trace], limits: Thresholds, law: Law) -> list[Finding]:
    """At least ``orders`` orders of one buyer with one merchant within ``hours`` hours, none above the limit of a single
    transaction (a dated parameter), together above ``share`` per cent of it."""
    by_merchant: dict[object, list[Trace]] = defaultdict(list)
    for trace in traces:
        if trace.amount("value") <= law.single(_day(trace)):
            by_merchant[trace.merchant].append(trace)

    def over(window: Sequence[Trace]) -> bool:
        most = law.single(_day(window[-1])) * limits["share"] / 100
        return subjects(window) >= limits["orders"] and _total(window) > most

    window = timedelta(hours=int(limits["hours"]))
    found = [each for bought in by_merchant.values() for each in episodes(bought, window, over)]
    return [
        Finding(each, {"orders": str(subjects(each)), "value": _sum(each), "limit": str(law.single(_day(each[-1])))})
        for each in found
    ]


def quota(traces: Sequence[Trace], limits: Thresholds, law: Law) -> list[Finding]:
    """The lists that count in a buyer's calendar year reach ``share`` per cent of the yearly limit (a dated parameter)."""
    by_year: dict[int, list[Trace]] = defaultdict(list)
    for trace in traces:
        by_year[_day(trace).year].append(trace)
    found = []
    for counted in by_year.values():
        limit = law.annual(_day(counted[-1]))
        if _total(counted) >= limit * limits["share"] / 100:
            found.append(Finding(counted, {"lists": str(subjects(counted)), "value": _sum(counted), "limit": str(limit)}))
    return found


def circular_payer(traces: Sequence[Trace], limits: Thresholds, _law: Law) -> list[Finding]:
    """Payments by others than the buyer, at one merchant, within ``days`` days: one payer for at least ``buyers`` different
    buyers, or at least ``ring`` people who pay for each other in a ring."""
    window = timedelta(days=int(limits["days"]))
    by_payer: dict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        by_payer[trace.values["payer"]].append(trace)
    found = []
    for paid in by_payer.values():
        for each in episodes(paid, window, lambda some: len(_buyers(some)) >= limits["buyers"]):
            found.append(Finding(each, {"buyers": str(len(_buyers(each))), "orders": str(subjects(each))}))
    return [*found, *_rings(traces, window, int(limits["ring"]))]


def _rings(traces: Sequence[Trace], window: timedelta, least: int) -> list[Finding]:
    """Rings that close with a payment: from its buyer, who paid for somebody, who paid for somebody…, back to its payer."""
    found, closed = [], set[int]()
    for last, trace in enumerate(traces):
        if trace.subject in closed:
            continue
        earlier = [each for each in traces[:last] if trace.at - each.at <= window and each.subject not in closed]
        path = _path(earlier, trace.values["buyer"], trace.values["payer"])
        if len(path) + 1 >= least:
            ring = sorted([*path, trace], key=lambda each: (each.at, each.subject))
            closed.update(each.subject for each in ring)
            found.append(Finding(ring, {"ring": str(len(ring))}))
    return found


def _path(payments: Sequence[Trace], start: str, end: str) -> list[Trace]:
    """Return the shortest chain of payments that leads from one person to another, nothing when there is none."""
    chains: list[tuple[str, list[Trace]]] = [(start, [])]
    seen = {start}
    for person, chain in chains:  # grows while it is walked
        for payment in payments:
            to = payment.values["buyer"]
            if payment.values["payer"] != person or to in seen:
                continue
            if to == end:
                return [*chain, payment]
            seen.add(to)
            chains.append((to, [*chain, payment]))
    return []


def _buyers(traces: Sequence[Trace]) -> set[str]:
    return {trace.values["buyer"] for trace in traces}


def _total(traces: Sequence[Trace]) -> Decimal:
    return sum((trace.amount("value") for trace in traces), Decimal(0))


def _sum(traces: Sequence[Trace]) -> str:
    return f"{_total(traces):.2f}"


def _day(trace: Trace) -> date:
    return trace.at.astimezone(SHANGHAI).date()
