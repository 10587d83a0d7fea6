"""Mutual recognition: a grade somebody else gave, and what it answers to here by the dated table; it never replaces ours."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from ccezone.credit.rules.scoring import Grade
from ccezone.kernel.errors import Fault


class Scheme(StrEnum):
    """Who graded."""

    ZONE = "zone"
    AUTHORITY = "authority"
    RATER = "rater"


Table = Mapping[tuple[str, str], Grade]


def read_table(texts: Iterable[str]) -> Table:
    """Read ``scheme/their-grade:our-grade``, as the parameter spells it. Raises ``ValueError``."""
    table = {}
    for text in texts:
        theirs, colon, ours = text.rpartition(":")
        scheme, slash, grade = theirs.partition("/")
        if not colon or not slash or not grade:
            raise ValueError(f"no line of a table of recognition: {text!r}")
        table[Scheme(scheme).value, grade] = Grade(ours)
    return table


def recognised_as(table: Table, scheme: str, grade: str) -> Grade | None:
    """Return the grade of ours that another's answers to; ``None`` where the table says nothing."""
    return table.get((scheme, grade))


def foreign_faults(scheme: str, issuer: str, grade: str, document: str, days: tuple[date, date | None], today: date) -> list[Fault]:
    """Judge a grade of others: known scheme, issuer, grade and document named, days in order, not from the future."""
    faults = []
    if scheme not in {each.value for each in Scheme}:
        faults.append(Fault("/scheme", "required"))
    named = {"issuer": issuer, "grade": grade, "document": document}
    faults += [Fault(f"/{name}", "required") for name, value in named.items() if not value.strip()]
    if days[0] > today:
        faults.append(Fault("/valid_from", "credit_from_future", {"day": days[0].isoformat()}))
    if days[1] is not None and days[1] < days[0]:
        faults.append(Fault("/valid_to", "ends_before_begin"))
    return faults
