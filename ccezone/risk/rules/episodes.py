"""Stretches of a bucket in which something holds: the windows in which it does, those that overlap taken together."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from ccezone.risk.rules.traces import Trace

Holds = Callable[[Sequence[Trace]], bool]


def episodes(traces: Sequence[Trace], window: timedelta, holds: Holds) -> list[Sequence[Trace]]:
    """Return the stretches of traces (ordered by time) made of windows no longer than ``window`` in which ``holds`` is true."""
    found: list[tuple[int, int]] = []
    first = 0
    for last, trace in enumerate(traces):
        while trace.at - traces[first].at > window:
            first += 1
        if not holds(traces[first : last + 1]):
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return [traces[begin : end + 1] for begin, end in found]


def subjects(traces: Sequence[Trace]) -> int:
    """Count the different bills or lists among traces."""
    return len({trace.subject for trace in traces})
