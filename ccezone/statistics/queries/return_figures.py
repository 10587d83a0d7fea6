"""The indicators of a return (``indicators.csv``): each defined as data, computed here under its key from a span's totals."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any

from sqlalchemy import Connection

from ccezone.kernel.money import round_half_up
from ccezone.parameters.rules import ParameterBook
from ccezone.statistics.queries.monitor import counted, funnels
from ccezone.statistics.queries.return_outcomes import outcomes
from ccezone.statistics.queries.returns import Volume, registered
from ccezone.statistics.rules import BUCKETS, within
from ccezone.statistics.rules.periods import Period
from ccezone.statistics.rules.returns import Amount, added, growth


@dataclass(frozen=True, slots=True)
class Look:
    """A span's volume with the connection it was read by, to compute indicators of."""

    connection: Connection
    period: Period
    volume: Volume
    year_value: Decimal
    target: Decimal
    known: ParameterBook


def definitions() -> Sequence[Mapping[str, str]]:
    """Return every indicator: names, unit, formula, source, method, decimals, marks."""
    return _defined()


def indicators(now: Look, before: Look | None) -> list[dict[str, Any]]:
    """Compute the indicators of a period, with their growth over the same period of the year before."""
    found, base = _values(now), _values(before) if before else {}
    return [
        {
            "key": row["key"],
            "value": _spelled(found[row["key"]], int(row["decimals"])),
            "growth": None if row["unit_en"] == "%" else _grown(found[row["key"]], base.get(row["key"])),
        }
        for row in _defined()
    ]


def _grown(now: Decimal | None, before: Decimal | None) -> str | None:
    grown = None if now is None else growth(now, before)
    return None if grown is None else f"{grown:f}"


def _spelled(value: Decimal | None, decimals: int) -> str | None:
    return None if value is None else f"{round_half_up(value, Decimal(1).scaleb(-decimals)):f}"


def _values(look: Look) -> Mapping[str, Decimal | None]:
    total = added(list(look.volume.amounts.get("mode", {}).values()))
    export, imported = (total.get(name, Amount()) for name in ("export", "import"))
    lists, value = look.volume.lists.lists, export.value + imported.value
    priced = lists - sum(amount.lists for amount in look.volume.unpriced.values())
    parcels = (
        export.lists
        + imported.lists
        - sum(amount.lists for known in (look.volume.unpriced, look.volume.unpriced_others) for amount in known.values())
    )
    return {
        "total": value,
        "export": export.value,
        "import": imported.value,
        "balance": export.value - imported.value,
        "lists": Decimal(lists),
        "average": look.volume.lists.value / priced if priced else None,
        "parcels": Decimal(export.lists + imported.lists),
        "average_parcel": value / parcels if parcels > 0 else None,
        "enterprises": Decimal(len([key for key in look.volume.amounts.get("enterprise", {}) if key])),
        "countries": Decimal(len([key for key in look.volume.amounts.get("country", {}) if key])),
        "median_clearance": _median(look),
        **_shares(look),
        **outcomes(look.connection, look.known, look.period.since, look.period.until),
        "registered": Decimal(registered(look.connection, look.period.since, look.period.until)),
        "target_progress": look.year_value * 100 / look.target if look.target else None,
    }


def _median(look: Look) -> Decimal | None:
    rows = counted(look.connection, look.period.since, look.period.until, "flow")
    seconds = within([sum(row.cleared[n] for row in rows) for n in range(BUCKETS)], 0.5)
    return None if seconds is None else Decimal(seconds) / 60


def _shares(look: Look) -> Mapping[str, Decimal | None]:
    rows = funnels(look.connection, look.period.since, look.period.until)
    steps = {step: sum(row.counts[step] for row in rows) for step in ("arrived", "matched", "released")}
    whole = steps["arrived"]
    return {
        f"{name}_rate": Decimal(steps[step]) * 100 / whole if whole else None
        for name, step in (("match", "matched"), ("release", "released"))
    }


@cache
def _defined() -> Sequence[Mapping[str, str]]:
    text = (files("ccezone.statistics") / "indicators.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text, newline="")))
