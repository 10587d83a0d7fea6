"""Putting a rule to the traces of a bucket: those in its scope, judged by its kind's detector."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.rules import ParameterBook
from ccezone.risk.queries.rulebook import RuleView
from ccezone.risk.queries.traces import orders_of_hours
from ccezone.risk.rules.kinds import in_scope
from ccezone.risk.rules.traces import Finding, Law, Stream, Trace
from ccezone.storage import Connection

SHOWN = 50
"""Rows of evidence that are kept with an alert; its figures count them all."""


def law_of(book: ParameterBook) -> Law:
    """Return the limits of law as the dated parameters say them."""
    return Law(lambda day: book.decimal("import.single_limit", day), lambda day: book.decimal("import.annual_limit", day))


def findings(rule: RuleView, traces: Sequence[Trace], law: Law) -> Sequence[Finding]:
    """Return what a rule finds in a bucket, whenever it came about."""
    seen = [trace for trace in traces if in_scope(trace, rule.scope)]
    return rule.made_as.detector(seen, rule.limits, law) if seen else []


def reach(rule: RuleView) -> timedelta:
    """How far back a rule has to look to judge a trace."""
    return timedelta(days=float(rule.made_as.days(rule.limits)), hours=1)


def day_of(finding: Finding) -> date:
    """The day (Asia/Shanghai) on which something came about."""
    return finding.at.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Case:
    """A finding with the bills it rests on: hours are opened to their orders."""

    finding: Finding
    rows: Sequence[Trace]

    @property
    def subjects(self) -> list[int]:
        return sorted({trace.subject for trace in self.rows})

    @property
    def evidence(self) -> list[dict[str, object]]:
        return [evidence(trace) for trace in self.rows[:SHOWN]]


def opened(connection: Connection, rule: RuleView, finding: Finding) -> Case:
    """Return a finding with the bills behind it."""
    if rule.made_as.stream is not Stream.HOURS:
        return Case(finding, finding.traces)
    hours = [trace.at for trace in finding.traces]
    return Case(finding, orders_of_hours(connection, finding.bucket, hours, 5_000))


def evidence(trace: Trace) -> dict[str, object]:
    """Spell a trace as a row of evidence: digests stay behind, keys are texts."""
    told = {name: value for name, value in trace.values.items() if name not in _DIGESTS}
    named = {"key": str(trace.subject), "part": trace.part, "kind": trace.kind, "number": trace.number, "flow": trace.flow}
    merchant = str(trace.merchant) if trace.merchant else None
    return {**named, "merchant": merchant, "at": trace.at.isoformat(), "said": told}


_DIGESTS = frozenset({"buyer", "payer", "of_order", "parcel", "orders"})
