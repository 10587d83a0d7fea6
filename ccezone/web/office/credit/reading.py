"""What the pages about one enterprise's credit show: why this score, and the four queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import abort, request

from ccezone.clearance.queries.conduct import transport_of
from ccezone.credit.queries import (
    Recomputed,
    credit_terms,
    evidence_named,
    evidence_of,
    listings_of,
    lookups_of,
    published_weights,
    recomputed,
    scores_of,
    treatments_of,
)
from ccezone.credit.queries.persons import persons_of
from ccezone.credit.queries.recognition import foreign_grades, ours, recognition_table
from ccezone.enterprises.queries import EnterpriseView
from ccezone.enterprises.queries.licences import licences_of
from ccezone.kernel.clock import SHANGHAI
from ccezone.statistics.queries import Span, figures
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office.credit import words

LATEST_LISTS = 2000
_YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Why:
    """A day's score, computed again input by input, beside what was stored."""

    asked: date
    found: Recomputed | None
    evidence: Mapping[UUID, Any]
    weights: Mapping[Any, Any]


def today() -> date:
    """Return the day in the zone."""
    return hub().clock.now().astimezone(SHANGHAI).date()


def view_asked() -> str:
    """Return which of the four queries is asked for; 404 for a fifth."""
    asked = request.args.get("view", "record")
    return asked if asked in words.VIEWS else abort(404)


def day_asked() -> date:
    """Return the day asked about: today, or one before."""
    given = request.args.get("day", "")
    try:
        return min(date.fromisoformat(given), today()) if given else today()
    except ValueError:
        abort(400)


def why(connection: Connection, enterprise_id: UUID, day: date) -> Why:
    """Compute a day's score again, and tell every piece of evidence in it."""
    zone = hub().settings.zone
    found = recomputed(connection, zone, enterprise_id, day)
    ids = [piece.id for each in found.again.inputs for piece in each.evidence] if found else []
    pieces = {each.id: each for each in evidence_named(connection, enterprise_id, ids)}
    return Why(day, found, pieces, published_weights(connection, zone, found.stored.day if found else day))


def facts(connection: Connection, firm: EnterpriseView, view: str, day: date) -> dict[str, object]:
    """Return what a page about an enterprise shows under one of the four queries."""
    common: dict[str, object] = {"firm": firm, "view": view, "views": words.VIEWS, "words": words, "today": today()}
    scores = scores_of(connection, firm.id, day, 1)
    common |= {"latest": scores[0] if scores else None, "treatments": treatments_of(connection, firm.id, 10)}
    if view == "identity":
        return {**common, "licences": licences_of(connection, firm.id)}
    if view in ("goods", "trade"):
        span = Span(firm.id, day - _YEAR, day)
        rows = {by: figures(connection, span, by) for by in (("chapter",) if view == "goods" else ("country", "mode", "flow"))}
        return {**common, "span": span, "rows": rows, "transport": transport_of(connection, firm.id, LATEST_LISTS)}
    return {
        **common,
        "why": why(connection, firm.id, day),
        "history": scores_of(connection, firm.id, limit=30),
        "evidence": evidence_of(connection, firm.id, limit=100),
        "listings": listings_of(connection, firm.id),
        "looks": lookups_of(connection, firm.uscc, limit=20),
        "terms": credit_terms(connection, hub().settings.zone, day),
        **_others(connection, firm, day),
    }


def _others(connection: Connection, firm: EnterpriseView, day: date) -> dict[str, object]:
    """What others say of the enterprise beside our grade, and who stands for it."""
    source, table = recognition_table(connection, hub().settings.zone, day)
    found = [(each, ours(table, each), each.holds(day)) for each in foreign_grades(connection, firm.id)]
    return {"foreign": found, "recognition": source, "persons": persons_of(connection, hub().vault, firm.id, day)}
