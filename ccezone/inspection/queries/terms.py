"""The dated parameters of inspection: which agencies take part, by when an order is to be done, how many inspectors go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ccezone.parameters.queries import book


@dataclass(frozen=True, slots=True)
class InspectionTerms:
    """Terms in force on a day. ``ungraded``: as which grade a firm without one is drawn."""

    agencies: Sequence[str]
    order_days: int
    inspectors_each: int
    ungraded: str


def inspection_terms(connection: Connection, zone: str, day: date) -> InspectionTerms:
    """Return the terms of a day. Raises ``ParameterMissing``."""
    known = book(connection, zone)
    return InspectionTerms(
        tuple(known.texts("inspection.agencies", day)),
        known.integer("inspection.order_days", day),
        known.integer("inspection.inspectors_each", day),
        known.text("inspection.ungraded_as", day),
    )
